// A server's door for pages of other origins: hands requests and answers through as they are and allows what browsers ask
// about. The server itself speaks to programs only.
import { createServer, request as callServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PageDoor {
  readonly url: string;
  close(): void;
}

export async function openToPages(serverUrl: string): Promise<PageDoor> {
  const server = createServer((incoming, outgoing) => {
    const allowed = {
      'access-control-allow-origin': incoming.headers.origin ?? '*',
      'access-control-allow-headers': incoming.headers['access-control-request-headers'] ?? '*',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '600',
    };
    if (incoming.method === 'OPTIONS') {
      outgoing.writeHead(204, allowed).end();
      return;
    }
    const { host: _host, origin: _origin, ...headers } = incoming.headers;
    const call = callServer(`${serverUrl}${incoming.url ?? '/'}`, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...allowed });
      answer.pipe(outgoing);
    });
    call.once('error', () => outgoing.destroy());
    incoming.pipe(call);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
