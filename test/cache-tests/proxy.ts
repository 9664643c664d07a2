/** An Express application that is a caching proxy: `cache()` in front of a handler that asks another server. */
import { request } from 'node:http';
import express, { type Express, type RequestHandler } from 'express';
import { cache } from '../../src/express.ts';
import { memoryResponses } from '../../src/index.ts';

/** Everything that RFC 9111 leaves to the operator, decided for storing: what the suite asks about is then seen. */
export function cachingProxy(origin: string): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(
    cache({
      store: memoryResponses({ maxBytes: '256mb' }),
      varyOn: 'any',
      scope: () => 'everybody', // no user has responses of his own here
      statuses: 'any',
      heuristic: true,
      setCookie: 'strip',
      staleIfError: '1m',
      normalize: { 'accept-language': chosen },
      targets: ['cdn-cache-control'],
      jitter: 0,
      earlyRefresh: false,
    }),
  );
  app.use(forwardTo(origin));
  return app;
}

const LANGUAGES = ['de', 'en', 'fr'];

/** The language that an application would choose which has these: the one that the client likes best, of several the first. */
function chosen(acceptLanguage: string): string {
  const liked = new Map(
    acceptLanguage.split(',').map((member) => {
      const [language = '', quality = 'q=1'] = member.split(';').map((part) => part.trim().toLowerCase());
      return [language, Number(quality.slice('q='.length))];
    }),
  );
  const best = Math.max(0, ...LANGUAGES.map((language) => liked.get(language) ?? 0));
  return LANGUAGES.find((language) => best > 0 && liked.get(language) === best) ?? 'none';
}

function forwardTo(origin: string): RequestHandler {
  return (req, res, next) => {
    const forwarded = request(
      new URL(req.originalUrl, origin),
      { method: req.method, headers: req.headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', next);
        answer.on('end', () => {
          res.status(answer.statusCode ?? 502);
          res.statusMessage = answer.statusMessage ?? '';
          const { rawHeaders } = answer;
          for (let i = 0; i < rawHeaders.length; i += 2) {
            const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
            if (!/^(transfer-encoding|keep-alive)$/i.test(name)) res.appendHeader(name, value);
          }
          res.end(Buffer.concat(chunks));
        });
      },
    );
    forwarded.on('information', ({ statusCode, headers }) => {
      if (statusCode === 103) res.writeEarlyHints(headers as Record<string, string | string[]>);
      else if (statusCode === 102) res.writeProcessing();
    });
    forwarded.on('error', next);
    req.pipe(forwarded);
  };
}
