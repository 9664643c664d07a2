/** URLs as they stand on a command line. */
import { usageError } from './usage-error.ts';

export function urlOf(option: string, text: string): URL {
  return checked(option, text, URL.canParse(text) ? new URL(text) : undefined);
}

/** What may be relative to the first URL. */
export function resolved(option: string, text: string, base: URL | undefined): URL {
  if (URL.canParse(text)) return urlOf(option, text);
  if (!base) throw usageError(`${option} ${text} needs a URL before it that it is relative to, or to be a whole URL`);
  return checked(option, text, URL.canParse(text, base.href) ? new URL(text, base) : undefined);
}

function checked(option: string, text: string, url: URL | undefined): URL {
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isHttp) {
    const hint = /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? `: write http://${text}` : '';
    throw usageError(`${option} has to be a URL of http or https, and ${JSON.stringify(text)} is none${hint}`);
  }
  if (url.username !== '' || url.password !== '')
    throw usageError(`${option} may not hold a password: give it by --header 'Authorization: …'`);
  url.hash = '';
  return url;
}
