/** A write in mode `counter`: a version store lets one write through at a time, and gives the resource a new version before the answer leaves. */
import { statusOf } from '../errors.ts';
import type { Exchange, HttpResponse, Layer, Next } from '../exchange.ts';
import { readEntityTagList } from '../http/entity-tag.ts';
import { PRECONDITIONS } from '../http/request-conditions.ts';
import { publish } from '../metrics.ts';
import { unscoped } from '../validators/scope.ts';
import { version } from '../validators/version.ts';
import { written } from '../writes.ts';
import { lostRace, refusal, UNAVAILABLE } from './admission.ts';
import { isSuccess } from './after-handler.ts';
import type { Refusal } from './answer.ts';
import { writeReadings } from './client-tags.ts';
import type { CountedResource } from './counter.ts';
import { refuseWrite, withNewValidators, type GuardRules } from './guard-rules.ts';
import { openWrite, type Outcome } from './guarded.ts';
import { failed, leave, select, type Selection } from './selection.ts';
import { storeWrite, type StoreWrite } from './store-write.ts';
import { withoutDigest } from './validator-fields.ts';

/** More tags than this are guesses. */
const MOST_TAGS = 256;

const IN_FLIGHT: Refusal = { status: 409, detail: 'Another write to this resource is being carried out' };

const OUTCOME_UNKNOWN: Refusal = {
  status: 500,
  detail:
    'This request took too long: it may have been carried out, and another one beside it. Read the resource again',
};

export function countedWrite(resource: CountedResource, rules: GuardRules): Layer {
  const { current, scope } = rules;

  return async (exchange, next) => {
    exchange.preconditions = 'settled';
    // A request that will be 428 must not keep others from writing.
    if (rules.required && !PRECONDITIONS.some((name) => exchange.header(name) !== undefined))
      return refuseWrite(exchange, because(exchange, await represent(exchange)), rules);
    const named = await identify(exchange);
    if (!named) return refuseWrite(exchange, UNAVAILABLE, rules);
    const write = storeWrite(resource, named.key);
    const begun = await write.begin(named.expected);
    switch (begun?.kind) {
      case undefined:
        return refuseWrite(exchange, UNAVAILABLE, rules);
      case 'quarantine':
        return refuseWrite(exchange, { ...UNAVAILABLE, retryAfter: Math.ceil(begun.rest / 1000) }, rules);
      case 'busy':
        return refuseWrite(exchange, IN_FLIGHT, rules);
      case 'mismatch':
        return refuseWrite(exchange, because(exchange, await represent(exchange, begun.version)), rules);
      case 'begun':
        return carryOut(exchange, next, write, begun.version);
    }
  };

  /** The resource, and the versions that If-Match names: `undefined` where any will do. */
  async function identify(exchange: Exchange): Promise<{ key: string; expected: string[] | undefined } | undefined> {
    try {
      const native = exchange.native as never; // the framework's entry file typed it
      return { key: resource.keyOf(native), expected: await expectedVersions(exchange) };
    } catch (error) {
      failed(exchange, error);
      return undefined;
    }
  }

  async function expectedVersions(exchange: Exchange): Promise<string[] | undefined> {
    const { any, tags } = readEntityTagList(exchange.header('if-match') ?? '*');
    if (any) return undefined;
    const read = writeReadings(rules.acceptMangled);
    const opaques = tags.slice(0, MOST_TAGS).flatMap((tag) => read(tag).filter(({ weak }) => !weak));
    const viewer = scope && [await scope(exchange.native as never)];
    return opaques.flatMap(({ opaque }) => (viewer ? (unscoped(opaque, viewer[0]) ?? []) : opaque));
  }

  /** The representation as the application loads it, at this version. */
  async function represent(exchange: Exchange, at?: string): Promise<Selection> {
    const load = async (native: never): Promise<object | null> => {
      const loaded = await resource.load(native);
      return loaded && { ...loaded, ...(at !== undefined && version(at)) };
    };
    const selection = await select(exchange, load, scope);
    leave(exchange, current, selection);
    return selection;
  }

  function because(exchange: Exchange, selection: Selection): Refusal {
    if (selection.kind === 'failed') return UNAVAILABLE;
    return refusal(exchange, selection.bound, rules) ?? lostRace(false);
  }

  async function carryOut(exchange: Exchange, next: Next, write: StoreWrite, at: string): Promise<HttpResponse> {
    const selection = await represent(exchange, at).catch(async (error: unknown) => {
      await write.abort('unchanged');
      throw error;
    });
    const known = selection.kind === 'known' && write.rest() > 0;
    const why = known ? refusal(exchange, selection.bound, rules) : UNAVAILABLE;
    if (!known || why) {
      await write.abort('unchanged');
      return refuseWrite(exchange, why ?? UNAVAILABLE, rules);
    }
    exchange.hide(...PRECONDITIONS);
    let lease: LeaseSignal | undefined;
    const outcome = openWrite(exchange, current, selection.validators, () => (lease ??= leaseSignal(write)).now());
    const response = await next()
      .catch(async (error: unknown) => {
        if (outcome.conflict) return undefined;
        await conclude(exchange, statusOf(error), write, outcome);
        throw error;
      })
      .finally(() => lease?.end());
    if (response && !outcome.conflict) {
      withoutDigest(response);
      if (!outcome.unchanged && response.status < 400) return commit(exchange, response, write, outcome);
      await conclude(exchange, response.status, write, outcome);
      return response;
    }
    publish('guard:burnt', exchange, { reason: 'conflict' });
    await write.abort('unknown');
    return refuseWrite(exchange, lostRace(selection.validators === null), rules);
  }

  /** The handler has succeeded, and nothing of its answer has left: first the version, then the answer. */
  async function commit(
    exchange: Exchange,
    response: HttpResponse,
    write: StoreWrite,
    outcome: Outcome,
  ): Promise<HttpResponse> {
    const committed = await write.commit();
    await written(exchange, response); // the outcome may be unknown: nothing may be stale on its account
    if (committed?.kind === 'lost') {
      publish('guard:lease-lost', exchange, {});
      return refuseWrite(exchange, OUTCOME_UNKNOWN, rules);
    }
    // Where the store did not answer the write is durable, and the lease burns the tag that it was based on.
    if (!committed || !isSuccess(response.status) || exchange.method === 'DELETE') return response;
    return withNewValidators(exchange, response, version(committed.version), outcome, rules);
  }
}

interface LeaseSignal {
  /** Aborted where half of the lease is over. */
  now(): AbortSignal;
  end(): void;
}

/** Made for a handler that asks for it, which few do. */
function leaseSignal(write: StoreWrite): LeaseSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), write.rest()).unref();
  return {
    now() {
      if (write.rest() <= 0) controller.abort();
      return controller.signal;
    },
    end: () => clearTimeout(timer),
  };
}

/** Nothing has been committed. After a 5xx a statement may still be on its way: then nobody writes until the lease is over. */
async function conclude(exchange: Exchange, status: number, write: StoreWrite, outcome: Outcome): Promise<void> {
  if (outcome.unchanged) return write.abort('unchanged');
  publish('guard:burnt', exchange, { reason: 'failed' });
  if (status < 500) await write.abort('unknown');
}
