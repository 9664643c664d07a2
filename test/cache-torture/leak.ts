/** Users of one application, on routes of every kind at once: does any of them see a byte that is for another, or one that is too old for anybody? */
import { KINDS, OLDEST } from './application.ts';
import { asker, each, type Reply } from './client.ts';

export interface LeakOptions {
  readonly users: number;
  readonly requests: number;
  readonly atOnce: number;
  /** Where the processes listen at this moment. */
  readonly ports: () => readonly number[];
  readonly progress?: (done: number) => void;
}

export interface LeakReport {
  readonly responses: number;
  /** Responses from the cache, whole or as a 304. */
  readonly hits: number;
  /** Answers of 500 and above where the handler does not fail. */
  readonly failures: number;
  /** Requests whose process was killed. */
  readonly cut: number;
  readonly foreign: readonly string[];
  readonly old: readonly string[];
}

const MARK = /user-(\d+)-mark/g;
const MADE = /"made":(\d+)/;
const MOST_LINES = 1000;
const ACTIVE = 20;
const PATHS = 10;

/** How a client says who he is; a route answers with it where it can see it. */
const SAYS: readonly ((user: number) => Record<string, string>)[] = [
  (user) => ({ authorization: `Bearer ${user}` }),
  (user) => ({ cookie: `sid=${user}` }),
  (user) => ({ 'x-user': String(user) }),
  () => ({}),
];

export async function leak({ users, requests, atOnce, ports, progress }: LeakOptions): Promise<LeakReport> {
  const { ask, close } = asker(atOnce);
  const foreign: string[] = [];
  const old: string[] = [];
  let [responses, hits, failures, cut, next] = [0, 0, 0, 0, 0];

  function judge(path: string, user: number, from: number, reply: Reply): void {
    if (reply.headers.age !== undefined) hits++;
    const say = (lines: string[], what: string): unknown =>
      lines.length < MOST_LINES && lines.push(`${path}, user ${user}: ${what}`);
    for (const [, whose = ''] of JSON.stringify([reply.headers, reply.body]).matchAll(MARK))
      // The cookie of somebody without a name, and the words of a failure to him, are for nobody in particular.
      if (whose !== String(user) && whose !== '0') say(foreign, whose);
    const age = from - Number(MADE.exec(reply.body)?.[1] ?? from);
    if (age > OLDEST * 1000) say(old, `${age} ms`);
    if (reply.status >= 500 && !path.startsWith('/failing')) failures++;
  }

  /** A process may be killed at any moment. */
  async function asked(path: string, headers: Record<string, string>, method?: string): Promise<Reply | undefined> {
    const open = ports();
    return ask(open[next++ % open.length] ?? 0, path, headers, method).catch(() => void cut++);
  }

  await each(requests, atOnce, async (i) => {
    // A few at a time, until all have been there: each comes back while something of his own is stored.
    const user = 1 + ((Math.floor((i * users) / requests) + Math.floor(Math.random() * ACTIVE)) % users);
    const path = `/${KINDS[i % KINDS.length]}/${Math.floor(Math.random() ** 2 * PATHS)}`;
    if (i % 97 === 0) await asked(path, {}, 'PUT');
    if (i % 389 === 0) await asked(`/purges${path}?soft=${i % 2 === 0}`, {}, 'POST');
    const conditions: Record<string, string> = i % 5 === 0 ? { 'if-none-match': '*' } : {};
    const headers = { ...SAYS[Math.floor(i / KINDS.length) % SAYS.length]?.(user), ...conditions };
    let reply: Reply | undefined;
    const from = Date.now();
    while (!reply) reply = await asked(path, headers);
    judge(path, user, from, reply);
    if (++responses % 10_000 === 0) progress?.(responses);
  });
  close();
  return { responses, hits, failures, cut, foreign, old };
}
