// Stands before a server and passes everything on, until a test tells it to answer for itself: as a server of another
// version would, or not at all.
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OwnAnswer {
  readonly status: number;
  /** Sent as JSON; a text is sent as it is. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FrontServer {
  readonly url: string;
  /** Answers in the server's place, or null to pass the request on. */
  answer: (path: string) => OwnAnswer | null;
  close(): Promise<void>;
}

function passOn(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method = 'GET', url = '/', headers } = incoming;
  const onward = request(`${target}${url}`, { method, headers }, (reply) => {
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

export async function startFrontServer(target: string): Promise<FrontServer> {
  const server = createServer((incoming, outgoing) => {
    const own = front.answer(incoming.url ?? '/');
    if (own === null) {
      passOn(target, incoming, outgoing);
      return;
    }
    incoming.resume();
    outgoing.writeHead(own.status, { 'content-type': 'application/json', ...own.headers });
    outgoing.end(typeof own.body === 'string' ? own.body : JSON.stringify(own.body));
  });
  // Live sockets are not passed on; the application asks by itself then.
  server.on('upgrade', (_request, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const front: FrontServer = {
    url: `http://127.0.0.1:${port}`,
    answer: () => null,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return front;
}
