/** The errors of this package. They are recognised by `name` and `code`, never by `instanceof`: the package ships twice (ESM and CommonJS). */
import { isDate } from 'node:util/types';

/** A factory was given something it cannot work with; thrown at start-up, never on account of a request field. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code = 'ERR_UNSTALE_CONFIGURATION';

  /** `where` is the function as the user writes it, `expected` and `given` complete its sentence. */
  constructor(where: string, expected: string, given: unknown, hint = '') {
    super(`${where}: expected ${expected}, got ${show(given)}${hint && `. ${hint}`}`);
  }
}

/**
 * The state of the target resource is not the one that the request named (RFC 9110 §15.5.13). `conflict()` throws it;
 * `status`, `statusCode` and `expose` are what Express and Koa read from an error, and `getResponse()` is what Hono asks of one.
 */
export class PreconditionFailed extends Error {
  override readonly name = 'PreconditionFailed';
  readonly code = 'ERR_UNSTALE_PRECONDITION_FAILED';
  readonly status = 412;
  readonly statusCode = 412;
  readonly expose = true;

  constructor(message: string) {
    super(message);
    this.stack = `${this.name}: ${message}`; // an expected outcome: frameworks that log errors get one line
  }

  getResponse(): Response {
    return new Response(this.message, { status: this.status });
  }
}

/** A store did not answer in time, or cannot answer; `cause` is what it said. Of versions, nothing was written on its account. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly code = 'ERR_UNSTALE_STORE_UNAVAILABLE';
  readonly status = 503;
  readonly statusCode = 503;
}

/** A value as it reads in an error message: short, and never a thrower itself. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return String(value); // NaN and Infinity by their names
  if (typeof value === 'function') return `the function ${value.name || '(anonymous)'}`;
  if (isDate(value)) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  try {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** The status of an error as frameworks read it, 500 where it has none. */
export function statusOf(error: unknown): number {
  const { status } = Object(error) as { status?: unknown };
  return typeof status === 'number' ? status : 500;
}
