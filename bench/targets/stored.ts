/** Stored responses: in front of Express and in it, beside a constant answer of either and beside apicache. */
import { createServer, type RequestListener, type Server } from 'node:http';
import apicache from 'apicache';
import express, { type RequestHandler } from 'express';
import { memoryResponses } from '../../src/index.ts';
import { cache } from '../../src/express.ts';
import { front } from '../../src/node.ts';
import { documentOf, type Size } from '../bodies.ts';
import { read, ROUTE, type Target } from '../target.ts';

const TYPE = 'application/json; charset=utf-8';
const POLICY = 'public, max-age=3600';

function bytesOf(size: Size): Buffer {
  return Buffer.from(JSON.stringify(documentOf(size)));
}

function constant(size: Size): Server {
  const body = bytesOf(size);
  const head = ['Content-Type', TYPE, 'Content-Length', String(body.length), 'Cache-Control', POLICY];
  const listener: RequestListener = (_req, res) => void res.writeHead(200, head).end(body);
  return createServer(listener);
}

/** An application whose handler makes its JSON anew, behind these middlewares. */
function json(size: Size, ...middlewares: readonly RequestHandler[]): ReturnType<typeof express> {
  const document = documentOf(size);
  return express()
    .set('etag', false)
    .get(ROUTE, ...middlewares, (_req, res) => void res.set('Cache-Control', POLICY).json(document));
}

function constantInExpress(size: Size): Server {
  const body = bytesOf(size);
  const handler: RequestHandler = (_req, res) =>
    void res.set({ 'Content-Type': TYPE, 'Cache-Control': POLICY }).send(body);
  return createServer(express().set('etag', false).get(ROUTE, handler));
}

function stored(size: Size): { readonly store: ReturnType<typeof memoryResponses> } {
  return { store: memoryResponses({ maxBytes: size === '1KB' ? '1mb' : '16mb' }) };
}

function inFront(size: Size): Server {
  const options = stored(size);
  return createServer(front(json(size, cache(options)), { [ROUTE]: { cache: options } }));
}

const ours = { ours: true } as const;

const SIZES: readonly Size[] = ['1KB', '100KB'];

export const inNode: readonly Target[] = SIZES.flatMap((size) => [
  read('node/constant-200', 'constant 200', { size, serve: () => constant(size) }),
  read('node/front-hit', '`front`: a stored response before Express is entered', {
    ...ours,
    size,
    serve: () => inFront(size),
  }),
]);

export const inExpress: readonly Target[] = [
  ...SIZES.flatMap((size) => [
    read('express/constant-200', 'constant 200, no ETag', { size, serve: () => constantInExpress(size) }),
    read('express/cache-hit', '`cache`: a stored response', {
      ...ours,
      size,
      serve: () => createServer(json(size, cache(stored(size)))),
    }),
  ]),
  read('express/apicache-hit', 'apicache: a stored response', {
    size: '1KB',
    serve: () => createServer(json('1KB', apicache.newInstance().middleware('1 hour'))),
  }),
];
