/** What axe-core finds wrong with a page as it is at this moment. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** A line per element: the rule, the element, what to do. Empty when there is nothing to be found. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source); // by the debugger, so no policy of the page stands in its way
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as axe.AxeResults; // as axe documents it
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`,
    ),
  );
}
