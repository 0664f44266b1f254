// Memory that 2,000 connected, idle devices cost a server: what its process holds with them minus what it held without,
// after both settled. Every socket is signed in as a device of its own, and all are still there at the end. Loopback only.
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Figure } from '#test/bench/figure.ts';
import { startProgram } from '#test/bench/start-program.ts';

const SOCKETS = 2_000;
const AT_ONCE = 40;
const SETTLE_MS = 3_000;

interface Greeting {
  readonly url: string;
  readonly processId: number;
  readonly tokens: readonly string[];
}

function residentMb(processId: number): number {
  const status = readFileSync(`/proc/${String(processId)}/status`, 'utf8');
  return (Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN) * 1024) / 1e6;
}

const settle = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

async function connect(url: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/sync/v1/live`, {
    headers: { authorization: `Bearer ${token}` },
  });
  // The first message says that the device is known and heard.
  await Promise.race([
    once(socket, 'message'),
    once(socket, 'close').then(() => Promise.reject(new Error('a socket was refused'))),
  ]);
  return socket;
}

export const sockets: Figure = {
  name: 'sockets-2000',
  unit: 'MB',
  target: { is: '<=', limit: 250 },
  async measure() {
    const server = await startProgram<Greeting>('sockets-server.ts', [String(SOCKETS)]);
    const open: WebSocket[] = [];
    try {
      const { url, processId, tokens } = server.greeting;
      await settle();
      const before = residentMb(processId);
      for (let from = 0; from < tokens.length; from += AT_ONCE)
        open.push(...(await Promise.all(tokens.slice(from, from + AT_ONCE).map((token) => connect(url, token)))));
      await settle();
      const after = residentMb(processId);
      const living = open.filter((socket) => socket.readyState === WebSocket.OPEN).length;
      if (living !== SOCKETS) throw new Error(`only ${String(living)} of ${String(SOCKETS)} sockets are open`);
      return {
        value: after - before,
        notes: [
          `the server held ${before.toFixed(0)} MB before and ${after.toFixed(0)} MB with ${String(living)} sockets: ${(((after - before) / SOCKETS) * 1000).toFixed(0)} KB each`,
        ],
      };
    } finally {
      for (const socket of open) socket.terminate();
      await server.stop();
    }
  },
};
