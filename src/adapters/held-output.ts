/** What a call of an output method comes to while its response is held, and afterwards. */
import type { ServerResponse } from 'node:http';
import { headReady, surrender } from './delivery.ts';
import { keepCall, type OutputMethod } from './held-writes.ts';
import { hasSpoken, type Hold } from './hold.ts';
import { setHead } from './node-head.ts';

/** Keeps the call, passes it on, or drops it; returns what the method would. */
export function output(hold: Hold, name: OutputMethod, args: unknown[]): unknown {
  const { res, state, pass } = hold;
  if (state === 'replaced' && name !== 'writeHead') return dropped(res, name, args);
  if (state === 'sent' || state === 'replaced') return pass[name].apply(res, args);
  if (name === 'writeHead') {
    if (hasSpoken(hold)) {
      surrender(hold);
      return pass.writeHead.apply(res, args); // which says that the head has been sent
    }
    setHead(res, args);
  }
  const { writes } = hold;
  const mayGoOn = keepCall(writes, name, name === 'writeHead' ? [res.statusCode] : args);
  headReady(hold);
  if (name !== 'write') return res;
  if (hold.state !== 'held') return !res.writableNeedDrain;
  writes.blocked ||= !mayGoOn;
  return mayGoOn;
}

function dropped(res: ServerResponse, name: OutputMethod, args: unknown[]): unknown {
  const callback = args.find((argument) => typeof argument === 'function') as (() => void) | undefined;
  if (callback) process.nextTick(callback);
  return name === 'write' ? true : res;
}
