import { testRows } from './rows.ts';

testRows('nest-fastify');
