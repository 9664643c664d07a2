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
  let busy = false;
  let task = Promise.resolve();

  /** @param {() => Promise<void>} action */
  async function carryOut(action) {
    busy = true;
    part.setAttribute('aria-busy', 'true');
    try {
      await action();
    } catch (error) {
      failed(error instanceof TypeError ? 'The server does not answer.' : String(Object(error).message));
    }
    busy = false;
    part.removeAttribute('aria-busy');
    done();
  }

  /** @param {() => Promise<void>} action */
  function act(action) {
    if (!busy) task = carryOut(action);
    return task;
  }

  return {
    act,
    async inTurn(action) {
      while (busy) await task;
      await act(action);
    },
    isBusy: () => busy,
  };
}
