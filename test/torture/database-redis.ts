/** Redis as the database, alone or as a Cluster: the conditional write is a Lua script. */
import { Cluster, Redis } from 'ioredis';
import type { Change, Database, Stored } from './database.ts';

/** `version` as an argument that is empty stands for "whatever it is". */
const WRITE = `
local v = redis.call('HGET', KEYS[1], 'version')
if ARGV[1] ~= '' and v ~= ARGV[1] then return false end
redis.call('HSET', KEYS[1], 'n', ARGV[4], 'op', ARGV[2])
redis.call('RPUSH', KEYS[2], ARGV[2] .. ':' .. ARGV[3] .. ':' .. ARGV[4])
return redis.call('HINCRBY', KEYS[1], 'version', 1)`;

export function openRedisDatabase(kind: 'redis' | 'cluster', port: number, patience: number): Database {
  // No command is sent twice: a conditional write that was applied and is repeated would be told that it lost.
  const options = {
    commandTimeout: patience,
    connectTimeout: 500,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  };
  const again = (attempt: number): number => Math.min(20 * attempt, 200);
  const client =
    kind === 'redis'
      ? new Redis({ ...options, host: '127.0.0.1', port, enableOfflineQueue: false, retryStrategy: again })
      : new Cluster([{ host: '127.0.0.1', port }], {
          redisOptions: options,
          enableOfflineQueue: false,
          retryDelayOnFailover: 0, // else it repeats what was under way when a connection closed
          clusterRetryStrategy: again,
        });
  client.on('error', () => undefined); // the command that fails says so
  const ready = new Promise<void>((resolve) => client.once('ready', resolve));

  async function write(document: number, version: string, { op, base, n }: Change): Promise<Stored | undefined> {
    const written = await client.eval(WRITE, 2, valueOf(document), historyOf(document), version, op, base, n);
    return written === null ? undefined : { n, op, version: Number(written) };
  }

  return {
    async prepare(documents) {
      await ready;
      for (let i = 0; i < documents; i++) await client.hset(valueOf(i), { n: 0, op: 0, version: 0 });
    },
    async read(document) {
      const [n, op, version] = await client.hmget(valueOf(document), 'n', 'op', 'version');
      if (typeof n !== 'string' || typeof op !== 'string' || typeof version !== 'string')
        throw new Error(`no document ${document}`);
      return { n: Number(n), op: Number(op), version: Number(version) };
    },
    replace: (document, version, change) => write(document, String(version), change),
    async write(document, change) {
      const stored = await write(document, '', change);
      if (!stored) throw new Error('an unconditional write was refused');
      return stored;
    },
    async history(document) {
      await ready;
      const entries = await client.lrange(historyOf(document), 0, -1);
      return entries.map((entry) => {
        const [op = 0, base = 0, n = 0] = entry.split(':').map(Number);
        return { op, base, n };
      });
    },
    close: async () => client.disconnect(),
  };
}

/** Both keys of a document are in one slot. */
const valueOf = (document: number): string => `{document ${document}}:value`;
const historyOf = (document: number): string => `{document ${document}}:history`;
