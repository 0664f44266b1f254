// A real OpenID provider on this computer, with people of its own. What it answers at its token endpoint can be changed before
// it leaves, signed anew with its own key, to see what a client does with it.
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { decodeJwt, exportJWK, generateKeyPair, importJWK, SignJWT, type JWTPayload } from 'jose';
import { Provider } from 'oidc-provider';
import { BrowserVisit } from '#test/support/browser-visit.ts';

export interface OidcPerson {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
  readonly [claim: string]: unknown;
}

export interface TestOidcProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** By the name they sign in with, which is their subject. */
  readonly people: Map<string, OidcPerson>;
  /** Changes the claims of the next ID tokens; signed anew, with a foreign key when `isForeign`. */
  tamper: { claims: (claims: JWTPayload) => JWTPayload; isForeign?: boolean } | null;
  /** Requests by path, in order. */
  readonly asked: string[];
  /** Opens the address in a browser and signs in there; answers where the browser ended. */
  signIn(address: string, login: string, stopAt: string): Promise<URL>;
  stop(): Promise<void>;
}

export async function startOidcProvider(redirectUri: string): Promise<TestOidcProvider> {
  const server = http.createServer((request, response) => {
    asked.push((request.url ?? '').split('?')[0] ?? '');
    void handle(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const [clientId, clientSecret] = ['outpost', 'the secret of the client'];
  const people = new Map<string, OidcPerson>();
  const asked: string[] = [];
  const own = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(own.privateKey)), kid: 'own', alg: 'RS256', use: 'sig' };
  const provider = new Provider(issuer, {
    jwks: { keys: [jwk] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    scopes: ['openid', 'email', 'profile', 'groups'],
    claims: { openid: ['sub'], email: ['email', 'email_verified', 'hd'], profile: ['name'], groups: ['groups'] },
    conformIdTokenClaims: true,
    cookies: { keys: ['a key of the test'] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_context, id) => {
      const person = people.get(id);
      if (person === undefined) return undefined;
      return { accountId: id, claims: async () => ({ sub: id, ...person }) };
    },
  });
  // Dev interactions and a key of the test are meant here.
  const found: TestOidcProvider = {
    issuer,
    clientId,
    clientSecret,
    people,
    tamper: null,
    asked,
    async signIn(address, login, stopAt) {
      const browser = new BrowserVisit(stopAt);
      const form = await browser.open(address);
      if (form.status === 0) return form.url;
      const consent = await browser.submit(form, { login, password: 'any' });
      if (consent.status === 0) return consent.url;
      return (await browser.submit(consent, {})).url;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  provider.use(async (context, next) => {
    await next();
    const body = context.body as { id_token?: string } | undefined;
    const { tamper } = found;
    if (context.path !== '/token' || tamper === null || body?.id_token === undefined) return;
    const claims = tamper.claims(decodeJwt(body.id_token));
    const key = tamper.isForeign === true ? foreign.privateKey : await importJWK(jwk, 'RS256');
    body.id_token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(key);
  });
  const handle = provider.callback();
  return found;
}
