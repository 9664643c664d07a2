/** What an audit of a read looks at: the resource of the testing kit, and the same URL as other clients see it. */
import type { Answer, Fields } from '../testing/answer.ts';
import type { Base } from '../testing/application.ts';
import { clientOf, type Client } from '../testing/client.ts';
import { resourceAt, type Resource } from '../testing/resource.ts';

export interface Audited extends Resource {
  /** Answers to the same GET on connections of their own, as other clients get them, and other instances behind a balancer give them. */
  others(this: void): Promise<readonly Answer[]>;
  /** The answer without the credentials of the user; `undefined` where none were sent. */
  anonymous(this: void): Promise<Answer> | undefined;
  /** The names of the fields that are credentials, in lower case. */
  readonly credentials: readonly string[];
}

/** How requests are made, whatever is asked. */
export interface Connection {
  readonly base: Base;
  readonly headers: Fields;
  readonly timeout: number;
  readonly maxSize: number;
  /** Is called for each request. */
  counts(this: void): void;
}

const OTHERS = 4;
const CREDENTIALS = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);

export function connect({ base, headers, timeout, maxSize, counts }: Connection): Client {
  const client = clientOf(base, headers, timeout, maxSize);
  return {
    ...client,
    ask(request) {
      counts();
      return client.ask(request);
    },
    together(requests, withhold) {
      for (const _ of requests) counts();
      return client.together(requests, withhold);
    },
  };
}

export function auditedAt(client: Client, connection: Connection, path: string): Audited {
  let others: Promise<Answer[]> | undefined;
  let anonymous: Promise<Answer> | undefined;
  const named = Object.entries(connection.headers);
  const harmless = named.filter(([name]) => !isCredential(name));
  const credentials = named.map(([name]) => name.toLowerCase()).filter(isCredential);

  return {
    ...resourceAt(client, path),
    others: () => (others ??= Promise.all(Array.from({ length: OTHERS }, () => askOnce(connection, path)))),
    credentials,
    anonymous() {
      if (credentials.length === 0) return undefined;
      return (anonymous ??= askOnce({ ...connection, headers: Object.fromEntries(harmless) }, path));
    },
  };
}

export function isCredential(name: string): boolean {
  return CREDENTIALS.has(name.toLowerCase());
}

/** On a connection that is made for it, and closed. */
async function askOnce(connection: Connection, path: string): Promise<Answer> {
  const client = connect(connection);
  try {
    return await client.ask({ method: 'GET', path });
  } finally {
    client.close();
  }
}
