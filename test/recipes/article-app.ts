/** The application around a recipe: its routes as the page gives them, and a gate between the guard and each handler that writes. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
// #region
import { conditional, guard, selected } from '../../src/express.ts';
// #endregion
import type { Validators } from '../../src/index.ts';
import { clientOf, type Answer } from '../support/exchange.ts';
import { HOLD, makeGate, type Gate } from './gate.ts';

type ArticleRequest = Request<{ id: string }>;
type Handler = (req: ArticleRequest, res: Response) => unknown;
type Stored = (Validators & { readonly row: { readonly text: string } }) | null;

/** What every recipe exports. */
export interface Recipe {
  current(req: ArticleRequest): Stored | Promise<Stored>;
  readonly save: Handler;
  readonly create: Handler;
  readonly remove: Handler;
  /** Goes in front of the guard. */
  readonly replay?: RequestHandler<{ id: string }>;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

export interface Articles {
  readonly port: number;
  readonly gate: Gate;
  /** A request for one article. */
  ask(id: string, ask?: Ask): Promise<Answer>;
  /** Creates an article with the text `Liberté`, and gives its tag. */
  make(id?: string): Promise<{ readonly id: string; readonly tag: string }>;
  /** The current tag of an article, which has to be there. */
  tagOf(id: string): Promise<string>;
  /** Requests that all stand behind the guard's check, on one state; `meanwhile` happens before the first of them goes on. */
  race(id: string, asks: readonly Ask[], meanwhile?: () => Promise<unknown>): Promise<Answer[]>;
  close(): Promise<void>;
}

/** What a 412 says when the guard had let the request through. */
export const LOST = /changed while this request was being carried out/;

export const statuses = (answers: readonly Answer[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

/** Serves a recipe on a free port. */
export async function serve(recipe: Recipe): Promise<Articles> {
  const gate = makeGate();
  const { save, create, remove, replay } = recipe;
  const gated = { ...recipe, save: gate.before(save), create: gate.before(create), remove: gate.before(remove) };
  const app = express().use(express.json());
  if (replay) replaying(app, { ...gated, replay });
  routes(app, gated);
  const client = await clientOf(createServer(app));

  const ask: Articles['ask'] = (id, { method = 'GET', headers = {}, text } = {}) => {
    if (text === undefined) return client(`/articles/${id}`, { method, headers });
    const typed = { 'Content-Type': 'application/json', ...headers };
    return client(`/articles/${id}`, { method, headers: typed, body: JSON.stringify({ text }) });
  };
  const tagOf = async (id: string): Promise<string> => {
    const { status, headers } = await ask(id);
    if (status !== 200 || headers.etag === undefined) throw new Error(`GET ${id}: ${status} with ETag ${headers.etag}`);
    return headers.etag;
  };
  return {
    port: client.port,
    gate,
    ask,
    async make(id = randomUUID()) {
      const { status } = await ask(id, { method: 'PUT', headers: { 'If-None-Match': '*' }, text: 'Liberté' });
      if (status !== 201) throw new Error(`PUT ${id}: ${status}`);
      return { id, tag: await tagOf(id) };
    },
    tagOf,
    async race(id, asks, meanwhile) {
      const answers = asks.map((one) => ask(id, { ...one, headers: { ...one.headers, ...HOLD } }));
      await gate.arrived(asks.length);
      await meanwhile?.();
      gate.open();
      return Promise.all(answers);
    },
    close: () => client.close(),
  };
}

function routes(app: Express, { current, save, create, remove }: Recipe): void {
  // #region
  app.get('/articles/:id', conditional(current), (req, res) => {
    res.json({ text: selected(req, current).row.text });
  });
  app.put('/articles/:id', guard(current), create); // with If-None-Match: *
  app.patch('/articles/:id', guard(current), save); // with If-Match
  app.delete('/articles/:id', guard(current), remove); // with If-Match
  // #endregion
}

function replaying(app: Express, { current, save, create, remove, replay }: Required<Recipe>): void {
  // #region
  app.put('/articles/:id', replay, guard(current), create);
  app.patch('/articles/:id', replay, guard(current), save);
  app.delete('/articles/:id', replay, guard(current), remove);
  // #endregion
}
