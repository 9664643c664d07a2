/** `npm run screenshots`: the pictures of the docs, taken anew. */
import type { Browser } from 'playwright-core';
import { start } from '../examples/running-example.ts';
import { launch, openDemo } from './demo-page.ts';
import { SCHEMES, takePicture, type Scheme } from './support/pictures.ts';

/** What a page shows in its pictures; gives their paths. */
type Scenes = (browser: Browser, scheme: Scheme, base: string) => Promise<string[]>;

/** The race on the page of the example: before, refused, merged. */
const race: Scenes = async (browser, colorScheme, base) => {
  const options = { colorScheme, viewport: { width: 1120, height: 780 }, deviceScaleFactor: 1.25 };
  const { page, ann, bob, shows, close } = await openDemo(browser, base, 'FRA', options);
  const taken: string[] = [];
  const take = async (name: string): Promise<void> => {
    await page.evaluate('scrollTo(0, 0)');
    taken.push(await takePicture(page, `race-${name}`, colorScheme));
  };
  await shows('Bob', '304 Not Modified');
  await ann.type('Area, km²', '551696');
  await bob.type('Capital', 'Lyon');
  await bob.type('Area, km²', '551700');
  await take('before');
  await ann.press('Save');
  await ann.sees('Saved.');
  await bob.press('Save');
  await bob.sees('Ann saved while you were editing');
  await shows('Bob', '412 Precondition Failed');
  await take('refused');
  await bob.choose('Area', 'Saved by');
  await bob.press('Save what is chosen');
  await bob.sees('Saved what you chose.');
  await shows('Bob', 'PUT /countries/FRA', '200 OK');
  await take('merged');
  await close();
  return taken;
};

const browser = await launch();
try {
  for (const scheme of SCHEMES) {
    const server = await start('express'); // a catalogue that nobody has changed
    try {
      for (const path of await race(browser, scheme, server.base)) process.stdout.write(`${path}\n`);
    } finally {
      await server.stop();
    }
  }
} finally {
  await browser.close();
}
