/** Errors of this package as exceptions of NestJS, for its filters and the application's; where none of those takes it, one is written as problem details. */
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import type { FastifyReply } from 'fastify';
import { problem, PROBLEM_TYPE, type ProblemStatus } from '../http/problem.ts';

/** Its response is the problem. */
export class ProblemException extends HttpException {
  constructor(status: ProblemStatus, detail: string, cause?: unknown) {
    super(problem(status, detail), status, { cause });
    this.message = detail; // Nest would make one of the name of the class
  }
}

/** For the exception layer of Nest, which takes errors that it does not know for failures, and logs them. */
export function asNest(error: unknown): unknown {
  const { code, message = '' } = Object(error) as { code?: unknown; message?: string };
  if (code === 'ERR_UNSTALE_PRECONDITION_FAILED') return new ProblemException(412, message, error);
  if (code === 'ERR_UNSTALE_STORE_UNAVAILABLE')
    return new ProblemException(503, 'The version store is not available', error);
  return error;
}

export class ProblemFilter implements ExceptionFilter<ProblemException> {
  catch(exception: ProblemException, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<FastifyReply | Response>();
    const content = Buffer.from(JSON.stringify(exception.getResponse())); // Fastify would name a charset for a text
    if ('raw' in response) void response.code(exception.getStatus()).header('Content-Type', PROBLEM_TYPE).send(content);
    else response.status(exception.getStatus()).setHeader('Content-Type', PROBLEM_TYPE).end(content);
  }
}
Catch(ProblemException)(ProblemFilter);
