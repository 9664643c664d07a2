/** The `counter` mode as a model: what can become of a write that `begin` has let in. */
import type { Rules } from './rules.ts';
import { awake, bumped, burnt, committed, record, released } from './store.ts';
import { applied, land, type Turn } from './turn.ts';
import { rested, type Client } from './world.ts';

export function handled(turn: Turn, rules: Rules): void {
  const { client } = turn;
  if (client.phase === 'committing') return commit(turn, rules);
  if (client.phase === 'away') return abandoned(turn);
  if (client.statement === 'flying') return handle(turn, rules);
  return client.statement === 'landed' ? finish(turn, rules) : fail(turn, rules);
}

/** Nobody waits for the statement any more. */
function abandoned(turn: Turn): void {
  const { client, go } = turn;
  land(turn, rested(client));
  go('’s statement comes to nothing', rested(client));
}

/** The handler has been called, and its statement may land at any time. */
function handle(turn: Turn, rules: Rules): void {
  const { world, client, go, tell } = turn;
  const { store, row, fresh } = world;
  land(turn, client);
  go('’s statement comes to nothing', { ...client, statement: 'gone', inc: 0 });
  const told = rules.timeout === 'refused' ? 'refused' : 'nothing';
  const away: Client = { ...client, phase: 'away', told };
  tell('’s server crashes, or its handler is given up; the statement lives on', rules.timeout, away);
  if (rules.abort !== 'burns at once' || !awake(store)) return;
  const changes = { store: burnt(store, client.token, fresh, row.writes) };
  tell('’s handler is given up, the version is burnt, the statement lives on', rules.timeout, away, changes);
}

/** The write is durable. */
function finish(turn: Turn, rules: Rules): void {
  const { client, tell } = turn;
  if (client.kind === 'bumps after' || client.kind === 'bumps around') return bump(turn);
  commit(turn, rules);
  tell('crashes after the write, or cannot reach the store: at best 2xx without a tag', 'applied', rested(client));
  burn(turn, rules, '’s handler throws after the write');
}

function bump({ world, client, go }: Turn): void {
  const { store, row, fresh } = world;
  if (awake(store)) go('bumps the version', rested(client), { store: bumped(store, fresh, row.writes) });
}

/** `commit`. Its answer may be lost, and then it is sent again with the same token. */
function commit(turn: Turn, rules: Rules): void {
  const { world, client, go, tell } = turn;
  const { store, row, fresh } = world;
  if (client.phase === 'committing') tell('gives up committing: 2xx without a tag', 'applied', rested(client));
  if (!awake(store)) return;
  const { lastToken, lastVersion, version, standsFor } = record(store);
  if (lastToken === client.token) {
    const says = 'is told again that its write is committed: 2xx';
    if (rules.repeated === 'the current version') return applied(turn, says, version, standsFor);
    return applied(turn, says, lastVersion, client.body);
  }
  const after = committed(store, client.token, fresh, row.writes);
  if (!after) return tell('has lost its lease', rules.lost, rested(client));
  applied(turn, 'commits: 2xx', fresh, row.writes, after);
  go('commits, and the answer is lost', { ...client, phase: 'committing' }, { store: after });
}

/** The statement is over, and nothing was written. */
function fail(turn: Turn, rules: Rules): void {
  const { world, client, go, tell } = turn;
  if (awake(world.store)) {
    const store = released(world.store, client.token);
    tell('’s handler says that nothing was written: 412', 'refused', rested(client), { store });
  }
  go('’s server crashes', rested(client));
  burn(turn, rules, '’s handler throws');
}

/** Its statement is over, whatever came of it. (To wait for the deadline is what a crash does.) */
function burn({ world, client, tell }: Turn, { abort }: Rules, does: string): void {
  const { store, row, fresh } = world;
  if (abort === 'waits for the deadline' || !awake(store)) return;
  tell(does, 'unknown', rested(client), { store: burnt(store, client.token, fresh, row.writes) });
}
