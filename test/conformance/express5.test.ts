import { testRows } from './rows.ts';

testRows('express5');
