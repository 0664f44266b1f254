// Passwords and tokens of mailboxes: in the keychain of the computer and nowhere else. A token that runs out is renewed with
// the provider; when the provider does not, the person signs in again.
import { createHash, randomBytes } from 'node:crypto';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { SecretName, SecretStore } from '#main/secrets/secret-store.ts';
import { waitForVisit } from '#main/session/loopback-visit.ts';
import { pageOf, type ReturnWords } from '#main/session/browser-return.ts';
import type { Connector, Credential } from '#main/mail/connect.ts';
import type { StoredAccount } from '#main/mail/kept-accounts.ts';
import { askChecked, type CheckedAnswer, type CheckedRequest, type Resolve } from '#main/mail/reach-host.ts';

const MINUTE_MS = 60_000;
const VISIT_LIMIT_MS = 10 * MINUTE_MS;
const MOST_ANSWER_BYTES = 64 * 1024;

type Kept =
  | { readonly kind: 'password'; readonly password: string }
  | {
      readonly kind: 'token';
      readonly accessToken: string;
      readonly refreshToken: string;
      readonly endsAtMs: number;
    };

export interface CredentialDeps {
  readonly secrets: () => SecretStore;
  readonly profileId: () => string;
  readonly clock: Clock;
  readonly openExternal: (url: string) => Promise<void>;
  readonly words: () => ReturnWords;
  readonly resolve?: Resolve;
  /** Asks a provider; the checked way out of this computer. */
  readonly ask?: (url: string, request: CheckedRequest) => Promise<CheckedAnswer>;
}

export type Credentials = ReturnType<typeof createCredentials>;

export function createCredentials(deps: CredentialDeps) {
  const ask = deps.ask ?? askChecked;
  const nameIn = (profileId: string, accountId: string): SecretName => `mail:${profileId}:${accountId}`;
  const nameOf = (accountId: string): SecretName => nameIn(deps.profileId(), accountId);
  let visiting: AbortController | null = null;
  /** One renewal at a time: some providers take a refresh token once. */
  const renewing = new Map<string, Promise<Kept>>();

  async function read(accountId: string): Promise<Kept | null> {
    const text = await deps.secrets().get(nameOf(accountId));
    return text === null ? null : (JSON.parse(text) as Kept);
  }
  const write = (accountId: string, kept: Kept): Promise<void> =>
    deps.secrets().set(nameOf(accountId), JSON.stringify(kept));

  async function askToken(
    account: StoredAccount,
    form: Readonly<Record<string, string>>,
    before: string,
  ): Promise<Kept> {
    const { oauth, isOwnNetwork } = account;
    if (oauth === null) throw signInAgain();
    const answer = await ask(oauth.tokenUrl, {
      isOwnNetwork,
      ...(deps.resolve === undefined ? {} : { resolve: deps.resolve }),
      form: {
        client_id: oauth.clientId,
        ...(oauth.clientSecret === '' ? {} : { client_secret: oauth.clientSecret }),
        ...form,
      },
      mostBytes: MOST_ANSWER_BYTES,
      limitMs: 20_000,
    });
    // A provider that is down is no reason to sign in again; one that says no is.
    if (answer.status >= 500)
      throw new OutpostError('mailbox_failed', 'The provider does not answer.', { failure: 'unreachable' });
    const told = readJson(answer.bytes);
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = told;
    if (answer.status !== 200 || typeof accessToken !== 'string') throw signInAgain();
    return {
      kind: 'token',
      accessToken,
      refreshToken: typeof refreshToken === 'string' ? refreshToken : before,
      endsAtMs: deps.clock.now() + (typeof seconds === 'number' ? seconds : 3600) * 1000,
    };
  }

  async function renew(account: StoredAccount, refreshToken: string): Promise<Kept> {
    const fresh = await askToken(account, { grant_type: 'refresh_token', refresh_token: refreshToken }, refreshToken);
    await write(account.id, fresh);
    return fresh;
  }

  async function credential(account: StoredAccount): Promise<Credential> {
    const kept = await read(account.id);
    if (kept === null) throw signInAgain();
    if (kept.kind === 'password') return { password: kept.password };
    if (kept.endsAtMs > deps.clock.now() + MINUTE_MS) return { accessToken: kept.accessToken };
    const running = renewing.get(account.id) ?? renew(account, kept.refreshToken);
    renewing.set(account.id, running);
    try {
      const fresh = await running;
      return fresh.kind === 'token' ? { accessToken: fresh.accessToken } : { password: fresh.password };
    } finally {
      renewing.delete(account.id);
    }
  }

  return {
    connector: { credential, ...(deps.resolve === undefined ? {} : { resolve: deps.resolve }) } satisfies Connector,
    setPassword: (accountId: string, password: string): Promise<void> =>
      write(accountId, { kind: 'password', password }),
    forget: (accountId: string): Promise<void> => deps.secrets().delete(nameOf(accountId)),
    /** Of a profile that may not be open. */
    forgetIn: (profileId: string, accountId: string): Promise<void> =>
      deps.secrets().delete(nameIn(profileId, accountId)),
    /** One visit of the browser (RFC 8252, PKCE). @throws OutpostError `cancelled`, `sign_in_again` */
    async signIn(account: StoredAccount): Promise<void> {
      const { oauth } = account;
      const start = oauth === null ? null : URL.parse(oauth.authorizeUrl);
      if (oauth === null || start?.protocol !== 'https:' || start.username !== '')
        throw new OutpostError('address_forbidden', 'A provider is asked by https only.', {
          host: oauth?.authorizeUrl ?? '',
        });
      visiting?.abort();
      const own = new AbortController();
      visiting = own;
      const verifier = randomBytes(32).toString('base64url');
      const state = randomBytes(16).toString('base64url');
      let redirect = '';
      try {
        const query = await waitForVisit(({ address }) => {
          redirect = address;
          const asked = {
            client_id: oauth.clientId,
            response_type: 'code',
            redirect_uri: address,
            scope: oauth.scope,
            state,
            code_challenge: createHash('sha256').update(verifier).digest('base64url'),
            code_challenge_method: 'S256',
            access_type: 'offline',
            prompt: 'consent',
            login_hint: account.address,
          };
          for (const [name, value] of Object.entries(asked)) start.searchParams.set(name, value);
          return Promise.resolve({
            limitMs: VISIT_LIMIT_MS,
            tooLate: new OutpostError('cancelled', 'This sign-in took too long. Start again.'),
            open: () => deps.openExternal(start.href),
            replyTo: (shown) => (shown.get('state') === state ? pageOf(deps.words(), shown.has('code')) : null),
          });
        }, own.signal);
        const code = query.get('code');
        if (code === null) throw signInAgain();
        const form = { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier };
        await write(account.id, await askToken(account, form, ''));
      } finally {
        if (visiting === own) visiting = null;
      }
    },
    cancelSignIn(): void {
      visiting?.abort();
      visiting = null;
    },
  };
}

function signInAgain(): OutpostError {
  return new OutpostError('sign_in_again', 'The provider asks to sign in again.');
}

function readJson(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // No answer of this protocol.
    return {};
  }
}
