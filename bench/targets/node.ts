/** The limit: what `node:http` takes for an answer that never changes. Targets in front of a framework stand here, too. */
import { createServer, type RequestListener } from 'node:http';
import express from 'express';
import { version } from '../../src/index.ts';
import { front } from '../../src/node.ts';
import { revalidation, ROUTE, TAG, VERSION, type Target } from '../target.ts';
import { inNode } from './stored.ts';

const constant: RequestListener = (_req, res) => void res.writeHead(304, ['ETag', TAG]).end();
const asked = { precondition: 'given', fields: { 'If-None-Match': TAG } } as const;
const current = async () => version(VERSION);

export const targets: readonly Target[] = [
  revalidation('node/constant-304', 'constant 304', {
    ...asked,
    serve: () => createServer(constant),
  }),
  revalidation('node/front-304', '`front`: 304 before Express is entered', {
    ...asked,
    ours: true,
    serve: () => createServer(front(express(), { [ROUTE]: { current } })),
  }),
  revalidation('node/front-miss', '`front`, no route of its own, constant 304 inside', {
    ...asked,
    ours: true,
    serve: () => createServer(front(constant, { '/others/:id': { current } })),
  }),
  ...inNode,
];
