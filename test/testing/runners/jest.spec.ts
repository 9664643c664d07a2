/** The suite under Jest. */
import { test } from '@jest/globals';
import { suite } from './suite.ts';

suite(test);
