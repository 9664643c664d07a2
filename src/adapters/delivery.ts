/** How a response passes those who wait for it, from the inside out, and leaves. */
import { isContent, type HttpResponse } from '../exchange.ts';
import { nameCoding } from './content-coded.ts';
import { closeWrites, heldWrites } from './held-writes.ts';
import type { Hold, Output } from './hold.ts';
import { sendAnswer } from './node-head.ts';

/** Why a layer's `next()` rejects when its response is not wanted any more: an outer layer or the application went ahead without it. */
export const GONE: symbol = Symbol.for('unstale.gone');

/** Runs the rest of the chain and waits for its head, for as long as the layer likes. */
export function nextHead(hold: Hold, onward: (reject: (reason: unknown) => void) => void): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    function take(response: HttpResponse): undefined {
      resolve(response);
    }
    hold.waiting.push({ take, gone: () => reject(GONE) });
    onward(reject);
  });
}

/** The application has made a head. */
export function headReady(hold: Hold): void {
  if (hold.state !== 'open') return;
  hold.state = 'held';
  hold.status = hold.res.statusCode;
  pass(hold, { status: hold.status, headers: hold.exchange.staged, body: hold.writes });
}

/** A layer has its response; `place` layers wait further out. The next of them gets it, or it is sent. */
export function deliver(hold: Hold, place: number, response: HttpResponse): void {
  if (hold.state === 'sent' || hold.state === 'replaced') return;
  abandon(hold, place);
  if (hold.state === 'open' && isContent(response.body) && isWrapped(hold)) return sendAnswer(hold.res, response);
  hold.state = 'held';
  pass(hold, response);
}

/** A compressor stands between this layer and those further out: it encodes what a handler writes, and so it does an answer in place of that. */
function isWrapped({ res, found }: Hold): boolean {
  const { write, end } = res as unknown as Output; // called by name
  return write !== found.write || end !== found.end;
}

/** A layer failed, and the framework answers in place of the response that it had. */
export function reopen(hold: Hold, place: number): void {
  abandon(hold, place);
  if (hold.state !== 'held') return;
  closeWrites(hold.writes);
  hold.writes = heldWrites(hold.res);
  hold.state = hold.waiting.length > 0 ? 'open' : 'sent';
}

/** The application takes its response for sent: so it is, as it stands and at once, and no layer has a say any more. */
export function surrender(hold: Hold): void {
  abandon(hold, 0);
  release(hold, hold.status);
}

/** From one to the next, until one takes its time or nobody is left. */
function pass(hold: Hold, response: HttpResponse): void {
  let made: HttpResponse | undefined = response;
  while (made) {
    const outer = hold.waiting.pop();
    if (!outer) return leave(hold, made);
    made = outer.take(made);
  }
}

function leave(hold: Hold, response: HttpResponse): void {
  if (response.body === hold.writes) return release(hold, response.status);
  hold.state = 'sent'; // some methods of Node call others
  sendAnswer(hold.res, response, hold.pass.end);
  hold.state = 'replaced';
  settle(hold);
}

function release(hold: Hold, status: number): void {
  const { res, exchange, writes } = hold;
  hold.state = 'sent';
  if (exchange.preconditions !== 'open') nameCoding(exchange.staged);
  if (res.statusCode !== status) res.statusCode = status;
  let flowing = true;
  for (const { method, args } of writes.calls) flowing = hold.pass[method].apply(res, args) !== false;
  settle(hold);
  if (writes.blocked && flowing) res.emit('drain');
}

function settle({ codings, exchange }: Hold): void {
  if (exchange.preconditions !== 'open') codings.learn(exchange.staged); // only who answers them makes a 304
  exchange.reveal();
}

function abandon(hold: Hold, place: number): void {
  if (hold.waiting.length > place) for (const layer of hold.waiting.splice(place)) layer.gone();
}
