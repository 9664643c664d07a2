/** Express 4 and 5 for the rows of the contract. */
import { createServer } from 'node:http';
import five, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import four from 'express4';
import * as kit from '../../../src/express.ts';
import { statusOf, type Framework, type Io } from '../framework.ts';

export const express5: Framework = express('Express 5', five);
export const express4: Framework = express('Express 4', four);

function express(name: string, make: () => Express): Framework {
  return {
    name,
    kit,
    before(act) {
      const middleware: RequestHandler = (req, res, next) => {
        Promise.resolve(act(expressIo(req, res))).then(() => next(), next);
      };
      return middleware;
    },
    logger(log) {
      const middleware: RequestHandler = (req, res, next) => {
        res.once('finish', () => log(expressIo(req, res)));
        next();
      };
      return middleware;
    },
    serve(middlewares, handler) {
      const app = make();
      for (const middleware of middlewares) app.use(middleware as RequestHandler);
      app.use((req, res, next) => {
        Promise.resolve()
          .then(() => handler(expressIo(req, res)))
          .catch(next);
      });
      app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
        if (res.headersSent) next(error);
        else res.status(statusOf(error)).send('failed');
      });
      return createServer(app);
    },
  };
}

function expressIo(req: Request, res: Response): Io {
  return {
    method: req.method,
    path: req.path,
    native: req,
    header: (name) => req.get(name),
    set: (field, value) => void res.set(field, value),
    status: (code) => void res.status(code),
    send: (body) => void (body === null ? res.end() : res.send(body)),
    stream: (body) => void body.pipe(res),
  };
}
