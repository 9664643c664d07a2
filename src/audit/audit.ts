/** The audit of one URL: as a read, as an error, or by writes. */
import { field, isSuccess, describeRequest, type Answer } from '../testing/answer.ts';
import type { Client } from '../testing/client.ts';
import { targetAt } from '../testing/target.ts';
import { auditedAt, connect, type Connection } from './audited.ts';
import type { Finding } from './finding.ts';
import { follow, type Place } from './follow.ts';
import { ERROR_GROUPS, READ_GROUPS, WRITE_GROUPS, type Group } from './groups.ts';
import { judgeRead, judgeWrite } from './judge.ts';
import { runGroups, type Progress, type Selection } from './run-groups.ts';

export interface Settings extends Omit<Connection, 'base' | 'counts'> {
  /** Redirects are followed, to whatever address they name. */
  readonly follow: boolean;
  /** Certificates that nobody has signed are accepted. */
  readonly insecure: boolean;
  readonly selection: Selection;
  readonly progress: Progress;
}

/** Writes that the user has allowed. */
export interface Writes {
  readonly method: string;
  readonly url: URL;
  /** Whose GET gives the tag. */
  readonly read: URL;
  readonly rounds: number;
  /** The content of the write of this number. */
  content(this: void, attempt: number): { readonly bytes: Buffer; readonly type: string } | undefined;
}

export interface Audit {
  readonly kind: 'read' | 'error' | 'write';
  readonly method: string;
  /** As it was named. */
  readonly url: string;
  /** Where redirects have led to. */
  readonly redirects: readonly string[];
  /** Why nothing could be asked; there are no findings then. */
  readonly unreached: string | undefined;
  /** The answer to the first GET, as far as it is told. */
  readonly answer: Summary | undefined;
  readonly findings: readonly Finding[];
  readonly requests: number;
  /** Writes that were answered 2xx. */
  readonly changes: readonly string[];
}

export interface Summary {
  readonly status: number;
  readonly bytes: number;
  readonly fields: Readonly<Record<string, string>>;
}

const TOLD = ['Content-Type', 'ETag', 'Last-Modified', 'Cache-Control', 'Vary'];

export function auditRead(url: URL, settings: Settings): Promise<Audit> {
  return auditGet('read', url, settings);
}

/** What is not there, or not allowed: its answer is checked as an error. */
export function auditError(url: URL, settings: Settings): Promise<Audit> {
  return auditGet('error', url, settings);
}

async function auditGet(kind: 'read' | 'error', url: URL, settings: Settings): Promise<Audit> {
  let requests = 0;
  const at = (place: URL): Place => placeOf(place, settings, () => void requests++);
  const { place, redirects } = await follow(at(url), settings.follow, at);
  const { connection, path } = place;
  const { selection, progress } = settings;
  const found = await withClient(connection, async (client) => {
    const resource = { ...auditedAt(client, connection, path), status: undefined };
    const answer = await resource.plain();
    const unreached = whyUnreached(answer);
    if (unreached !== undefined) return { answer: undefined, unreached, findings: [] };
    const groups: readonly Group<typeof resource>[] = kind === 'error' ? ERROR_GROUPS : groupsFor(answer);
    const findings = await runGroups(`GET ${path}`, groups, resource, selection, judgeRead, progress);
    return { answer: summaryOf(answer), unreached, findings };
  });
  return { kind, method: 'GET', url: url.href, redirects, ...found, requests, changes: [] };
}

/** An answer that takes too long is a finding; where nobody answers at all, there is nothing to look at. */
function whyUnreached({ failure, lines }: Answer): string | undefined {
  return failure !== undefined && lines.length === 0 && !failure.startsWith('not complete') ? failure : undefined;
}

/** An error is one whatever was expected: that is told, and it is looked at as what it is. */
function groupsFor({ status }: Answer): readonly Group<ReturnType<typeof auditedAt> & { status: undefined }>[] {
  if (status < 400) return READ_GROUPS;
  const [first] = READ_GROUPS;
  const answered = first ? [{ ...first, checks: first.checks.filter(({ id }) => id === 'answered') }] : [];
  return [...answered, ...ERROR_GROUPS];
}

export async function auditWrite(writes: Writes, settings: Settings): Promise<Audit> {
  const { method, url, rounds, content } = writes;
  let requests = 0;
  const { connection, path } = placeOf(url, settings, () => void requests++);
  const read = pathOf(writes.read);
  const { selection, progress } = settings;
  const found = await withClient(connection, async (client) => {
    const before = await client.ask({ method: 'GET', path: read });
    const unreached = whyUnreached(before);
    if (unreached !== undefined) return { answer: undefined, unreached, findings: [], changes: [] };
    const target = targetAt(client, {
      method,
      path,
      read,
      required: true,
      rounds,
      content: (attempt) => Promise.resolve(content(attempt)),
      prepare: () => Promise.resolve(),
    });
    const findings = await runGroups(`${method} ${path}`, WRITE_GROUPS, target, selection, judgeWrite, progress);
    const changes = target.answers.filter(isSuccess).map((answer) => describeRequest({ ...answer, asked: {} }));
    return { answer: summaryOf(before), unreached, findings, changes };
  });
  return { kind: 'write', method, url: url.href, redirects: [], ...found, requests };
}

async function withClient<T>(connection: Connection, use: (client: Client) => Promise<T>): Promise<T> {
  const client = connect(connection);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

function placeOf(url: URL, { headers, timeout, maxSize, insecure }: Settings, counts: () => void): Place {
  const { protocol, hostname } = url;
  const port = Number(url.port) || (protocol === 'https:' ? 443 : 80);
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  const base = { protocol, host, port, prefix: '', own: insecure };
  return { connection: { base, headers, timeout, maxSize, counts }, path: pathOf(url), url };
}

const pathOf = ({ pathname, search }: URL): string => pathname + search;

function summaryOf(answer: Answer): Summary {
  const told = TOLD.map((name) => [name, field(answer, name)] as const).filter(([, value]) => value !== undefined);
  return {
    status: answer.begun ?? answer.status,
    bytes: answer.content.length,
    fields: Object.fromEntries(told) as Summary['fields'],
  };
}
