/** The code of a state: values are renamed in order of appearance, and clients sorted, for what can happen depends on no more than who equals whom. */
import { awake, record } from './store.ts';
import { emptied, VALUES, type Client, type Store, type Value, type Version, type World } from './world.ts';

const PHASES = { resting: 0, 'half read': 1, holding: 2, asking: 3, writing: 4, committing: 5, away: 6 };
const STATEMENTS = { none: 0, flying: 1, landed: 2, gone: 3 };
const TOLD = { nothing: 0, applied: 1, refused: 2, unknown: 3 };
const KINDS = { client: 0, announces: 1, 'bumps after': 2, 'bumps around': 3 };

// Scratch, for this runs millions of times.
const bytes = Buffer.alloc(256);
let length = 0;
const weights = [0, 0, 0, 0];
const order = [0, 0, 0, 0];
const NOTHING = emptied(0);
/** By value: its name, plus the sum of all names given before this state. */
const names = new Float64Array(VALUES);
let given = 0;
let before = 0;

export function stateCode(world: World): string {
  const { row, lagging, store, replica, former, clients, near, left } = world;
  length = 0;
  before = given;
  sort(clients, store);
  byte(left.flushes * 8 + left.failovers);
  byte((replica ? 1 : 0) + (former ? 2 : 0) + (near ? 4 : 0));
  byte(row.writes);
  if (store.run === 0) version(row.version);
  if (lagging) byte(lagging.writes);
  if (lagging) version(lagging.version);
  if (near) version(near.version);
  if (near) byte(near.standsFor);
  look(store);
  if (replica) look(replica);
  if (former) look(former);
  for (let place = 0; place < clients.length; place += 1) add(clients[order[place] ?? 0]);
  return bytes.toString('latin1', 0, length);
}

function byte(it: number): void {
  if (it < 0 || it > 255) throw new RangeError('the scope is too large for the code');
  bytes[length] = it;
  length += 1;
}

function value(it: Value): void {
  if (it === 0) return byte(0);
  if ((names[it] ?? 0) <= before) names[it] = given += 1;
  byte((names[it] ?? 0) - before);
}

/** Both parts of a derived version, so that what will be derived from them later has one name too. */
function version(it: Version): void {
  value((it / VALUES) | 0);
  value(it % VALUES);
}

/** What a script can see of it. Nothing is left of a store that has to begin a new incarnation. */
function look(store: Store): void {
  const known = awake(store);
  byte((known ? 1 : 0) + (store.quarantine ? 2 : 0));
  if (!known) return;
  const seen = record(store);
  value(store.inc);
  version(seen.version);
  byte(seen.standsFor);
  value(seen.pending);
  value(seen.pending === 0 ? 0 : store.seed);
  value(seen.lastToken);
  version(seen.lastVersion);
}

function add(client: Client | undefined): void {
  if (!client) return;
  const standing = rank(client);
  byte(standing >> 4);
  byte(standing & 15);
  if (client.phase === 'resting') return;
  byte(client.body * 16 + client.standsFor);
  byte((client.replaced ? 1 : 0) + TOLD[client.told] * 2);
  version(client.tag);
  value(client.token);
  value(client.inc);
}

const rank = ({ kind, phase, statement, rounds }: Client): number =>
  ((PHASES[phase] * 4 + STATEMENTS[statement]) * 4 + KINDS[kind]) * 4 + rounds;

/** By what can be told without names. (Clients that are alike in this may stay in two orders: that costs states, and no more.) */
function sort(clients: readonly Client[], store: Store): void {
  const { version: current, pending, lastToken } = record(awake(store) ? store : NOTHING);
  for (let index = 0; index < clients.length; index += 1) {
    const client = clients[index];
    if (!client) continue;
    const { tag, token } = client;
    const equal = (tag === current ? 4 : 0) + (token === pending ? 2 : 0) + (token === lastToken ? 1 : 0);
    const weight = (rank(client) * 16 + client.body) * 8 + equal;
    let place = index;
    for (; place > 0 && (weights[place - 1] ?? 0) > weight; place -= 1) {
      weights[place] = weights[place - 1] ?? 0;
      order[place] = order[place - 1] ?? 0;
    }
    weights[place] = weight;
    order[place] = index;
  }
}
