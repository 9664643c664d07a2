import { describe, test } from '@jest/globals';
import { exchanges } from '../contract/exchanges.ts';
import { FRAMEWORKS } from '../contract/frameworks.ts';

describe.each(FRAMEWORKS)('$name: the event of an exchange', (framework) => {
  test.each(exchanges)('$name', ({ prove }) => prove(framework));
});
