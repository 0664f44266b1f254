// A program: devices of colleagues, each connected and pulling whenever it is poked, with the desktop's own HTTP client. Says
// in one line of JSON that all are connected; the word `rest` on its input makes them ask for nothing any more; ends with its
// input. Arguments: the server's address, numbers of the first person and of the one after the last.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { createExchange } from '#main/sync/exchange.ts';
import { createServerClient } from '#main/sync/server-client.ts';
import { signIn } from '#test/support/start-server.ts';

const [url = '', first, end] = process.argv.slice(2);
const client = createServerClient(createExchange());
const state = { pulls: true };

/** A colleague's device: connected, and pulling whenever it is poked. */
async function follow(person: number): Promise<WebSocket> {
  const grant = await signIn({ url }, `person-${String(person)}`);
  let token: string | null = null;
  let isPulling = false;
  let isPoked = false;
  async function pull(): Promise<void> {
    isPoked = true;
    if (isPulling || !state.pulls) return;
    isPulling = true;
    while (isPoked) {
      isPoked = false;
      const page = await client.pull(url, grant.accessToken, { protocol: 1, token });
      ({ token } = page);
      isPoked ||= !page.caughtUp;
    }
    isPulling = false;
  }
  const socket = new WebSocket(`${url.replace('http', 'ws')}/sync/v1/live?presence=1`, {
    headers: { authorization: `Bearer ${grant.accessToken}` },
  });
  const fail = (error: unknown): void => void process.stderr.write(`a device could not follow: ${String(error)}\n`);
  socket.on('message', (data: Buffer) => {
    if (data.toString() === '{"t":"poke"}') pull().catch(fail);
  });
  await once(socket, 'message');
  return socket;
}

const sockets: WebSocket[] = [];
for (let person = Number(first); person < Number(end); person += 1) sockets.push(await follow(person));
process.stdout.write(`${JSON.stringify({ connected: sockets.length })}\n`);
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  if (line !== 'rest') return;
  state.pulls = false;
  process.stdout.write('{}\n');
});
input.once('close', () => {
  for (const socket of sockets) socket.terminate();
});
