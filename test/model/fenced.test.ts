import { prove } from './prove.ts';
import { FENCED_HOLDS } from './rows.ts';

prove(FENCED_HOLDS, 450_000, [
  'reads the row',
  'reads the row from a replica',
  'catches up',
  'reads the version',
  'reads the body',
  'is let through',
  'is refused, for its tag is stale: 412',
  '’s write is applied',
  '’s statement changes no row',
  '’s statement fails',
  '’s statement comes to nothing',
  '’s handler says that no row was changed: 412',
  '’s server crashes, or its handler is given up; the statement lives on',
  'crashes after the write, or its database’s answer is lost',
  'is answered 2xx',
]);
