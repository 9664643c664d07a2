/** The page of the example as a person sees it: the editors, and the strip. */
import type { Browser, Locator, Page } from 'playwright-core';
import { launch, visit, type Visit, type VisitOptions } from './support/browser.ts';
import { eventually } from './support/eventually.ts';

export { launch };

export interface Editor {
  readonly section: Locator;
  type(label: string, text: string): Promise<void>;
  press(button: string): Promise<void>;
  /** Chooses the one or the other version of a member. */
  choose(member: string, whose: 'Saved by' | 'Yours'): Promise<void>;
  /** Waits for this text. */
  sees(text: string): Promise<void>;
  value(label: string): Promise<string>;
}

export interface DemoPage extends Visit {
  readonly ann: Editor;
  readonly bob: Editor;
  /** Waits for a line of the strip that has all of these texts, one to a cell. */
  shows(...cells: readonly string[]): Promise<void>;
}

/** Opens the page in a browser of its own, on a country that no other test uses. */
export async function openDemo(
  browser: Browser,
  base: string,
  code: string,
  options: VisitOptions = {},
): Promise<DemoPage> {
  const visited = await visit(browser, `${base}/#${code}`, { refusals: [412], ...options });
  const { page } = visited;
  const [ann, bob] = [editorOf(page, 'Ann'), editorOf(page, 'Bob')];
  for (const { section } of [ann, bob]) await section.locator('code', { hasText: '@' }).waitFor();
  return { ...visited, ann, bob, shows: (...cells) => lineWith(page, cells) };
}

function editorOf(page: Page, name: string): Editor {
  const section = page.getByRole('region', { name, exact: true });
  return {
    section,
    type: (label, text) => section.getByLabel(label, { exact: true }).fill(text),
    press: (button) => section.getByRole('button', { name: button, exact: true }).click(),
    choose: (member, whose) => section.getByRole('group', { name: member }).getByLabel(whose).check(),
    sees: (text) => section.getByText(text).first().waitFor(),
    value: (label) => section.getByLabel(label, { exact: true }).inputValue(),
  };
}

async function lineWith(page: Page, cells: readonly string[]): Promise<void> {
  await eventually(async () => {
    const lines: string[][] = [];
    for (const row of await page.locator('#rows tr').all()) lines.push(await row.locator('td').allTextContents());
    const found = lines.some((line) => cells.every((cell) => line.includes(cell)));
    if (!found)
      throw new Error(`No line has ${cells.join(' | ')}:\n${lines.map((line) => line.join(' | ')).join('\n')}`);
  });
}
