import { testRows } from './rows.ts';

testRows('hono');
