/** A request of Node once more, by a connection of its own to the same server, as if its client had sent it again; the response goes nowhere. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { AGAIN, isLeftOut, serverOf } from './again.ts';

/** Resolves when it has been answered; `undefined` where there is no server to give it to. */
export function runAgain(req: IncomingMessage, what: number): Promise<void> | undefined {
  const server = serverOf(req);
  if (!server) return undefined;
  const { socket } = req;
  return new Promise((resolve) => {
    setImmediate(() => {
      const line = lineLike(socket, textOf(req));
      AGAIN.set(line, what);
      line.once('close', resolve);
      line.once('error', () => undefined); // nobody waits for the response
      server.emit('encrypted' in socket ? 'secureConnection' : 'connection', line); // which any Duplex may be
    });
  });
}

/** It says of the client what the socket says, has the request, and takes what is written. */
function lineLike(socket: Socket, request: string): Duplex {
  const { remoteAddress, remotePort, remoteFamily, localAddress, localPort, localFamily } = socket;
  const line = new Duplex({
    read() {},
    write: (_chunk, _encoding, taken) => taken(),
    final(ended) {
      ended();
      line.destroy();
    },
  });
  line.push(request, 'latin1'); // as Node has read it
  const itself = (): Duplex => line;
  const methods = { setTimeout: itself, setNoDelay: itself, setKeepAlive: itself, ref: itself, unref: itself };
  const address = { remoteAddress, remotePort, remoteFamily, localAddress, localPort, localFamily };
  return Object.assign(line, address, methods, 'encrypted' in socket && ofTls(socket));
}

interface Secure {
  readonly authorized?: boolean;
  getPeerCertificate?(detailed?: boolean): unknown;
}

function ofTls(socket: Socket & Secure): object {
  const { authorized } = socket;
  const getPeerCertificate = (detailed?: boolean): unknown => socket.getPeerCertificate?.(detailed);
  return { encrypted: true, authorized, alpnProtocol: 'http/1.1', getPeerCertificate };
}

function textOf({ originalUrl, url = '/', rawHeaders }: IncomingMessage & { readonly originalUrl?: string }): string {
  const target = originalUrl ?? url; // a router may have shortened `url`
  const lines = rawHeaders.flatMap((name, i) => (i % 2 || isLeftOut(name) ? [] : [`${name}: ${rawHeaders[i + 1]}`]));
  return [`GET ${target} HTTP/1.1`, ...lines, 'Connection: close', '', ''].join('\r\n');
}
