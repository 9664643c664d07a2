import { testRows } from './rows.ts';

testRows('node');
