/** One request by `fetch`, which adds `Cache-Control: no-cache` to every If-None-Match that a script sets. */

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly content?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly etag: string | null;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export async function ask(url: string, { method = 'GET', headers = {}, json, content }: Ask = {}): Promise<Answer> {
  const body = json === undefined ? content : JSON.stringify(json);
  const typed = body === undefined ? headers : { 'Content-Type': 'application/json', ...headers };
  const response = await fetch(url, { method, headers: typed, ...(body !== undefined && { body }) });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    etag: response.headers.get('ETag'),
    text,
    get json() {
      return JSON.parse(text) as Answer['json']; // every answer of the catalogue is an object, but for borders
    },
  };
}

/** The current tag of a resource, which has one. */
export async function tagOf(url: string): Promise<string> {
  const { status, etag } = await ask(url);
  if (status !== 200 || etag === null) throw new Error(`${url}: ${status} with ETag ${etag}`);
  return etag;
}
