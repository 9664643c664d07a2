/** One connection to Postgres: the simple query protocol and no more, so that the rig needs no driver and repeats no statement. */
import { connect, type Socket } from 'node:net';

export interface PostgresConnection {
  /** The rows of a statement, as text. Statements wait for each other; one that fails with its connection may have been carried out. */
  query(sql: string): Promise<string[][]>;
  close(): void;
}

interface Statement {
  readonly sql: string;
  readonly rows: string[][];
  error?: Error;
  resolve(rows: string[][]): void;
  reject(error: Error): void;
}

/** Connects when there is something to ask, and again after it was lost. */
export function connectPostgres(port: number, patience: number): PostgresConnection {
  const waiting: Statement[] = [];
  let socket: Socket | undefined;
  let current: Statement | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** Connected, and nothing asked. */
  let free = false;

  function open(): Socket {
    const opened = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = Buffer.alloc(0);
    opened.on('connect', () => opened.write(startup()));
    opened.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      while (received.length >= 5 && received.length > received.readInt32BE(1)) {
        const end = 1 + received.readInt32BE(1);
        const type = String.fromCharCode(received[0] ?? 0);
        const content = received.subarray(5, end);
        received = received.subarray(end);
        take(type, content);
      }
    });
    opened.on('error', () => undefined); // 'close' follows
    opened.on('close', () => lose(opened));
    // An answer that does not come would keep all the others from theirs.
    timer = setTimeout(() => opened.destroy(), patience);
    return opened;
  }

  function take(type: string, content: Buffer): void {
    if (type === 'D') current?.rows.push(columns(content));
    if (type === 'E' && current) current.error = new Error(content.toString().replaceAll('\0', ' '));
    if (type !== 'Z') return;
    clearTimeout(timer);
    const done = current;
    current = undefined;
    if (done?.error) done.reject(done.error);
    else done?.resolve(done.rows);
    send();
  }

  function send(): void {
    const next = waiting.shift();
    free = next === undefined;
    if (!next) return;
    current = next;
    timer = setTimeout(() => socket?.destroy(), patience);
    socket?.write(message('Q', `${next.sql}\0`));
  }

  function lose(lost: Socket): void {
    if (lost !== socket) return;
    clearTimeout(timer);
    socket = undefined;
    free = false;
    const failed = [...(current ? [current] : []), ...waiting.splice(0)];
    current = undefined;
    for (const statement of failed) statement.reject(statement.error ?? new Error('the connection was lost'));
  }

  return {
    query(sql) {
      return new Promise((resolve, reject) => {
        waiting.push({ sql, rows: [], resolve, reject });
        if (free) send();
        socket ??= open(); // its first ReadyForQuery sends what is waiting
      });
    },
    close: () => socket?.destroy(),
  };
}

function startup(): Buffer {
  const parameters = Buffer.from('user\0torture\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + parameters.length, 0);
  head.writeInt32BE(3 << 16, 4); // protocol 3.0
  return Buffer.concat([head, parameters]);
}

function message(type: string, content: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + Buffer.byteLength(content), 1);
  return Buffer.concat([head, Buffer.from(content)]);
}

function columns(content: Buffer): string[] {
  const found: string[] = [];
  let at = 2;
  for (let left = content.readInt16BE(0); left > 0; left--) {
    const length = content.readInt32BE(at);
    at += 4;
    found.push(content.toString('utf8', at, at + Math.max(0, length)));
    at += Math.max(0, length);
  }
  return found;
}
