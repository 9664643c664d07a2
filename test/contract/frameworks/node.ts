/** Plain listeners of Node for the rows of the contract. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import * as kit from '../../../src/node.ts';
import { statusOf, type Framework, type Io } from '../framework.ts';

type Around = ReturnType<typeof kit.use>;

export const node: Framework = {
  name: 'node:http',
  kit,
  before(act) {
    const middleware = (listener: RequestListener) => async (req: IncomingMessage, res: ServerResponse) => {
      await act(nodeIo(req, res));
      await (listener(req, res) as unknown); // one with our layers gives a promise
    };
    return middleware;
  },
  logger(log) {
    const middleware = (listener: RequestListener) => (req: IncomingMessage, res: ServerResponse) => {
      res.once('finish', () => log(nodeIo(req, res)));
      return listener(req, res);
    };
    return middleware;
  },
  serve(middlewares, handler) {
    const innermost = (req: IncomingMessage, res: ServerResponse): unknown => handler(nodeIo(req, res));
    const listener = (middlewares as Around[]).reduceRight<RequestListener>(
      (inner, around) => around(inner),
      innermost,
    );
    return createServer((req, res) => {
      Promise.resolve(listener(req, res)).catch((error: unknown) => {
        if (res.headersSent) return res.destroy();
        const { headers } = Object(error) as { headers?: Record<string, string> };
        return res.writeHead(statusOf(error), { ...headers, 'Content-Type': 'text/plain' }).end('failed');
      });
    });
  },
};

function nodeIo(req: IncomingMessage, res: ServerResponse): Io {
  return {
    method: req.method ?? '',
    path: (req.url ?? '').split('?', 1).join(),
    native: Object.assign(req, { res }), // as in Express
    header: (name) => req.headers[name.toLowerCase()]?.toString(),
    set: (field, value) => void res.setHeader(field, value),
    status(code) {
      res.statusCode = code;
    },
    send(body) {
      if (body === null) return void res.end();
      const json = typeof body === 'object' && !Buffer.isBuffer(body);
      const type = json
        ? 'application/json'
        : Buffer.isBuffer(body)
          ? 'application/octet-stream'
          : 'text/html; charset=utf-8';
      if (!res.hasHeader('Content-Type')) res.setHeader('Content-Type', type);
      return void res.end(json ? JSON.stringify(body) : body);
    },
    stream: (body) => void body.pipe(res),
  };
}
