/** The page for those who use a keyboard, a screen reader, a dark room or a telephone. */
import { describe, expect, test } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { ask } from '../examples/ask.ts';
import { demoTests } from './demo-tests.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { eventually } from './support/eventually.ts';
import { SCHEMES } from './support/pictures.ts';

const { base, enter } = demoTests({ reducedMotion: 'reduce' });

/** Presses Tab until the element has the focus. */
async function tabTo(element: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await element.page().keyboard.press('Tab');
    if (await element.evaluate((node) => node === document.activeElement)) return;
  }
  throw new Error('Tab does not lead there');
}

test('with the keyboard alone: both edit, one is refused, merges and saves', async () => {
  const { page, ann, bob } = await enter('FIN');
  const write = async (field: Locator, text: string): Promise<void> => {
    await tabTo(field);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(text);
  };
  await write(ann.section.getByLabel('Capital'), 'Turku');
  await page.keyboard.press('Enter');
  await ann.sees('Saved.');
  await write(bob.section.getByLabel('Capital'), 'Tampere');
  await page.keyboard.press('Enter');

  const heading = bob.section.getByRole('heading', { name: 'Ann saved while you were editing' });
  await heading.waitFor();
  expect(await heading.evaluate((node) => node === document.activeElement)).toBe(true); // so it is read aloud
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  expect(await bob.section.getByLabel('Yours').isChecked()).toBe(true);
  await page.keyboard.press('Enter');
  await bob.sees('Saved what you chose.');
  const save = bob.section.getByRole('button', { name: 'Save' });
  expect(await save.evaluate((node) => node === document.activeElement)).toBe(true); // not lost with the form that went
  expect((await ask(`${base()}/countries/FIN`)).json).toMatchObject({ capitals: ['Tampere'] });
});

test('the switch is one, and says aloud what it means', async () => {
  const { page } = await enter('EST');
  const protection = page.getByRole('switch', { name: 'Protection', checked: true });
  await tabTo(protection);
  await page.keyboard.press('Space');
  const status = page.getByRole('status').filter({ hasText: 'takes no notice of If-Match' });
  await eventually(async () => expect(await status.count()).toBe(1));
});

describe.each(SCHEMES)('in a %s scheme', (colorScheme) => {
  const code = colorScheme === 'light' ? 'LVA' : 'LTU';

  test('axe finds nothing in any state: as opened, refused, lost', async () => {
    const { page, ann, bob, shows } = await enter(code, { colorScheme });
    await shows('Bob', '304 Not Modified');
    expect(await accessibilityFaults(page)).toEqual([]);

    await ann.type('Area, km²', '1');
    await bob.type('Area, km²', '2');
    await ann.press('Save');
    await ann.sees('Saved.');
    await bob.press('Save');
    await bob.sees('Ann saved while you were editing');
    expect(await accessibilityFaults(page)).toEqual([]);

    await bob.press('Take what Ann saved');
    await page.getByLabel('Protection').uncheck();
    await bob.type('Area, km²', '3');
    await bob.press('Save');
    await ann.sees('Your change is lost');
    await shows('Bob', 'PUT /unguarded/countries/'.concat(code), '200 OK');
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});

test.each([
  ['a telephone', 360],
  ['a tablet', 768],
  ['a narrow window', 1000],
])('on %s nothing has to be scrolled sideways, and axe finds nothing', async (_, width) => {
  const { page, ann, bob } = await enter('GRC', { viewport: { width, height: 800 } });
  await ann.type('Official name', 'x'.repeat(150) + String(width));
  await bob.type('Official name', 'y'.repeat(150) + String(width));
  await ann.press('Save');
  await ann.sees('Saved.');
  await bob.press('Save');
  await bob.sees('Ann saved while you were editing');
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  expect(await accessibilityFaults(page)).toEqual([]);
});
