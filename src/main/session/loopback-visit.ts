// One visit of the system's browser that comes back (RFC 8252): the application waits on this computer, at a loopback address
// with a secret in it and for one visit. What comes back there was done on this computer, whoever else has the address of the
// page; everything that asks for anything else finds nothing.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OutpostError } from '#shared/kernel/errors.ts';

/** Where the browser comes back to: `http://127.0.0.1:PORT/SECRET`. */
export interface LoopbackPlace {
  readonly port: number;
  readonly secret: string;
  readonly address: string;
}

/** What the browser is shown when it came back. */
export interface LoopbackReply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
}

export interface BegunVisit {
  readonly limitMs: number;
  /** What is said when it took longer. */
  readonly tooLate: OutpostError;
  readonly open: () => Promise<void>;
  /** Null: this is not the visit that is waited for. */
  readonly replyTo: (query: URLSearchParams) => LoopbackReply | null;
}

/** What came back. @throws OutpostError `cancelled`, `tooLate`, and what `begin` throws */
export async function waitForVisit(
  begin: (place: LoopbackPlace) => Promise<BegunVisit>,
  signal: AbortSignal,
): Promise<URLSearchParams> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${String(port)}`;
  const secret = randomBytes(24).toString('base64url');
  const ending = new AbortController();
  try {
    const begun = await begin({ port, secret, address: `${origin}/${secret}` });
    const returned = waitForReturn(server, origin, secret, begun);
    const ended = waitForEnd(begun, signal, ending.signal);
    const [query] = await Promise.all([Promise.race([returned, ended]), begun.open()]);
    return query;
  } finally {
    ending.abort();
    server.closeAllConnections();
    server.close();
  }
}

function waitForReturn(
  server: Server,
  origin: string,
  secret: string,
  { replyTo }: BegunVisit,
): Promise<URLSearchParams> {
  return new Promise((settle) => {
    server.on('request', ({ method, url: path = '', headers }, response) => {
      const url = URL.parse(path, origin);
      const isHere = method === 'GET' && `http://${headers.host ?? ''}` === origin;
      const isMeant = isHere && url !== null && isEqual(url.pathname, `/${secret}`);
      const reply = isMeant ? replyTo(url.searchParams) : null;
      if (!isMeant || reply === null) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(reply.status, { 'cache-control': 'no-store', ...reply.headers });
      // The page is there before the connection goes.
      response.end(reply.body ?? '', () => settle(url.searchParams));
    });
  });
}

function waitForEnd({ limitMs, tooLate }: BegunVisit, signal: AbortSignal, done: AbortSignal): Promise<never> {
  return new Promise((_settle, fail) => {
    const timer = setTimeout(() => fail(tooLate), limitMs);
    done.addEventListener('abort', () => clearTimeout(timer));
    const cancel = (): void => fail(new OutpostError('cancelled', 'Taken back.'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { signal: done });
  });
}

function isEqual(shown: string, kept: string): boolean {
  const [left, right] = [Buffer.from(shown), Buffer.from(kept)];
  return left.length === right.length && timingSafeEqual(left, right);
}
