import { testRows } from './rows.ts';

testRows('fastify');
