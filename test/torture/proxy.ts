/** A TCP proxy in front of a Redis or a Postgres, which can go half-open and lose replies. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  readonly port: number;
  /** Requests arrive, replies are swallowed; then the connections break. */
  halfOpen(pause: () => Promise<void>): Promise<void>;
  /** Every connection that sends something is cut when the server has got it, for a while. */
  loseReplies(pause: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export async function startProxy(target: number): Promise<Proxy> {
  let mode: 'pass' | 'swallow' | 'cut' = 'pass';
  /** Connections whose replies were swallowed. */
  const broken = new Set<Socket>();
  const open = new Set<Socket>();

  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    open.add(near).add(far);
    near.on('data', (bytes) => {
      far.write(bytes);
      if (mode !== 'cut') return;
      near.destroy();
      broken.add(far);
    });
    far.on('data', (bytes) => {
      if (mode === 'pass' && !broken.has(far)) near.write(bytes);
      else broken.add(far).add(near);
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => undefined); // 'close' follows
      socket.on('close', () => {
        open.delete(socket);
        other.end(); // what was sent still arrives
        if (socket === far) near.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  async function during(trouble: typeof mode, pause: () => Promise<void>): Promise<void> {
    mode = trouble;
    await pause();
    mode = 'pass';
    for (const socket of broken) socket.destroy();
    broken.clear();
  }

  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    halfOpen: (pause) => during('swallow', pause),
    loseReplies: (pause) => during('cut', pause),
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
