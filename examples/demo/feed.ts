/** The exchanges of this process as they happen, for the strip of the page: server-sent events out of `unstale:exchange`. */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
// In your own project: from 'unstale'.
import type { Events } from '../../src/index.ts';

type Observed = Events['exchange'];

/** A line of the strip. */
export interface Row extends Pick<Observed, 'method' | 'target' | 'status' | 'answeredBy' | 'bytes' | 'bytesSaved'> {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Who sent it: an editor of the page, or a program by its name. */
  readonly by: string;
  /** The precondition as it came. */
  readonly condition: readonly [field: string, value: string] | null;
}

export interface Feed {
  /** Sends what has happened lately, and then what happens. */
  (req: IncomingMessage, res: ServerResponse): void;
}

const KEPT = 40;
const CONDITIONS = ['If-Match', 'If-None-Match', 'If-Unmodified-Since', 'If-Modified-Since'];

/** `shown` says which exchanges are of interest. */
export function feedOf(shown: (target: string) => boolean): Feed {
  const rows: Row[] = [];
  const readers = new Set<ServerResponse>();
  const sizes = knownSizes();
  const start = Date.now().toString(36); // in the ids of events: those of a server that ran before mean nothing here
  let id = 0;
  const eventOf = (row: Row): string => `id: ${start}/${row.id}\ndata: ${JSON.stringify(row)}\n\n`;

  subscribe('unstale:exchange', (message) => {
    const observed = message as Observed; // this channel's
    if (shown(observed.target)) tell(observed);
  });

  function tell({ native, method, target, status, answeredBy, bytes, bytesSaved }: Observed): void {
    const condition = conditionOf(native);
    const spared = bytesSaved ?? (status === 304 ? sizes.of(target, condition?.[1]) : undefined);
    const seen = { method, target, status, answeredBy, bytes, bytesSaved: spared };
    const row: Row = { id: ++id, at: Date.now(), by: senderOf(native), condition, ...seen };
    rows.push(row);
    if (rows.length > KEPT) rows.shift();
    for (const reader of readers) reader.write(eventOf(row));
    if (method === 'GET' && status === 200) sizes.learn(native, target, bytes);
  }

  return (req, res) => {
    const [of, seen] = String(req.headers['last-event-id'] ?? '').split('/'); // of a browser that lost its connection
    const missed = rows.filter((row) => of !== start || row.id > Number(seen));
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    res.write(missed.map(eventOf).join('') || ':\n\n');
    readers.add(res);
    res.once('close', () => readers.delete(res));
  };
}

/** In front of the framework, `native` has Node's request as `req`; Express's is one itself. */
function requestOf(native: object): IncomingMessage {
  return ('req' in native ? native.req : native) as IncomingMessage; // as the comment above says
}

interface Sizes {
  of(target: string, tag: string | undefined): number | undefined;
  learn(native: object, target: string, bytes: number | undefined): void;
}

/** What a 304 before the handler has saved, nobody has made: known is the size of the 200 that had the same tag. */
function knownSizes(): Sizes {
  const sizes = new Map<string, number>();
  return {
    of: (target, tag) => sizes.get(`${target} ${tag}`),
    learn(native, target, bytes) {
      const { res } = native as { readonly res?: ServerResponse }; // Express's request has its response
      if (bytes === undefined || !res) return;
      if (sizes.size > 1000) sizes.clear();
      res.once('finish', () => sizes.set(`${target} ${String(res.getHeader('ETag'))}`, bytes));
    },
  };
}

function senderOf(native: object): string {
  const { 'x-editor': editor, 'user-agent': agent = '' } = requestOf(native).headers;
  return String(editor ?? /^[a-z]+/i.exec(agent)?.[0] ?? '').slice(0, 20);
}

/** Out of the lines as they came: a layer may have taken the field out of the application's sight. */
function conditionOf(native: object): Row['condition'] {
  const { rawHeaders } = requestOf(native);
  for (const field of CONDITIONS) {
    const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === field.toLowerCase());
    if (at !== -1) return [field, (rawHeaders[at + 1] ?? '').slice(0, 200)];
  }
  return null;
}
