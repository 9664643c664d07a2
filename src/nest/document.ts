/** What the policies of the handlers mean to clients, in the document that `@nestjs/swagger` makes of the application. */
import type { INestApplicationContext, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Handler } from '../adapters/nest-handlers.ts';
import { ConfigurationError } from '../errors.ts';
import type { ResponseHeaders } from '../openapi/objects.ts';
import { METHODS, openapi, type OperationParts } from '../openapi/operation.ts';
import { checkFunction } from '../options.ts';
import { ROUTES } from './module.ts';
import { handlersOf, type Routes } from './routes.ts';

interface Operation {
  [MARK]?: number;
  parameters?: { readonly name?: string }[];
  responses?: Record<string, { headers?: ResponseHeaders }>;
}

/** Reflect with reflect-metadata, which Nest loads. */
const metadata = Reflect as unknown as {
  getMetadata(key: string, of: object): unknown;
  getOwnMetadata(key: string, of: object): unknown;
  defineMetadata(key: string, value: unknown, of: object): void;
  deleteMetadata(key: string, of: object): void;
};

const WHERE = 'withConditions(app, create)';
const MARK = 'x-unstale';

/**
 * Completes a document with the preconditions, the fields and the refusals of every handler; what the application has declared itself stays. `create` makes
 * it: `withConditions(app, () => SwaggerModule.createDocument(app, config))`.
 */
export function withConditions<Document extends object>(
  app: INestApplicationContext,
  create: () => Document,
): Document {
  checkFunction(WHERE, 'create', create);
  const { policyOf } = routesOf(app);
  const handlers = handlersOf(app.get(ModulesContainer));
  const classes = [...new Set(handlers.map(([ofClass]) => ofClass))];
  const methods = [...new Set(handlers.map(([, method]) => method))];
  const document = marked(classes, methods, create);
  for (const [method, operation] of operationsOf(document)) {
    const found = originOf(operation, classes, methods);
    if (found) complete(operation, openapi(policyOf(...found), method));
  }
  return document;
}

function routesOf(app: INestApplicationContext): Routes {
  try {
    return app.get<Routes>(ROUTES, { strict: false });
  } catch {
    throw new ConfigurationError(WHERE, 'an application that imports UnstaleModule', app);
  }
}

/** Nothing in a document says which method of which class an operation comes from. While it is made, an extension and a field say so. */
function marked<Document>(classes: readonly Type[], methods: readonly Handler[], create: () => Document): Document {
  const marks = [
    ...classes.map((ofClass, i) => markOf(ofClass, 'swagger/apiHeaders', [{ ...FIELD, name: `${MARK}-${i}` }])),
    ...methods.map((method, i) => markOf(method, 'swagger/apiExtension', { [MARK]: i })),
  ];
  try {
    for (const { mark } of marks) mark();
    return create();
  } finally {
    for (const { remove } of marks) remove();
  }
}

const FIELD = { in: 'header', schema: { type: 'string' } } as const;

function markOf(of: object, key: string, added: object): { mark(): void; remove(): void } {
  const own = metadata.getOwnMetadata(key, of);
  const before = metadata.getMetadata(key, of); // a class inherits it
  const after = Array.isArray(added)
    ? [...((before ?? []) as object[]), ...(added as object[])]
    : { ...Object(before), ...added };
  return {
    mark: () => metadata.defineMetadata(key, after, of),
    remove: () => (own === undefined ? metadata.deleteMetadata(key, of) : metadata.defineMetadata(key, own, of)),
  };
}

function operationsOf(document: object): (readonly [(typeof METHODS)[number], Operation])[] {
  const { paths = {} } = document as { paths?: Record<string, Partial<Record<(typeof METHODS)[number], Operation>>> }; // it is one of OpenAPI
  return Object.values(paths).flatMap((item) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [[method, operation] as const] : [];
    }),
  );
}

/** Takes the marks off again. */
function originOf(
  operation: Operation,
  classes: readonly Type[],
  methods: readonly Handler[],
): [Type, Handler] | undefined {
  const { [MARK]: ofMethod = -1, parameters = [] } = operation;
  const ofClass = classes.findIndex((_, i) => parameters.some(({ name }) => name === `${MARK}-${i}`));
  delete operation[MARK];
  operation.parameters = parameters.filter(({ name }) => name !== `${MARK}-${ofClass}`);
  const [found, method] = [classes[ofClass], methods[ofMethod]];
  return found && method && [found, method];
}

function complete(operation: Operation, { parameters, headers, responses }: OperationParts): void {
  const { parameters: declared = [], responses: own = {} } = operation;
  const names = new Set(declared.map(({ name = '' }) => name.toLowerCase()));
  operation.parameters = [...declared, ...parameters.filter(({ name }) => !names.has(name.toLowerCase()))];
  for (const [status, response] of Object.entries(own))
    if (status.startsWith('2') && Object.keys(headers).length > 0)
      response.headers = { ...headers, ...response.headers };
  operation.responses = { ...responses, ...own };
}
