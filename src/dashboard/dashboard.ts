/** The layer behind `dashboard(options)`: one page with the figures of this process, for those whom the application lets in. */
import { conditional } from '../conditional/conditional.ts';
import { compose, unchanged, type Exchange, type HttpResponse, type Layer } from '../exchange.ts';
import { version } from '../validators/version.ts';
import { checked, withoutSlash, type DashboardOptions } from './dashboard-options.ts';
import { isSpan, type Span } from './figures.ts';
import { listening, own } from './listen.ts';
import { PAGE } from './page-text.ts';

const FIELDS: Readonly<Record<string, string>> = {
  'Cache-Control': 'private, no-cache', // each time, whoever asks is asked who it is
  'Content-Security-Policy': PAGE.policy,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex',
};

/** Counts from now on, and shows what it has counted. */
export function dashboard<Native = never>(options: DashboardOptions<Native>): Layer {
  const { admits, denied, path } = checked(options);
  const ledger = listening();
  const page = served(
    'text/html; charset=utf-8',
    () => PAGE.tag,
    () => PAGE.html,
  );
  const figures = (span: Span): Layer =>
    served(
      'application/json',
      () => ledger.revision(span),
      () => JSON.stringify(ledger.figures(span)),
    );
  const answers = { '5m': figures('5m'), '15m': figures('15m'), '1h': figures('1h'), all: figures('all') };

  return async (exchange, next) => {
    const [asked = '', query] = exchange.target.split('?', 2);
    if (path !== undefined && withoutSlash(asked) !== path) return next(unchanged);
    own.set(exchange.native, true);
    if (!(await admits(exchange.native as never))) return plain(exchange, denied, WORDS[denied]); // the framework's entry file typed it
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
      exchange.staged.set('Allow', 'GET, HEAD');
      return plain(exchange, 405, 'Method Not Allowed');
    }
    const span = new URLSearchParams(query).get('figures');
    if (span === null) return page(exchange, next);
    return isSpan(span) ? answers[span](exchange, next) : plain(exchange, 404, WORDS[404]);
  };
}

const WORDS = { 403: 'Forbidden', 404: 'Not Found' } as const;

/** What has not changed since a client asked is answered 304, by the layer that this package is about. */
function served(type: string, revision: () => string, content: () => string): Layer {
  return compose([
    async (exchange, next) => {
      for (const [name, value] of Object.entries(FIELDS)) exchange.staged.set(name, value);
      exchange.staged.set('Content-Type', type);
      return next(unchanged);
    },
    conditional(() => version(revision()), { early: 'all' }),
    async ({ staged }) => ({ status: 200, headers: staged, body: content() }),
  ]);
}

function plain({ staged }: Exchange, status: number, body: string): HttpResponse {
  staged.set('Content-Type', 'text/plain; charset=utf-8');
  staged.set('Cache-Control', 'no-store');
  return { status, headers: staged, body };
}
