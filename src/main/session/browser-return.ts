// Signing in elsewhere, in the browser of the system, while the person is at the provider. What comes back is a code that only
// the verifier made here turns into anything; passwords of the provider never come near the application.
import { createHash, randomBytes } from 'node:crypto';
import { waitForVisit, type LoopbackReply } from '#main/session/loopback-visit.ts';
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
  const query = await waitForVisit(async ({ address }) => {
    const begun = await visit.begin({ redirectUri: address, codeChallenge });
    return {
      limitMs: begun.expiresInSeconds * 1000,
      tooLate: new OutpostError('sso_expired', 'This sign-in took too long. Start again.'),
      // Only an address of the server that was typed is opened, whatever that server answers.
      open: () => visit.openExternal(`${visit.serverUrl}/sso/leave?flow=${encodeURIComponent(begun.flow)}`),
      replyTo: (shown) => pageOf(visit.words(), shown.has('code')),
    };
  }, visit.signal);
  return { code: readCode(query), codeVerifier };
}

/** Words of our own only: nothing of what came with the request stands in it. */
export function pageOf({ language, done, failed, close }: ReturnWords, isDone: boolean): LoopbackReply {
  const title = isDone ? done : failed;
  const body = `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;display:grid;place-content:center;min-height:90vh;margin:0 24px;text-align:center}h1{font-size:20px;margin:0 0 8px}p{margin:0;opacity:.8}
</style></head><body><main><h1>${title}</h1><p>${close}</p></main></body></html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'referrer-policy': 'no-referrer',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  };
  return { status: isDone ? 200 : 400, headers, body };
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
