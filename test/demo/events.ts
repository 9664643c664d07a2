/** Server-sent events, read until the last of what a test does. */

type Row = Readonly<Record<string, unknown>>;

const END = '/countries/END';

/** Runs `act` while listening, and gives every event up to its end. */
export async function firstEvents(url: string, act: () => Promise<void>): Promise<Row[]> {
  const response = await fetch(url);
  await act();
  await fetch(new URL(END, url));
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const rows = [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, data = '']) => JSON.parse(data) as Row); // objects, as feed.ts sends them
    if (rows.at(-1)?.['target'] === END) return rows.slice(0, -1);
  }
  throw new Error('The feed ended');
}
