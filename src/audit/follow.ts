/** Redirects: only where the user says so, and no credentials go to another origin. */
import { field } from '../testing/answer.ts';
import { connect, isCredential, type Connection } from './audited.ts';

export interface Place {
  readonly connection: Connection;
  readonly path: string;
  readonly url: URL;
}

export interface Followed {
  readonly place: Place;
  /** The URLs that were led to, one after the other. */
  readonly redirects: readonly string[];
}

const MOST = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export async function follow(from: Place, wanted: boolean, at: (url: URL) => Place): Promise<Followed> {
  const redirects: string[] = [];
  let place = from;
  if (!wanted) return { place, redirects };
  while (redirects.length < MOST) {
    const next = await locationOf(place);
    if (!next) break;
    redirects.push(next.href);
    const there = at(next);
    const { headers } = place.connection;
    const kept = next.origin === place.url.origin ? headers : withoutCredentials(headers);
    place = { ...there, connection: { ...there.connection, headers: kept } };
  }
  return { place, redirects };
}

async function locationOf({ connection, path, url }: Place): Promise<URL | undefined> {
  const client = connect(connection);
  try {
    const answer = await client.ask({ method: 'GET', path });
    const location = REDIRECTS.has(answer.status) ? field(answer, 'Location') : undefined;
    if (location === undefined || !URL.canParse(location, url.href)) return undefined;
    const next = new URL(location, url);
    return next.protocol === 'http:' || next.protocol === 'https:' ? next : undefined;
  } finally {
    client.close();
  }
}

function withoutCredentials(headers: Connection['headers']): Connection['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isCredential(name)));
}
