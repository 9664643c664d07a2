import { testRows } from './rows.ts';

testRows('web');
