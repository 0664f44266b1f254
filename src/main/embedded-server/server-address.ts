// The address of the embedded server: a port that was free once and is kept, because who signed in is known by the
// server's address. Only when another program listens there at a start, the server moves, and the accounts with it.
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';

const HOST = '127.0.0.1';

export interface ServerAddress {
  /** Null before the first start. */
  readonly url: () => string | null;
  /** 0 before the first start. */
  readonly port: () => number;
  remember(url: string): void;
  /** Looks whether the port can still be had, and takes another one when not. Both addresses when it moved. */
  settle(): Promise<{ readonly from: string; readonly to: string } | null>;
}

/** The port when it could be had, 0 takes any; null when it is taken. */
async function findPort(wanted: number): Promise<number | null> {
  const probe = createServer();
  try {
    probe.listen({ host: HOST, port: wanted, exclusive: true });
    await once(probe, 'listening');
  } catch {
    // In use, or not for us: both mean it cannot be had.
    return null;
  }
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function readPort(file: string): number {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return /^[1-9]\d{3,4}$/.test(text) ? Number(text) : 0;
}

export function openServerAddress(file: string): ServerAddress {
  let port = readPort(file);
  const urlOf = (known: number): string => `http://${HOST}:${known}`;
  function remember(next: number): void {
    if (next === port) return;
    port = next;
    writeFileAtomically(file, String(next));
  }
  return {
    url: () => (port === 0 ? null : urlOf(port)),
    port: () => port,
    remember: (url) => remember(Number(new URL(url).port)),
    async settle() {
      if (port === 0 || (await findPort(port)) !== null) return null;
      const other = await findPort(0);
      if (other === null) return null;
      const from = urlOf(port);
      remember(other);
      return { from, to: urlOf(other) };
    },
  };
}
