/** Server-sent events, read until the last of what a test does. */

type Row = Readonly<Record<string, unknown>>;

const END = '/countries/END';

/** Runs `act` while listening, and gives every event up to its end; `after` is the id of the last one that was received before. */
export async function firstEvents(url: string, act: () => Promise<void>, after?: string): Promise<Row[]> {
  const response = await fetch(url, { headers: after === undefined ? {} : { 'Last-Event-ID': after } });
  await act();
  await fetch(new URL(END, url));
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const rows = [...text.matchAll(/^id: (.*)\ndata: (.*)\n\n/gm)].map(
      ([, event, data = '']): Row => Object.assign(JSON.parse(data) as Row, { event }), // an object, as feed.ts sends it
    );
    if (rows.at(-1)?.['target'] === END) return rows.slice(0, -1);
  }
  throw new Error('The feed ended');
}
