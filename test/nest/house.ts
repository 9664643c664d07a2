/** NestJS applications for tests: articles with versions, on the platform of the caller's choice. */
import type { INestApplication, LoggerService, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { clientOf, type Client } from '../support/exchange.ts';

export const PLATFORMS = ['Express', 'Fastify'] as const;
export type Platform = (typeof PLATFORMS)[number];

export interface Running {
  readonly get: Client;
  readonly app: INestApplication;
  /** What Nest has logged as a warning or an error. */
  readonly logged: readonly string[];
}

export function adapterOf(platform: Platform): ExpressAdapter | FastifyAdapter {
  return platform === 'Express'
    ? new ExpressAdapter()
    : new FastifyAdapter({ routerOptions: { ignoreTrailingSlash: true } });
}

/** Starts the application, shows it, and stops it. `prepare` is called before it is initialised. */
export async function serving(
  platform: Platform,
  module: ModuleMetadata,
  prove: (running: Running) => Promise<void>,
  prepare: (app: INestApplication) => unknown = () => undefined,
): Promise<void> {
  const logged: string[] = [];
  const app = await create(platform, module, logged);
  await prepare(app);
  const get = await started(app);
  try {
    await prove({ get, app, logged });
  } finally {
    await get.close();
    await app.close();
  }
}

export function create(platform: Platform, module: ModuleMetadata, logged: string[] = []): Promise<INestApplication> {
  const note = (...said: readonly unknown[]): void => void logged.push(said.map(String).join(' '));
  const logger: LoggerService = { log: () => undefined, warn: note, error: note, fatal: note };
  return NestFactory.create({ module: class Root {}, ...module }, adapterOf(platform), {
    logger,
    abortOnError: false,
    forceCloseConnections: true,
  });
}

export async function started(app: INestApplication): Promise<Client> {
  await app.init();
  const instance = app.getHttpAdapter().getInstance() as { ready?(): Promise<unknown> }; // Fastify has plugins to wait for
  await instance.ready?.();
  return clientOf(app.getHttpServer());
}

/** Sends JSON, on what the tag names. */
export const put = (text: string, tag?: string) => ({
  method: 'PUT',
  headers: { 'Content-Type': 'application/json', ...(tag !== undefined && { 'If-Match': tag }) },
  body: JSON.stringify({ text }),
});

export const listing = (tag: string) => ({ headers: { 'If-None-Match': tag } });
