import { testInterplay } from './interplay.ts';
import { testModule } from './module.ts';

testModule(12);
testInterplay(12);
