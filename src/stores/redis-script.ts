/** A script of Lua as a Redis server is given it, and what every store there asks of the server first. */
import { createHash } from 'node:crypto';

export interface Script {
  readonly source: string;
  /** By which a server knows the source once it has seen it. */
  readonly sha1: string;
}

/** What is needed of a client; ioredis 5 and 6 take bytes as well. */
export interface ScriptClient {
  eval(script: string, keys: number, ...rest: (string | number | Uint8Array)[]): Promise<unknown>;
  evalsha(sha1: string, keys: number, ...rest: (string | number | Uint8Array)[]): Promise<unknown>;
}

/** What INFO did not tell; a store that cannot see a restart cannot be safe. */
export const NO_RUN_ID = 'UNSTALE the server does not tell its run_id and master_replid';

/** Lua: `rid` is the server that the script runs on and its term as a primary; another one after a restart, a failover and back, a moved slot. */
export const RUN_AND_TERM: string = `
local function told(section, name)
  local info = redis.pcall('INFO', section)
  local id = type(info) == 'string' and string.match(info, name .. ':(%w+)')
  return id and not string.match(id, '^0*$') and id
end
local run, term = told('server', 'run_id'), told('replication', 'master_replid')
if not run or not term then return redis.error_reply('${NO_RUN_ID}') end
local rid = run .. ':' .. term
`;

export function scriptOf(source: string): Script {
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}

/** One round trip, and a second one where the server has not seen the script yet. */
export async function runScript(
  client: ScriptClient,
  { sha1, source }: Script,
  keys: readonly string[],
  args: readonly (string | number | Uint8Array)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha1, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return client.eval(source, keys.length, ...keys, ...args);
  }
}
