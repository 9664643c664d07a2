/** The contract server on plain `node:http`. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import * as layers from '../../../src/node.ts';
import { isRead, Resource, type Answer, type ResourceState, type Writes } from '../contract.ts';

export function nodeServer(writes: Writes): Server {
  const resource = new Resource();
  const current = (): ReturnType<Resource['current']> => resource.current();
  const handler: RequestListener = (req, res) => onNode(res, resource.handle(req.method ?? '', req.headers.range));
  const [conditional, free, required] = [
    layers.conditional(current),
    layers.guard(current, { required: false, mode: 'unsafeCheckOnly' }),
    layers.guard(current, { mode: 'unsafeCheckOnly' }),
  ].map((around) => around(handler));
  const listener = layers.etag()(async (req, res) => {
    const { method = '', url } = req;
    if (url === '/__caps') return void res.end('["range","require"]');
    if (url === '/__log') return void res.end(JSON.stringify({ performed: resource.performed }));
    if (url === '/__state') {
      const chunks = (await req.toArray()) as Buffer[];
      resource.reset(JSON.parse(Buffer.concat(chunks).toString()) as ResourceState);
      return void res.writeHead(204).end();
    }
    const refusal = resource.refuses();
    if (refusal) return onNode(res, refusal);
    if (isRead(method))
      for (const [name, value] of Object.entries(resource.state.headers ?? {})) res.setHeader(name, value);
    const middleware = resource.state.requirePrecondition ? required : writes === 'guard' ? free : conditional;
    return (isRead(method) ? conditional : middleware)?.(req, res);
  });
  return createServer(listener);
}

function onNode(res: ServerResponse, { status, headers = {}, body }: Answer): void {
  res.writeHead(status, headers).end(body);
}
