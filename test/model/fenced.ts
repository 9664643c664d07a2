/** The `fenced` mode as a model: the statement that writes compares the version. No store, no lease: a pause may be as long as it likes. (And check-only: the same without it.) */
import type { Model } from './checker.ts';
import { show } from './show.ts';
import { stateCode } from './state-code.ts';
import { applied, land, tagged, turns, writing, type Turn } from './turn.ts';
import { emptied, initial, rested, type Client, type Event, type World } from './world.ts';

export interface FencedRules {
  readonly clients: number;
  readonly rounds: number;
  /** One SELECT for both, or two; and whether any of them may read a replica of the database that lags behind. */
  readonly reads: 'one row' | 'version first' | 'body first';
  readonly lagging: 'never' | 'the body' | 'the row';
  readonly compares: 'in the write' | 'before the write';
  /** Whether the handler looks at how many rows its statement has changed. */
  readonly countsRows: boolean;
}

export const FENCED: FencedRules = {
  clients: 3,
  rounds: 3,
  reads: 'one row',
  lagging: 'never',
  compares: 'in the write',
  countsRows: true,
};

export function fenced(rules: FencedRules): Model<World, Event> {
  const world = initial({ ...rules, flushes: 0, failovers: 0 });
  return {
    initial: { ...world, store: emptied(0), lagging: rules.lagging === 'never' ? null : world.row },
    steps: (from) => {
      const steps = turns(from, (turn) => act(turn, rules));
      const { row, lagging } = from;
      if (lagging && lagging.writes < row.writes) {
        steps.push({ who: 'The database’s replica', does: 'catches up', to: { ...from, lagging: row }, event: null });
      }
      return steps;
    },
    code: stateCode,
    show,
  };
}

function act(turn: Turn, rules: FencedRules): void {
  const { client, go } = turn;
  switch (client.phase) {
    case 'resting':
      return client.rounds > 0 ? read(turn, rules) : undefined;
    case 'half read':
      return finishReading(turn, rules);
    case 'holding':
      return admit(turn, rules);
    case 'writing':
      if (client.statement === 'flying') return handle(turn, rules);
      return client.statement === 'landed' ? finish(turn) : fail(turn, rules);
    case 'away':
      update(turn, rules, rested(client), rested(client));
      return go('’s statement comes to nothing', rested(client));
    case 'asking':
    case 'committing':
      return undefined;
  }
}

function read(turn: Turn, { reads, lagging }: FencedRules): void {
  const { world, client, go } = turn;
  const { row } = world;
  if (reads === 'version first')
    return go('reads the version', { ...client, phase: 'half read', tag: row.version, standsFor: row.writes });
  if (reads === 'body first') return go('reads the body', { ...client, phase: 'half read', body: row.writes });
  tagged(turn, 'reads the row', { ...client, tag: row.version, standsFor: row.writes, body: row.writes });
  const old = world.lagging;
  if (lagging === 'the row' && old && old !== row) {
    tagged(turn, 'reads the row from a replica', {
      ...client,
      tag: old.version,
      standsFor: old.writes,
      body: old.writes,
      replaced: true,
    });
  }
}

function finishReading(turn: Turn, { reads, lagging }: FencedRules): void {
  const { world, client } = turn;
  const { row } = world;
  if (reads === 'body first')
    return tagged(turn, 'reads the version', { ...client, tag: row.version, standsFor: row.writes });
  tagged(turn, 'reads the body', { ...client, body: row.writes });
  const old = world.lagging;
  if (lagging === 'the body' && old) tagged(turn, 'reads the body from a replica', { ...client, body: old.writes });
}

/** The comparison before the handler saves work. It may be late, or against a replica: safety does not rest on it. */
function admit({ world, client, go, tell }: Turn, { compares }: FencedRules): void {
  const { row } = world;
  const fits = client.tag === row.version;
  const admitted = { ...writing(client, 0, 0), tag: client.tag, replaced: client.replaced };
  if (compares === 'in the write') go('is let through', admitted);
  else if (fits) go('is let through', admitted, { event: { kind: 'admitted', client, writes: row.writes } });
  if (!fits) tell('is refused, for its tag is stale: 412', 'refused', rested(client));
}

/** UPDATE … WHERE version = expected: it changes one row, or none. */
function update(turn: Turn, { compares }: FencedRules, changed: Client, unchanged: Client): void {
  const { world, client, go } = turn;
  if (client.tag === world.row.version || compares === 'before the write') land(turn, changed);
  else go('’s statement changes no row', unchanged);
}

function handle(turn: Turn, rules: FencedRules): void {
  const { world, client, tell } = turn;
  const written: Client = { ...client, tag: world.fresh, replaced: false };
  update(turn, rules, written, { ...client, statement: 'gone' });
  tell('’s statement fails', 'unknown', rested(client));
  tell('’s server crashes, or its handler is given up; the statement lives on', 'unknown', {
    ...client,
    phase: 'away',
  });
}

/** The row is written; `RETURNING version`, or the version that the statement has set, is the new tag. */
function finish(turn: Turn): void {
  const { client, tell } = turn;
  applied(turn, 'is answered 2xx', client.tag, client.body);
  tell('crashes after the write, or its database’s answer is lost', 'unknown', rested(client));
}

function fail({ client, tell }: Turn, { countsRows }: FencedRules): void {
  if (countsRows) tell('’s handler says that no row was changed: 412', 'refused', rested(client));
  else tell('’s handler does not look how many rows were changed: 2xx', 'applied', rested(client));
}
