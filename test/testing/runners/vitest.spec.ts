/** The suite under Vitest. */
import { test } from 'vitest';
import { suite } from './suite.ts';

suite(test);
