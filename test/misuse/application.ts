/** An application with every misuse that a request can show; it asks itself twice for each path and ends. */
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { memoryResponses, stamp, version } from '../../src/index.ts';
import { cache, cacheControl, conditional, etag, guard } from '../../src/express.ts';

const current = (): ReturnType<typeof version<number>> => version(7);
const app = express();
app.patch('/unfenced', guard(current), (_req, res) => void res.send('written'));
app.patch(
  '/weak',
  guard(() => stamp(1, 0)),
  (_req, res) => void res.send('never'),
);
app.get('/two-tags', conditional(current), (_req, res) => void res.set('ETag', '"other"').send('content'));
app.get(
  '/encoded',
  etag({ algorithm: 'sha256' }),
  (_req, res) => void res.set('Content-Encoding', 'gzip').send(gzipSync('content')),
);
app.get(
  '/policy',
  cacheControl(() => ({ public: true, private: true })),
  (_req, res) => void res.send('content'),
);

app.get(
  '/unkeyed',
  cache({ store: memoryResponses({ maxBytes: 1000 }) }),
  (req, res) => void res.send(`${req.get('User-Agent')} ${req.get('Accept-Language')}`),
);

const server = app.listen(0, '127.0.0.1', async () => {
  const { port } = server.address() as AddressInfo;
  for (const path of ['/two-tags', '/encoded', '/policy', '/unkeyed', '/two-tags', '/encoded', '/policy', '/unkeyed']) {
    await (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'User-Agent': 'test' } })).text();
  }
  for (let i = 0; i < 2; i++) {
    for (const path of ['/unfenced', '/weak']) {
      const request = { method: 'PATCH', headers: { 'If-Match': '"7"' } };
      await (await fetch(`http://127.0.0.1:${port}${path}`, request)).text();
    }
  }
  server.close();
  server.closeAllConnections();
});
