/** The clients: each reads a document, adds one, and writes it back under If-Match, again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Reply } from './ask.ts';
import type { Value } from './database.ts';
import type { Fleet } from './fleet.ts';
import type { Ledger } from './ledger.ts';
import { DOCUMENTS } from './row.ts';

export interface Clients {
  /** The next writes are given up by their clients, in the middle or just before the answer. */
  abort(writes: number): void;
  /** Lets every request end. */
  stop(): Promise<void>;
}

/** What a client has seen of a document. */
interface Seen extends Value {
  readonly document: number;
  readonly tag: string;
}

const OUTCOME_UNKNOWN = 'outcome-unknown';
const REFUSALS: ReadonlySet<number> = new Set([409, 412, 428, 503]);

export function startClients(count: number, fleet: Fleet, ledger: Ledger): Clients {
  const stopped = new AbortController();
  let aborts = 0;
  const all = Array.from({ length: count }, client);

  async function client(): Promise<void> {
    const seen = new Map<number, Seen>();
    let next: Seen | undefined;
    while (!stopped.signal.aborted) {
      const port = fleet.anyPort();
      if (port === undefined) {
        await sleep(20);
        continue;
      }
      const before = next ?? (await read(port, pickDocument(), seen));
      next = undefined;
      if (before) next = await write(port, before, seen);
      else await sleep(2 + Math.random() * 8);
    }
  }

  /** A part of the reads is conditional: a 304 says that what was seen is current. */
  async function read(port: number, document: number, seen: Map<number, Seen>): Promise<Seen | undefined> {
    const known = Math.random() < 0.3 ? seen.get(document) : undefined;
    const headers = known ? { 'If-None-Match': known.tag } : {};
    const reply = await ask(port, { method: 'GET', path: `/documents/${document}`, headers });
    if (reply?.status === 304) {
      if (!known) ledger.complain('304 to an unconditional GET');
      return known;
    }
    if (reply?.status !== 200 || reply.etag === undefined) return undefined;
    const now: Seen = { ...(JSON.parse(reply.body) as Value), document, tag: reply.etag }; // as the server writes it
    seen.set(document, now);
    return now;
  }

  /** Some writes come without a precondition, some with one that may be outdated: none of those may be let in. */
  async function write(port: number, current: Seen, seen: Map<number, Seen>): Promise<Seen | undefined> {
    const kind = Math.random();
    const before = kind < 0.01 ? pickSeen(seen, current) : current;
    const bare = kind > 0.995;
    const op = ledger.issue();
    const { document, tag, n } = before;
    const body = JSON.stringify({ op, base: before.op, n: n + 1 });
    const headers: Record<string, string> = { 'Content-Type': 'application/json', ...(!bare && { 'If-Match': tag }) };
    const abort = aborts > 0 ? pickAbort() : undefined;
    const path = `/documents/${document}`;
    const reply = await ask(port, { method: 'PUT', path, headers, body, ...(abort && { abort }) });
    settle(op, reply, abort !== undefined);
    if (bare && reply && reply.status < 300) ledger.complain(`${reply.status} to a PUT without a precondition`);
    if (reply && (reply.status === 503 || reply.status === 409)) await sleep(5 + Math.random() * 30);
    if (reply?.status !== 200 || reply.etag === undefined) return undefined;
    const now: Seen = { document, tag: reply.etag, op, n: n + 1 };
    seen.set(document, now);
    return Math.random() < 0.5 ? now : undefined;
  }

  function settle(op: number, reply: Reply | undefined, aborted: boolean): void {
    if (!reply) return ledger.settle(op, 'unknown', aborted ? 'aborted' : 'none');
    const { status } = reply;
    if (status === 200) return ledger.settle(op, 'applied', '200');
    if (REFUSALS.has(status)) return ledger.settle(op, 'refused', String(status));
    ledger.settle(
      op,
      'unknown',
      reply.body.includes(OUTCOME_UNKNOWN) ? `${status} ${OUTCOME_UNKNOWN}` : String(status),
    );
    if (status !== 500) ledger.complain(`${status} to a PUT: ${reply.body.slice(0, 200)}`);
  }

  function pickAbort(): 'amid' | 'after' {
    aborts--;
    return Math.random() < 0.5 ? 'amid' : 'after';
  }

  return {
    abort(writes) {
      aborts = writes;
    },
    async stop() {
      stopped.abort();
      await Promise.all(all);
    },
  };
}

/** A few documents get most of the writes. */
const pickDocument = (): number => Math.floor(DOCUMENTS * Math.random() ** 2);

function pickSeen(seen: ReadonlyMap<number, Seen>, otherwise: Seen): Seen {
  return seen.get(pickDocument()) ?? otherwise;
}
