/** Asks an application by `inject()`, and prints what it gets. */
import { Readable } from 'node:stream';
import fastify, { type InjectOptions } from 'fastify';
import { conditional, etag, guard, guarded } from '../../src/fastify.ts';
import { version } from '../../src/index.ts';

const app = fastify();
await app.register(etag());
app.get('/known', { config: { unstale: [conditional(() => version(7))] } }, () => 'content');
app.get('/stream', (_request, reply) => reply.send(Readable.from(['str', 'eam'])));
app.put('/known', { config: { unstale: [guard(() => version(7))] } }, (request) => {
  guarded(request).applied();
  return 'written';
});

const answers: unknown[] = [];
const ask = async (
  method: 'GET' | 'HEAD' | 'PUT',
  url: string,
  headers: Record<string, string> = {},
): Promise<void> => {
  const request: InjectOptions = { method, url, headers };
  const { statusCode, headers: fields, payload } = await app.inject(request);
  answers.push([method, statusCode, fields['etag'] ?? null, payload]);
};
await ask('GET', '/known');
await ask('GET', '/known', { 'If-None-Match': '"7"' });
await ask('HEAD', '/known', { 'If-None-Match': '"7"' });
await ask('HEAD', '/known');
await ask('PUT', '/known');
await ask('PUT', '/known', { 'If-Match': '"6"' });
await ask('PUT', '/known', { 'If-Match': '"7"' });
await ask('GET', '/stream');
await ask('GET', '/stream', { 'If-None-Match': '*' });
process.stdout.write(JSON.stringify(answers));
