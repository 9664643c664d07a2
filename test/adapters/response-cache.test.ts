import { describe, test } from '@jest/globals';
import { FRAMEWORKS } from '../contract/frameworks.ts';
import { responseCacheRows } from '../contract/response-cache.ts';

describe.each(FRAMEWORKS)('$name: cache()', (framework) => {
  test.each(responseCacheRows)('$name', ({ prove }) => prove(framework));
});
