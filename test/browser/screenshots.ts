/** `npm run screenshots`: the pictures of the docs, taken anew. */
import type { Browser } from 'playwright-core';
import { start } from '../examples/running-example.ts';
import { hourOfTraffic } from '../dashboard/traffic.ts';
import { openShop, operate, publish, publishExchange, type Shop } from './dashboard-app.ts';
import { launch, openDemo } from './demo-page.ts';
import { SCHEMES, takePicture, type Scheme } from './support/pictures.ts';

/** What a page shows in its pictures; gives their paths. */
type Scenes<Rest extends readonly string[] = []> = (
  browser: Browser,
  scheme: Scheme,
  ...rest: Rest
) => Promise<string[]>;

/** The race on the page of the example: before, refused, merged. */
const race: Scenes<[base: string]> = async (browser, colorScheme, base) => {
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

/** The dashboard after an hour of traffic. */
const dashboard: Scenes = async (browser, colorScheme) => {
  const { page, close } = await operate(browser, await shop(), { colorScheme, viewport: { width: 1280, height: 900 } });
  await page.locator('tbody tr').first().waitFor();
  const taken = [await takePicture(page, 'dashboard', colorScheme)];
  await page.setViewportSize({ width: 390, height: 844 });
  taken.push(await takePicture(page, 'dashboard-phone', colorScheme));
  await close();
  return taken;
};

/** One for both schemes: what it has counted belongs to the process. */
let opened: Promise<Shop> | undefined;
const shop = (): Promise<Shop> => (opened ??= openBusyShop());

async function openBusyShop(): Promise<Shop> {
  const clock = Date.now;
  const end = clock();
  try {
    Date.now = () => end - 26 * 3_600_000;
    const made = await openShop();
    hourOfTraffic(publishExchange, (now) => (Date.now = () => now), end);
    for (let i = 0; i < 4200; i++) {
      const duration = 0.2 + ((i * 7919) % 1000) / 800;
      publish('store:call', { store: 'redis-versions', operation: 'read', outcome: 'answered', duration });
    }
    publish('responses:size', { store: 'memory', number: 1, bytes: 34_800_000, entries: 8123 });
    publish('responses:dropped', { store: 'memory', reason: 'size' });
    return made;
  } finally {
    Date.now = clock;
  }
}

const browser = await launch();
try {
  for (const scheme of SCHEMES) {
    const server = await start('express'); // a catalogue that nobody has changed
    try {
      for (const path of await race(browser, scheme, server.base)) process.stdout.write(`${path}\n`);
    } finally {
      await server.stop();
    }
    for (const path of await dashboard(browser, scheme)) process.stdout.write(`${path}\n`);
  }
} finally {
  await browser.close();
  await (await opened)?.close();
}
