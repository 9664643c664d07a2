import '../support/nest11.ts';

const { testRows } = await import('./rows.ts');

testRows('nest-express');
testRows('nest-fastify');
