/** The `counter` mode as a model: what a client, and the server that it talks to, can do next. What can happen to them is in `faults.ts`. */
import type { Model } from './checker.ts';
import { faults } from './faults.ts';
import type { Rules } from './rules.ts';
import { show } from './show.ts';
import { stateCode } from './state-code.ts';
import { handled } from './counter-handler.ts';
import { admission, awake, begun, bumped, record, released, versionNow } from './store.ts';
import { tagged, turns, writing, type Turn } from './turn.ts';
import { initial, rested, type Client, type Event, type Near, type Store, type World } from './world.ts';

export const counter = (rules: Rules): Model<World, Event> => ({
  initial: initial(rules),
  steps: (world) => turns(world, (turn) => act(turn, rules), faults(world, rules)),
  code: stateCode,
  show,
});

function act(turn: Turn, rules: Rules): void {
  const { world, client } = turn;
  switch (client.phase) {
    case 'resting':
      return client.rounds > 0 ? start(turn, rules) : undefined;
    case 'half read':
      return finishReading(turn, rules);
    case 'holding':
      return ask(turn, world.fresh, rules);
    case 'asking':
      giveUp(turn);
      return ask(turn, client.token, rules);
    case 'writing':
    case 'committing':
    case 'away':
      return handled(turn, rules);
  }
}

/** A GET, version first. (Or the write of a job, which reads what it needs in its own statement.) */
function start(turn: Turn, rules: Rules): void {
  const { world, client, go } = turn;
  const { row, store, fresh } = world;
  if (client.kind === 'announces') return ask(turn, fresh, rules);
  if (client.kind === 'bumps after') return go('sends its statement', writing(client, 0, 0));
  if (client.kind === 'bumps around') {
    if (!awake(store)) return;
    const after = bumped(store, fresh, row.writes);
    return go('bumps the version before its write', writing(client, 0, 0), { store: after });
  }
  if (rules.reads === 'body first') {
    return go('reads the body', { ...client, phase: 'half read', body: row.writes });
  }
  const read = readVersion(world, client);
  const near = read && rules.nearCache ? { version: read.tag, standsFor: read.standsFor } : null;
  if (read) go('reads the version', { ...read, phase: 'half read' }, { near });
  if (world.near) go('is given a version that was read before', remembered(world, client, world.near));
}

function remembered({ row, store }: World, client: Client, { version, standsFor }: Near): Client {
  return { ...client, phase: 'half read', tag: version, standsFor, replaced: version !== versionNow(row, store) };
}

function finishReading(turn: Turn, rules: Rules): void {
  const { world, client } = turn;
  const { writes } = world.row;
  if (rules.reads === 'body first') {
    const versioned = readVersion(world, client);
    if (versioned) tagged(turn, 'reads the version', versioned);
    return;
  }
  tagged(turn, 'reads the body', { ...client, body: writes });
  if (rules.laggingBody && writes > 0) tagged(turn, 'reads the body from a replica', { ...client, body: writes - 1 });
}

/** `read`. It writes nothing but the bucket, and `wake` has done that. While a write may be landing there is no tag, and the client reads again. */
function readVersion({ store }: World, client: Client): Client | undefined {
  const { pending, version, standsFor } = record(store);
  if (!awake(store) || store.quarantine || pending !== 0) return undefined;
  return { ...client, tag: version, standsFor, replaced: false };
}

/** `begin`. Its answer may be lost, and then it is sent again with the same token. */
function ask(turn: Turn, token: number, rules: Rules): void {
  const { world, client, go, tell } = turn;
  const { store, former, fresh } = world;
  if (former && rules.twoPrimaries) askFormer(turn, former);
  if (!awake(store)) return;
  switch (admission(store, client, token)) {
    case 'begun': {
      const after = begun(store, token, rules.burntFrom === 'token' ? token : fresh);
      const event: Event = { kind: 'admitted', client, writes: world.row.writes };
      go('begins', admitted(client, token, store.inc), { event, store: after });
      if (client.phase !== 'asking') go('begins, and the answer is lost', asking(client, token), { store: after });
      return;
    }
    case 'quarantine':
      return tell('is refused by the quarantine: 503', 'refused', refused(client));
    case 'busy':
      return tell('is refused, for another write is in flight: 409', 'refused', refused(client));
    case 'mismatch':
      return tell('is refused, for its tag is stale: 412', 'refused', rested(client));
  }
}

/** The store does not answer in time. What `begin` may have left is aborted, or the deadline burns it. */
function giveUp({ world, client, tell }: Turn): void {
  tell('gives up asking: 503', 'refused', rested(client));
  if (!awake(world.store)) return;
  const store = released(world.store, client.token);
  tell('gives up asking, and aborts: 503', 'refused', rested(client), { store });
}

/** The old primary has not heard of the new one. A lease that it gives may end after the quarantine that the new one has begun. */
function askFormer({ world, client, go }: Turn, former: Store): void {
  const { store, row, fresh } = world;
  if (!awake(former) || client.phase !== 'holding' || admission(former, client, fresh) !== 'begun') return;
  const to = writing(client, fresh, awake(store) ? store.inc : former.inc);
  const event: Event = { kind: 'admitted', client, writes: row.writes };
  go('begins at the old primary', to, { event, former: begun(former, fresh, fresh) });
}

const asking = (client: Client, token: number): Client => ({
  ...client,
  phase: 'asking',
  rounds: client.rounds - 1,
  token,
});

/** The round was counted when the client asked first. */
const admitted = (client: Client, token: number, inc: number): Client =>
  writing(client.phase === 'asking' ? { ...client, rounds: client.rounds + 1 } : client, token, inc);

/** 409 and 503 leave the client what it has. */
const refused = (client: Client): Client => (client.phase === 'asking' ? rested(client) : client);
