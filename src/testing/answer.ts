/** What came back to a request: fields as received, line by line, and the content undecoded. */

/** Request fields, by name. */
export type Fields = Readonly<Record<string, string>>;

export interface Answer {
  readonly method: string;
  readonly path: string;
  /** The request fields of the check; those of the user may hold secrets, and are in no message. */
  readonly asked: Fields;
  /** 0 where no answer came. */
  readonly status: number;
  /** Why there was no answer, or no whole one. */
  readonly failure?: string;
  /** The status of an answer that did not come to its end. */
  readonly begun?: number;
  readonly lines: readonly (readonly [name: string, value: string])[];
  readonly content: Buffer;
}

/** The values of all lines of a field, joined as one list (RFC 9110 §5.3); `undefined` where there is none. */
export function field(answer: Answer, name: string): string | undefined {
  const values = linesOf(answer, name);
  return values.length > 0 ? values.join(', ') : undefined;
}

export function linesOf(answer: Answer, name: string): string[] {
  const wanted = name.toLowerCase();
  return answer.lines.filter(([other]) => other.toLowerCase() === wanted).map(([, value]) => value);
}

/** The members of a field that is a list of names, in lower case. */
export function namesIn(answer: Answer, name: string): string[] {
  const names = (field(answer, name) ?? '').split(',').map((member) => member.trim().toLowerCase());
  return names.filter((member) => member !== '');
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status <= 299;
}

/** `200 to GET /x with If-None-Match: "v1"` */
export function describe(answer: Answer): string {
  const { status, failure } = answer;
  return `${failure === undefined ? status : `no answer (${failure})`} to ${describeRequest(answer)}`;
}

export function describeRequest({ method, path, asked }: Pick<Answer, 'method' | 'path' | 'asked'>): string {
  const fields = Object.entries(asked).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path}${fields.length > 0 ? ` with ${fields.join(' and ')}` : ''}`;
}
