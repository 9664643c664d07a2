/** A state in words, for a trace: v7 is a random version, h2 one derived from incarnation 2, h2.9 one derived from the burnt write 9 too. */
import { awake, record, versionNow } from './store.ts';
import { VALUES, type Client, type Version, type World } from './world.ts';

export function show(world: World): string {
  const { row, store, clients } = world;
  const version = name(versionNow(row, store));
  const pending = store.run !== 0 && awake(store) && record(store).pending !== 0 ? ', a write is pending' : '';
  const quarantine = store.quarantine ? ', quarantine' : '';
  const state = store.run !== 0 && !awake(store) ? 'not known yet' : `${version}${pending}${quarantine}`;
  const held = clients.filter(({ phase }) => phase !== 'resting').map(holds);
  return [`value ${row.writes}`, `version ${state}`, ...held].join('; ');
}

function holds({ name: who, kind, phase, tag, body, statement }: Client): string {
  if (phase === 'asking' && kind !== 'client') return `${who}: asks`;
  if (phase === 'half read') return `${who}: ${tag === 0 ? `value ${body}` : name(tag)}`;
  if (phase === 'holding' || phase === 'asking') return `${who}: ${name(tag)} = value ${body}`;
  return statement === 'landed' ? `${who}: wrote value ${body}` : `${who}: on value ${body}, ${statement}`;
}

function name(version: Version): string {
  const [inc, value] = [Math.floor(version / VALUES), version % VALUES];
  if (inc === 0) return `v${value}`;
  return value === 0 ? `h${inc}` : `h${inc}.${value}`;
}
