/** A server process of the rig. It is told what it is in its first argument, tells its port, and ends when its parent is gone. */
import type { AddressInfo } from 'node:net';
import { serverOf } from './application.ts';
import { openDatabase, type Database, type DatabaseAddress } from './database.ts';
import type { Row } from './row.ts';
import { connectTo, openStore, type StoreAddress } from './store.ts';
import { bumpBefore, counted, fenced, unsafeCheckOnly, type Strategy } from './strategy.ts';

export interface ServerConfig {
  readonly row: Row;
  readonly database: DatabaseAddress;
  readonly store: StoreAddress;
}

const { row, database: address, store } = JSON.parse(process.argv[2] ?? '') as ServerConfig; // written by the fleet
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined); // it comes to the whole group; the parent decides

const database = openDatabase(address, row.patience);
const server = serverOf(row.framework, strategyOf(database));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port })); // it listens on a port

function strategyOf(opened: Database): Strategy {
  switch (row.mode) {
    case 'fenced':
      return fenced(opened);
    case 'unsafeCheckOnly':
      return unsafeCheckOnly(opened);
    case 'counter':
      return counted(opened, openStore(store, row), row.heedsSignal);
    case 'bumpBefore':
      return bumpBefore(opened, connectTo(store, row.ioredis));
  }
}
