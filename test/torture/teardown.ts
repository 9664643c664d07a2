/** What has to be ended, whatever happens: the last that was started first, each within a bound. */

export interface Teardown {
  /** Gives back what it was given. */
  own<T extends { stop(): unknown }>(started: T): T;
  /** Ends everything; a second call waits for the first. */
  unwind(): Promise<void>;
}

const BOUND = 5000;

export function openTeardown(): Teardown {
  const owned: { stop(): unknown }[] = [];
  let unwinding: Promise<void> | undefined;

  async function unwind(): Promise<void> {
    for (let last = owned.pop(); last; last = owned.pop()) await bounded(last);
  }

  return {
    own(started) {
      owned.push(started);
      if (unwinding) unwinding = unwinding.then(unwind); // it came too late to be ended with the others
      return started;
    },
    unwind: () => (unwinding ??= unwind()),
  };
}

async function bounded(started: { stop(): unknown }): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, BOUND);
  });
  await Promise.race([Promise.resolve(started.stop()).catch(() => undefined), late]);
  clearTimeout(timer);
}
