/** What a call of an output method comes to while its response is held, and afterwards. */
import type { ServerResponse } from 'node:http';
import { headReady, surrender } from './delivery.ts';
import { keepCall, type OutputMethod } from './held-writes.ts';
import { hasSpoken, type Hold } from './hold.ts';
import { setHead } from './node-fields.ts';

/** Keeps the call, passes it on, or drops it; returns what the method would. */
export function output(hold: Hold, name: OutputMethod, args: unknown[]): unknown {
  const { res, state, pass } = hold;
  if (state === 'replaced' && name !== 'writeHead') return dropped(res, name, args);
  if (state === 'sent' || state === 'replaced') return Reflect.apply(pass[name], res, args);
  if (name === 'writeHead') {
    if (hasSpoken(hold)) {
      surrender(hold);
      return Reflect.apply(pass.writeHead, res, args); // which says that the head has been sent
    }
    setHead(res, args);
  }
  const mayGoOn = keepCall(hold.writes, name, name === 'writeHead' ? [res.statusCode] : args);
  headReady(hold);
  return name === 'write' ? mayGoOn : res;
}

function dropped(res: ServerResponse, name: OutputMethod, args: unknown[]): unknown {
  const callback = args.find((argument) => typeof argument === 'function') as (() => void) | undefined;
  if (callback) process.nextTick(callback);
  return name === 'write' ? true : res;
}
