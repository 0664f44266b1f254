// One visit of the system's browser to the page of a passkey. The application waits on this computer, at a loopback address with a
// secret in it and for one visit; what comes back there was done on this computer, whoever else has the address of the page.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OutpostError } from '#shared/kernel/errors.ts';
import { PASSKEY_PATH, type BrowserBack, type PageAddress } from '#shared/sync/sign-in-messages.ts';

/** As long as the page works. */
const VISIT_LIMIT_MS = 5 * 60_000;

export interface PasskeyVisit {
  /** Tells the server where the browser comes back to. */
  readonly begin: (back: BrowserBack) => Promise<PageAddress>;
  readonly openExternal: (url: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/** What the page hands over. Throws `cancelled`, `challenge_over`, and what the server refuses with. */
export async function visitPasskeyPage({ begin, openExternal, signal }: PasskeyVisit): Promise<string> {
  const secret = randomBytes(24).toString('base64url');
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${String(port)}`;
  const ending = new AbortController();
  try {
    const page = new URL((await begin({ port, secret })).url);
    assertPage(page);
    const returned = new Promise<string>((settle) => {
      server.on('request', (request, response) => {
        const url = URL.parse(request.url ?? '', origin);
        const code = url?.searchParams.get('code') ?? '';
        const isHere = `http://${request.headers.host ?? ''}` === origin && request.method === 'GET';
        if (!isHere || code === '' || !isEqual(url?.pathname ?? '', `/${secret}`)) {
          response.writeHead(404).end();
          return;
        }
        // The page says in the person's language that it is done.
        response.writeHead(302, { location: `${page.origin}${PASSKEY_PATH}#done`, 'cache-control': 'no-store' });
        response.end(() => settle(code));
      });
    });
    const ended = new Promise<never>((_settle, fail) => {
      const timer = setTimeout(
        () => fail(new OutpostError('challenge_over', 'This took too long. Begin once more.')),
        VISIT_LIMIT_MS,
      );
      ending.signal.addEventListener('abort', () => clearTimeout(timer));
      const cancel = (): void => fail(new OutpostError('cancelled', 'Taken back.'));
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel, { signal: ending.signal });
    });
    const [code] = await Promise.all([Promise.race([returned, ended]), openExternal(page.href)]);
    return code;
  } finally {
    ending.abort();
    server.closeAllConnections();
    server.close();
  }
}

/** Only a page of the web is opened, or one of this computer, whatever a server answers. */
function assertPage({ protocol, hostname, username, password, pathname }: URL): void {
  const isWeb = protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost');
  if (!isWeb || username !== '' || password !== '' || pathname !== PASSKEY_PATH)
    throw new OutpostError('wrong_answer', 'The server answered with an address that is not opened.');
}

function isEqual(shown: string, kept: string): boolean {
  const [left, right] = [Buffer.from(shown), Buffer.from(kept)];
  return left.length === right.length && timingSafeEqual(left, right);
}
