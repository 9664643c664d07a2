/** A TCP proxy that does to connections what networks do: swallow, cut before the answer, refuse. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** How many connections it has taken. */
  readonly taken: number;
  /** Bytes go both ways again. What was swallowed is lost, so connections that lost bytes are cut. */
  pass(): void;
  /** Half-open: connections stay, new ones are taken, and nothing goes through in either direction. */
  swallow(): void;
  /** Bytes go through so many milliseconds later, in each direction, and in their order. */
  slow(milliseconds: number): void;
  /** Requests go through; the next answer does not, and its connection is cut in its place. */
  cutNextAnswer(): void;
  /** Cuts every connection and takes no new one. */
  refuse(): Promise<void>;
  /** Takes connections again, on the same port. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  lossy: boolean;
}

/** In front of a port of this machine. */
export async function tcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let mode: 'pass' | 'swallow' = 'pass';
  let delay = 0;
  let cutNext = false;
  let taken = 0;

  function cut(pair: Pair): void {
    pairs.delete(pair);
    pair.near.destroy();
    pair.far.destroy();
  }

  const server = createServer((near) => {
    taken++;
    const far = connect(target, '127.0.0.1');
    const pair: Pair = { near, far, lossy: false };
    pairs.add(pair);
    const through = (to: Socket) => {
      const queue: Buffer[] = [];
      return (bytes: Buffer) => {
        if (mode === 'swallow') pair.lossy = true;
        else if (delay === 0 && queue.length === 0) to.write(bytes);
        else {
          queue.push(bytes);
          setTimeout(() => to.write(queue.shift() ?? ''), delay);
        }
      };
    };
    near.on('data', through(far));
    const back = through(near);
    far.on('data', (bytes: Buffer) => {
      if (!cutNext) return back(bytes);
      cutNext = false;
      cut(pair);
    });
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => cut(pair));
      socket.on('close', () => cut(pair));
    }
  });

  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });

  async function refuse(): Promise<void> {
    for (const pair of pairs) cut(pair);
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }

  await listen(0);
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    port,
    get taken() {
      return taken;
    },
    pass() {
      mode = 'pass';
      delay = 0;
      for (const pair of pairs) if (pair.lossy) cut(pair);
    },
    swallow() {
      mode = 'swallow';
    },
    slow(milliseconds) {
      delay = milliseconds;
    },
    cutNextAnswer() {
      cutNext = true;
    },
    refuse,
    accept: () => listen(port),
    close: refuse,
  };
}
