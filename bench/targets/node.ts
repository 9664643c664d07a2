/** The limit: what `node:http` takes for an answer that never changes. Targets in front of a framework stand here, too. */
import { createServer } from 'node:http';
import { revalidation, TAG, type Target } from '../target.ts';

export const targets: readonly Target[] = [
  revalidation('node/constant-304', 'constant 304', {
    precondition: 'given',
    fields: { 'If-None-Match': TAG },
    serve: () => createServer((_req, res) => void res.writeHead(304, ['ETag', TAG]).end()),
  }),
];
