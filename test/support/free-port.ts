import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

/** A port of this computer nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Somebody answers at this port. */
export async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((settle) => {
      socket.once('connect', () => settle(true));
      socket.once('error', () => settle(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((settle) => setTimeout(settle, 50));
  }
  throw new Error(`nothing listens on port ${String(port)}`);
}
