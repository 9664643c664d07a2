/** The JSON content of a request, for frameworks that bring no parser. */
import type { IncomingMessage } from 'node:http';
import { badRequest, httpError } from './problem.ts';

const LIMIT = 16 * 1024;

/** The parsed content; `undefined` when there is none, or it is no JSON by its type. What is beyond the limit is left unread. */
export async function readJson(req: IncomingMessage): Promise<unknown> {
  const [type, ...parameters] = (req.headers['content-type'] ?? '').toLowerCase().split(';');
  if (type?.trim() !== 'application/json') return undefined;
  const isUtf8 = parameters.every((parameter) => parameter.trim() === 'charset=utf-8');
  if (!isUtf8 || req.headers['content-encoding'] !== undefined)
    throw httpError(415, 'Send JSON in UTF-8, uncompressed');
  const content = await read(req).catch(() => {
    throw badRequest('The content ended early');
  });
  if (!content) throw httpError(413, `The content is larger than ${LIMIT} bytes`);
  if (content.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw badRequest('The content is not JSON in UTF-8');
  }
}

/** `undefined` when there is more than the limit. */
async function read(req: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer); // no encoding is set on the stream
    size += (chunk as Buffer).length;
    if (size > LIMIT) return undefined;
  }
  return Buffer.concat(chunks);
}
