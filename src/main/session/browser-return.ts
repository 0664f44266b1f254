// Signing in elsewhere, in the browser of the system (RFC 8252): the application waits on this computer, at an address with a
// secret in it and for one visit, while the person is at the provider. What comes back is a code that only the verifier made here
// turns into anything; passwords of the provider never come near the application.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fromErrorData, OutpostError, type ErrorCode } from '#shared/kernel/errors.ts';
import type { BegunSso } from '#shared/sync/sso-messages.ts';

export interface BrowserReturn {
  readonly code: string;
  readonly codeVerifier: string;
}

/** Of the page that the browser shows at the end. */
export interface ReturnWords {
  readonly language: string;
  readonly done: string;
  readonly failed: string;
  readonly close: string;
}

export interface BrowserVisit {
  readonly serverUrl: string;
  /** Tells the server where the browser comes back to. */
  readonly begin: (back: { readonly redirectUri: string; readonly codeChallenge: string }) => Promise<BegunSso>;
  readonly openExternal: (url: string) => Promise<void>;
  readonly words: () => ReturnWords;
  readonly signal: AbortSignal;
}

/** @throws OutpostError `cancelled`, `sso_expired`, what the server or the provider refused with */
export async function visitBrowser(visit: BrowserVisit): Promise<BrowserReturn> {
  const codeVerifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  const secret = randomBytes(24).toString('base64url');
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const origin = `http://127.0.0.1:${String(port)}`;
    const begun = await visit.begin({ redirectUri: `${origin}/${secret}`, codeChallenge });
    const returned = waitForReturn(server, origin, secret, visit.words);
    const ended = waitForEnd(visit.signal, begun.expiresInSeconds);
    // Only an address of the server that was typed is opened, whatever that server answers.
    await visit.openExternal(`${visit.serverUrl}/sso/leave?flow=${encodeURIComponent(begun.flow)}`);
    const query = await Promise.race([returned, ended.promise]).finally(ended.stop);
    return { code: readCode(query), codeVerifier };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function waitForEnd(
  signal: AbortSignal,
  seconds: number,
): { readonly promise: Promise<never>; readonly stop: () => void } {
  const ending = new AbortController();
  const promise = new Promise<never>((_settle, fail) => {
    const timer = setTimeout(
      () => fail(new OutpostError('sso_expired', 'This sign-in took too long. Start again.')),
      seconds * 1000,
    );
    const cancel = (): void => fail(new OutpostError('cancelled', 'Signing in was cancelled.'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { signal: ending.signal });
    ending.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  return { promise, stop: () => ending.abort() };
}

function waitForReturn(
  server: Server,
  origin: string,
  secret: string,
  words: () => ReturnWords,
): Promise<URLSearchParams> {
  return new Promise((settle) => {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const url = URL.parse(request.url ?? '', origin);
      const isMeant =
        request.method === 'GET' &&
        `http://${request.headers.host ?? ''}` === origin &&
        isEqual(url?.pathname ?? '', `/${secret}`);
      if (!isMeant || url === null) {
        response.writeHead(404).end();
        return;
      }
      const isDone = url.searchParams.has('code');
      response.writeHead(isDone ? 200 : 400, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      });
      // The page is there before the connection goes.
      response.end(pageOf(words(), isDone), () => settle(url.searchParams));
    });
  });
}

function isEqual(shown: string, kept: string): boolean {
  const [left, right] = [Buffer.from(shown), Buffer.from(kept)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Words of our own only: nothing of what came with the request stands in it. */
function pageOf({ language, done, failed, close }: ReturnWords, isDone: boolean): string {
  const title = isDone ? done : failed;
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;display:grid;place-content:center;min-height:90vh;margin:0 24px;text-align:center}h1{font-size:20px;margin:0 0 8px}p{margin:0;opacity:.8}
</style></head><body><main><h1>${title}</h1><p>${close}</p></main></body></html>`;
}

const refusals: readonly ErrorCode[] = [
  'sso_refused',
  'sso_expired',
  'provider_failed',
  'address_forbidden',
  'not_found',
  'account_deactivated',
  'sso_not_set_up',
];

function readCode(query: URLSearchParams): string {
  const code = query.get('code');
  if (code !== null && code.length <= 200) return code;
  const error = refusals.find((known) => known === query.get('error')) ?? 'sso_refused';
  const [reason, failure] = [query.get('reason'), query.get('failure')];
  throw fromErrorData({
    code: error,
    message: 'The sign-in in the browser was refused.',
    details: {
      ...(reason === null ? {} : { reason: reason.slice(0, 64) }),
      ...(failure === null ? {} : { failure: failure.slice(0, 64) }),
    },
  });
}
