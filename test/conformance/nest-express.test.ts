import { testRows } from './rows.ts';

testRows('nest-express');
