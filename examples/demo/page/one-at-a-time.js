/** One thing at a time, for one part of the page, which is marked as busy meanwhile. */

/**
 * @typedef {object} OneAtATime
 * @property {(action: () => Promise<void>) => Promise<void>} act Unless something is being done: then this is a second click.
 * @property {(action: () => Promise<void>) => Promise<void>} inTurn After what is being done.
 * @property {() => boolean} isBusy
 */

/**
 * @param {HTMLElement} part
 * @param {{ failed: (why: string) => void, done: () => void }} listeners
 * @returns {OneAtATime}
 */
export function oneAtATime(part, { failed, done }) {
  let underWay = 0;
  let last = Promise.resolve();

  /** @param {() => Promise<void>} action */
  async function carryOut(action) {
    try {
      await action();
    } catch (error) {
      failed(error instanceof TypeError ? 'The server does not answer.' : String(Object(error).message));
    }
    underWay -= 1;
    if (underWay > 0) return;
    part.removeAttribute('aria-busy');
    done();
  }

  /** @param {() => Promise<void>} action */
  function inTurn(action) {
    underWay += 1;
    part.setAttribute('aria-busy', 'true');
    last = last.then(() => carryOut(action));
    return last;
  }

  return { act: (action) => (underWay > 0 ? last : inTurn(action)), inTurn, isBusy: () => underWay > 0 };
}
