/** The targets of a run, each in its server process, and the load on one of them at a time. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Redis } from 'ioredis';
import { findRedisBinary, startServer } from '../test/support/redis-server.ts';
import { CONTENT } from './bodies.ts';
import type { Answers, Load } from './client.ts';
import {
  isOnPath,
  LOAD_CORE,
  moveToCore,
  onCore,
  SERVER_CORE,
  startNode,
  stop,
  told,
  type Bundles,
} from './processes.ts';
import type { Usage } from './server.ts';
import type { Target } from './target.ts';

const CONNECTIONS = 16;
const WRK: boolean = isOnPath('wrk');
export const LOAD_BY: string = WRK ? 'wrk, PUT by bench/client.ts' : 'bench/client.ts';

export interface Running {
  readonly target: Target;
  /** Where the server is now; `memory` collects garbage before. */
  usage(question?: 'usage' | 'memory'): Promise<Usage>;
  /** The load, until it is stopped; stopping rejects where an answer was another one than it should be. */
  load(): Promise<{ stop(): Promise<void> }>;
}

export interface Serving {
  start(target: Target, flags?: readonly string[]): Promise<Running>;
  end(target: Target): Promise<void>;
  /** Scripts that Redis has run; each is one round trip. */
  roundTrips(): Promise<number>;
  close(): Promise<void>;
}

export function serving(bundles: Bundles): Serving {
  const servers = new Map<string, ChildProcess>();
  const client = startNode(LOAD_CORE, [bundles.file('client')]);
  let redis: Promise<{ readonly port: number; readonly control: Redis; stop(): Promise<void> }> | undefined;

  return {
    async start(target, flags = []) {
      const env = target.name.includes('redis')
        ? { BENCH_REDIS_PORT: String((await (redis ??= startRedis())).port) }
        : {};
      const server = startNode(SERVER_CORE, [...flags, bundles.file('server'), target.name], env);
      servers.set(target.name, server);
      const port = await told<number>(server);
      const asked = await preconditioned(target, port);
      return {
        target,
        usage: (question = 'usage') => told<Usage>(server, question),
        load: async () => (WRK && target.method === 'GET' ? wrk(asked, port) : raw(client, asked, port)),
      };
    },
    async end({ name }) {
      const server = servers.get(name);
      if (server) await stop(server);
    },
    async roundTrips() {
      const info = await (await redis)?.control.info('commandstats');
      return Number(/cmdstat_evalsha:calls=(\d+)/.exec(info ?? '')?.[1] ?? 0);
    },
    async close() {
      await Promise.all([...servers.values(), client].map(stop));
      await (await redis)?.stop();
    },
  };
}

/** The target with the precondition that it is asked with, and the proof that it answers as it should. */
async function preconditioned(target: Target, port: number): Promise<Target> {
  if (target.precondition === 'chained') return target;
  const tag = target.precondition === 'learned' ? (await ask(port, 'GET', {})).tag : undefined;
  const fields = tag === undefined ? target.fields : { ...target.fields, 'If-None-Match': tag };
  const { status } = await ask(port, target.method, fields);
  if (status !== target.status) throw new Error(`${target.name} answers ${status} and not ${target.status}`);
  return { ...target, fields };
}

/** Not `fetch`: it adds `Cache-Control: no-cache` to a request with a precondition, and some targets heed that. */
async function ask(
  port: number,
  method: string,
  headers: Target['fields'],
): Promise<{ status: number; tag: string | undefined }> {
  const asking = request({ host: '127.0.0.1', port, path: '/articles/1', method, headers, agent: false });
  asking.end(method === 'PUT' ? CONTENT : undefined);
  const [response] = (await once(asking, 'response')) as [IncomingMessage]; // as node:http says
  await once(response.resume(), 'end');
  return { status: response.statusCode ?? 0, tag: response.headers.etag };
}

async function raw(client: ChildProcess, { name, method, status, fields, precondition }: Target, port: number) {
  const load: Load = { method, status, fields, precondition, port, content: CONTENT, connections: CONNECTIONS };
  client.send(load);
  return {
    async stop() {
      const { answers, wrong } = await told<Answers>(client, 'stop');
      if (wrong !== undefined || answers === 0) throw new Error(`${name}: ${wrong ?? 'no answer'}`);
    },
  };
}

async function wrk({ name, fields }: Target, port: number) {
  const given = Object.entries(fields).flatMap(([field, value]) => ['-H', `${field}: ${value}`]);
  const url = `http://127.0.0.1:${port}/articles/1`;
  const [file, args] = onCore(LOAD_CORE, ['wrk', '-t1', `-c${CONNECTIONS}`, '-d', '1h', ...given, url]);
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  return {
    async stop() {
      child.kill('SIGINT');
      await once(child, 'close');
      const trouble = /Non-2xx.*|Socket errors.*/.exec(said)?.[0];
      if (trouble !== undefined) throw new Error(`${name}: ${trouble}`);
    },
  };
}

/** On the core of the load, for it takes turns with it. */
async function startRedis(): Promise<{ readonly port: number; readonly control: Redis; stop(): Promise<void> }> {
  const server = await startServer(findRedisBinary());
  const control = new Redis(server.port, '127.0.0.1');
  moveToCore(LOAD_CORE, Number(/process_id:(\d+)/.exec(await control.info('server'))?.[1]));
  return {
    port: server.port,
    control,
    async stop() {
      control.disconnect();
      await server.stop();
    },
  };
}
