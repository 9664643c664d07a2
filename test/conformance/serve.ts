/** `npm run conformance:serve -- koa3 4000 guard`: the contract server on a port, for a runner outside of this repository. */
import { contractServer, FRAMEWORKS, listen, type Framework } from './servers.ts';

const [framework = 'express5', port = '0', writes = 'conditional'] = process.argv.slice(2);
if (!FRAMEWORKS.includes(framework as Framework) || (writes !== 'conditional' && writes !== 'guard')) {
  process.stderr.write(`usage: conformance:serve -- ${FRAMEWORKS.join('|')} [port] [conditional|guard]\n`);
  process.exit(2);
}
const { base } = await listen(await contractServer(framework as Framework, writes), Number(port));
process.stdout.write(`${base}\n`);
