/** Who waits for the head of a held response, the innermost layer last, and how the response leaves. */
import type { HttpResponse } from '../exchange.ts';
import { nameCoding } from './content-coded.ts';
import { closeWrites } from './held-writes.ts';
import { writesFor, type Hold } from './hold.ts';
import { sendAnswer } from './node-fields.ts';

/** Why a layer's `next()` rejects when its response is not wanted any more: an outer layer or the application went ahead without it. */
export const GONE: symbol = Symbol.for('unstale.gone');

/** Runs the rest of the chain and waits for its head. */
export function nextHead(hold: Hold, next: () => void): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    hold.waiting.push({ resolve, reject });
    next();
  });
}

/** The application has made a head: the innermost layer gets it. */
export function headReady(hold: Hold): void {
  if (hold.state !== 'open') return;
  hold.state = 'held';
  hold.status = hold.res.statusCode;
  hold.waiting.pop()?.resolve({ status: hold.status, headers: hold.exchange.staged, body: hold.writes.body });
}

/** A layer has its response; `place` layers wait further out. The next of them gets it, or it is sent. */
export function deliver(hold: Hold, place: number, response: HttpResponse): void {
  if (hold.state === 'sent' || hold.state === 'replaced') return;
  hold.state = 'held';
  abandon(hold, place);
  const outer = hold.waiting.pop();
  if (outer) outer.resolve(response);
  else if (response.body === hold.writes.body) release(hold, response.status);
  else replace(hold, response);
}

/** A layer failed, and the framework answers in place of the response that it had. */
export function reopen(hold: Hold, place: number): void {
  abandon(hold, place);
  if (hold.state !== 'held') return;
  closeWrites(hold.writes);
  hold.writes = writesFor(hold.res);
  hold.state = hold.waiting.length > 0 ? 'open' : 'sent';
}

/** The application takes its response for sent: so it is, as it stands and at once, and no layer has a say any more. */
export function surrender(hold: Hold): void {
  abandon(hold, 0);
  release(hold, hold.status);
}

function release(hold: Hold, status: number): void {
  const { res, pass, writes } = hold;
  hold.state = 'sent';
  if (hold.namesCoding) nameCoding(hold.exchange.staged);
  res.statusCode = status;
  let flowing = true;
  for (const { method, args } of writes.calls) flowing = Reflect.apply(pass[method], res, args) !== false;
  if (writes.state !== 'ended' && flowing) res.emit('drain');
}

function replace(hold: Hold, response: HttpResponse): void {
  hold.state = 'replaced';
  sendAnswer(hold.res, response, hold.pass.end);
}

function abandon(hold: Hold, place: number): void {
  for (const layer of hold.waiting.splice(place)) layer.reject(GONE);
}
