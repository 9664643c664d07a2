/** The page of `npm start` in Chromium: two people in front of two browsers, on one country. */
import { expect, test } from '@jest/globals';
import { ask } from '../examples/ask.ts';
import { demoTests } from './demo-tests.ts';
import { eventually } from './support/eventually.ts';

const { base, enter } = demoTests();

const country = async (code: string): Promise<object> => (await ask(`${base()}/countries/${code}`)).json;

test('who saves second is told who was faster, sees both versions, merges and saves (RFC 9110 §13.1.1)', async () => {
  const [one, other] = [await enter('FRA'), await enter('FRA')];
  await one.ann.type('Area, km²', '551696');
  await other.bob.type('Area, km²', '551700');
  await other.bob.type('Capital', 'Lyon');
  await one.ann.press('Save');
  await one.ann.sees('Saved.');

  await other.bob.press('Save');
  await other.bob.sees('Ann saved while you were editing');
  await other.bob.sees('The server answered 412, and nothing of yours was written.');
  const shown = await other.bob.section.getByRole('group').allInnerTexts();
  expect(shown.map((text) => text.split(/\s*\n\s*/).map((line) => line.trim()))).toEqual([
    ['Capital only you changed it', 'Saved by Ann', 'Paris', 'Yours', 'Lyon'],
    ['Area, km² both changed it; it was 551,695', 'Saved by Ann', '551,696', 'Yours', '551,700'],
  ]);
  expect(await country('FRA')).toMatchObject({ area: 551_696, capitals: ['Paris'] });

  await other.bob.choose('Area', 'Saved by');
  await other.bob.press('Save what is chosen');
  await other.bob.sees('Saved what you chose.');
  expect(await country('FRA')).toMatchObject({ area: 551_696, capitals: ['Lyon'], name: 'France' });
  expect([await other.bob.value('Capital'), await other.bob.value('Area, km²')]).toEqual(['Lyon', '551696']);
});

test('where both changed the same member, nothing is saved before somebody has chosen', async () => {
  const { ann, bob, page } = await enter('ITA');
  await ann.type('Name', 'Italia');
  await bob.type('Name', 'Italien');
  await ann.press('Save');
  await ann.sees('Saved.');
  await bob.press('Save');
  await bob.sees('Choose where both of you changed the same field');
  await bob.press('Save what is chosen');
  expect(await page.evaluate('document.activeElement.type')).toBe('radio'); // the browser asks for a choice
  expect(await country('ITA')).toMatchObject({ name: 'Italia' });
  await bob.press('Take what Ann saved');
  await bob.sees('This is what is stored.');
  expect(await bob.value('Name')).toBe('Italia');
});

test('who merges too slowly merges again, with what was saved meanwhile', async () => {
  const [one, other] = [await enter('ESP'), await enter('ESP')];
  await other.bob.type('Capital', 'Toledo');
  for (const area of ['1', '2']) {
    await one.ann.type('Area, km²', area);
    await one.ann.press('Save');
    await eventually(async () => expect(await country('ESP')).toMatchObject({ area: Number(area) }));
    await other.bob.press(area === '1' ? 'Save' : 'Save what is chosen');
    await other.bob.section.getByRole('group', { name: 'Area' }).getByText(area, { exact: true }).waitFor();
  }
  await other.bob.press('Save what is chosen');
  await other.bob.sees('Saved what you chose.');
  expect(await country('ESP')).toMatchObject({ area: 2, capitals: ['Toledo'] });
});

test('two browsers that save in the same moment: one is let through, and after the merge both changes are there', async () => {
  const [one, other] = [await enter('PRT'), await enter('PRT')];
  for (let round = 1; round <= 5; round++) {
    for (const { ann, bob } of [one, other]) for (const editor of [ann, bob]) await editor.press('Read again');
    await one.ann.type('Area, km²', String(round));
    await other.bob.type('Capital', `Lisboa ${round}`);
    await Promise.all([one.ann.press('Save'), other.bob.press('Save')]);
    const refused = await eventually(async () => {
      const open = await Promise.all([one.ann, other.bob].map(({ section }) => section.locator('.merge').count()));
      expect(open.toSorted((a, b) => a - b)).toEqual([0, 1]);
      return open[0] === 1 ? one.ann : other.bob;
    });
    await refused.press('Save what is chosen');
    await refused.sees('Saved what you chose.');
    expect(await country('PRT')).toMatchObject({ area: round, capitals: [`Lisboa ${round}`] });
  }
});

test('with the protection off both saves are 200, one is lost, and the page says which', async () => {
  const [one, other] = [await enter('DEU'), await enter('DEU')];
  for (const { page } of [one, other]) await page.getByLabel('Protection').uncheck();
  await one.ann.type('Area, km²', '357115');
  await other.bob.type('Capital', 'Bonn');
  await one.ann.press('Save');
  await one.ann.sees('Saved.');
  await other.bob.press('Save');
  await other.bob.sees('Saved.');
  await one.ann.sees('Your change is lost');
  await one.ann.sees('Area, km²: you saved 357,115; it is 357,114 now.');
  await one.ann.sees('Bob never saw it, and saved over it. The server answered 200, and told nobody.');
  expect(await country('DEU')).toMatchObject({ area: 357_114, capitals: ['Bonn'] });
});

test('"Save both at once" makes a change for each, and the protection refuses one', async () => {
  const { page, ann, bob } = await enter('CHE');
  await page.getByRole('button', { name: 'Save both at once' }).click();
  await eventually(async () => {
    const open = await Promise.all([ann, bob].map(({ section }) => section.locator('.merge').count()));
    expect(open.toSorted((a, b) => a - b)).toEqual([0, 1]);
  });
});

test('with the protection off "Save both at once" is 200 twice, and one of the two is told of the loss', async () => {
  const { page, ann, bob } = await enter('LUX');
  await page.getByLabel('Protection').uncheck();
  await page.getByRole('button', { name: 'Save both at once' }).click();
  await eventually(async () => {
    const lost = await Promise.all([ann, bob].map(({ section }) => section.getByText('Your change is lost').count()));
    expect(lost.toSorted((a, b) => a - b)).toEqual([0, 1]);
  });
});

test('whoever goes through the countries in a hurry ends with the last one on both sides', async () => {
  const { page, ann, bob } = await enter('MLT');
  for (const code of ['CYP', 'HRV', 'SVN']) await page.getByLabel('Country').selectOption(code);
  for (const editor of [ann, bob]) await eventually(async () => expect(await editor.value('Name')).toBe('Slovenia'));
  expect(new URL(page.url()).hash).toBe('#SVN');
});

test('a save that was made without the page is told by its name, and members without a field are merged, too', async () => {
  const { bob } = await enter('BEL');
  const url = `${base()}/countries/BEL`;
  const headers = { 'If-Match': String((await ask(url)).etag), 'User-Agent': 'curl/8.0.1' };
  await ask(url, { method: 'PATCH', headers, json: { languages: { fra: 'French' } } });
  await bob.type('Capital', 'Namur');
  await bob.press('Save');
  await bob.sees('curl saved while you were editing');
  await bob.section.getByRole('group', { name: 'Languages only curl changed it' }).waitFor();
  await bob.press('Save what is chosen');
  await bob.sees('Saved what you chose.');
  expect(await country('BEL')).toMatchObject({ languages: { fra: 'French' }, capitals: ['Namur'] });
});

test('what is stored is text on the page, whatever it looks like', async () => {
  const { bob, page } = await enter('NOR');
  const url = `${base()}/countries/NOR`;
  const name = '<img src=x onerror=alert(1)>';
  await ask(url, { method: 'PATCH', headers: { 'If-Match': String((await ask(url)).etag) }, json: { name } });
  await bob.type('Name', '"><script>alert(2)</script>');
  await bob.press('Save');
  await bob.sees(name);
  expect(await page.locator('img').count()).toBe(0);
});
