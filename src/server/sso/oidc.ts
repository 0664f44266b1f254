// OpenID Connect as a confidential client: discovery, authorization code with PKCE, state and nonce; the ID token is checked
// with its signature, issuer, audience and times. All requests go out through the egress rules.
import * as client from 'openid-client';
import { OutpostError, toOutpostError } from '#shared/kernel/errors.ts';
import type { OidcSettings } from '#shared/sync/sso-messages.ts';
import type { Egress } from '#server/egress/egress.ts';
import { domainOf } from '#server/sso/domains.ts';
import type { FlowSecrets } from '#server/sso/flows.ts';
import { refuseSso, textsOf, type ProvenIdentity } from '#server/sso/proven-identity.ts';

const ANSWER_LIMIT_S = 10;

/** Some providers know one way to show the secret, some the other; its metadata says which. */
function showSecret(secret: string): client.ClientAuth {
  const [post, basic] = [client.ClientSecretPost(secret), client.ClientSecretBasic(secret)];
  return (server, ...rest) => {
    const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    (ways.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

function fetchThrough(egress: Egress): client.CustomFetch {
  return (url, { method, headers, body, signal }) =>
    egress.fetch(url, {
      method,
      headers,
      body: textOfBody(body),
      signal,
    });
}

/** Of what the library sends: forms and JSON. */
function textOfBody(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  return body instanceof URLSearchParams ? body.toString() : new TextDecoder().decode(toBytes(body));
}

function toBytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return new TextEncoder().encode(body);
  throw new OutpostError('internal', 'A request with a body that is not read.');
}

function failure(error: unknown): OutpostError {
  const known = error instanceof OutpostError ? error : findCause(error);
  if (known !== null) return known;
  return new OutpostError(
    'provider_failed',
    'The provider could not be reached, or its answer is not understood.',
    { failure: 'noAnswer' },
    { cause: error },
  );
}

/** The library wraps what our fetch throws. */
function findCause(error: unknown): OutpostError | null {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof OutpostError) return at;
  return null;
}

export async function discoverProvider(
  egress: Egress,
  settings: OidcSettings,
  secret: string | null,
): Promise<client.Configuration> {
  const execute = [client.enableNonRepudiationChecks];
  // Plain HTTP goes nowhere but to what the operator allowed: the egress rules see to it.
  if (settings.issuer.startsWith('http://')) execute.push(client.allowInsecureRequests);
  try {
    return await client.discovery(
      new URL(settings.issuer),
      settings.clientId,
      undefined,
      secret === null ? client.None() : showSecret(secret),
      { [client.customFetch]: fetchThrough(egress), execute, timeout: ANSWER_LIMIT_S },
    );
  } catch (error) {
    throw failure(error);
  }
}

export async function createOidcSecrets(): Promise<FlowSecrets> {
  return { verifier: client.randomPKCECodeVerifier(), nonce: client.randomNonce(), requestId: '' };
}

export async function addressAtProvider(
  provider: client.Configuration,
  settings: OidcSettings,
  asked: {
    readonly redirectUri: string;
    readonly state: string;
    readonly secrets: FlowSecrets;
    readonly email: string;
  },
): Promise<string> {
  const scopes = new Set(['openid', 'email', 'profile', ...settings.scopes.split(/\s+/).filter((each) => each !== '')]);
  const domain = settings.preset === 'google' ? domainOf(asked.email) : null;
  return client.buildAuthorizationUrl(provider, {
    redirect_uri: asked.redirectUri,
    scope: [...scopes].join(' '),
    code_challenge: await client.calculatePKCECodeChallenge(asked.secrets.verifier),
    code_challenge_method: 'S256',
    state: asked.state,
    nonce: asked.secrets.nonce,
    ...(asked.email === '' ? {} : { login_hint: asked.email }),
    ...(domain === null ? {} : { hd: domain }),
  }).href;
}

type Claims = Readonly<Record<string, unknown>>;

/** `answer`: the address the browser came back to. @throws OutpostError `sso_refused`, `provider_failed` */
export async function readOidcAnswer(
  provider: client.Configuration,
  settings: OidcSettings,
  answer: URL,
  expected: { readonly state: string; readonly secrets: FlowSecrets },
): Promise<ProvenIdentity> {
  try {
    const tokens = await client.authorizationCodeGrant(provider, answer, {
      pkceCodeVerifier: expected.secrets.verifier,
      expectedState: expected.state,
      expectedNonce: expected.secrets.nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw refuseSso('wrongAnswer');
    const more = lacksSomething(claims, settings) ? await askUserInfo(provider, tokens.access_token, claims.sub) : {};
    return toIdentity({ ...more, ...claims }, settings);
  } catch (error) {
    if (error instanceof client.AuthorizationResponseError) throw refuseSso('cancelled', error);
    const known = findCause(error);
    throw known ?? refuseSso('wrongAnswer', toOutpostError(error));
  }
}

function lacksSomething(claims: Claims, { groupsClaim }: OidcSettings): boolean {
  return claims['email'] === undefined || (groupsClaim !== '' && claims[groupsClaim] === undefined);
}

async function askUserInfo(provider: client.Configuration, accessToken: string, subject: string): Promise<Claims> {
  if (provider.serverMetadata().userinfo_endpoint === undefined) return {};
  return client.fetchUserInfo(provider, accessToken, subject);
}

function toIdentity(claims: Claims, settings: OidcSettings): ProvenIdentity {
  const [email = null] = textsOf(claims['email']);
  const [name = null] = textsOf(claims['name']);
  const [subject = ''] = textsOf(claims['sub']);
  return {
    subject,
    email,
    isEmailVerified: isVerified(claims, settings, email),
    name,
    groups: settings.groupsClaim === '' ? [] : textsOf(claims[settings.groupsClaim]),
    // RFC 8176.
    isStrong: textsOf(claims['amr']).includes('mfa'),
  };
}

/** Google also lets in whoever once had a mailbox: only the account of the company's own directory counts. */
function isVerified(claims: Claims, settings: OidcSettings, email: string | null): boolean {
  const isSaid = claims['email_verified'] === true || claims['email_verified'] === 'true';
  if (settings.preset === 'google') return isSaid && email !== null && claims['hd'] === domainOf(email);
  return isSaid || (settings.emailsAreVerified && claims['email_verified'] === undefined);
}
