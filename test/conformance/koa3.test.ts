import { testRows } from './rows.ts';

testRows('koa3');
