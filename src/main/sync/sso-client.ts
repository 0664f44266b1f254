// What a computer asks its server about signing in with providers, and what administrators set up there.
import type { Static, TSchema } from 'typebox';
import { AdmissionSchema, type Admission } from '#shared/sync/sign-in-messages.ts';
import {
  AddressWaysSchema,
  BegunSsoSchema,
  FoundMetadataSchema,
  ProviderSchema,
  SsoOverviewSchema,
  SsoTrialSchema,
  type AddressWays,
  type AskMetadata,
  type BeginSso,
  type BegunSso,
  type DirectorySignIn,
  type FinishSso,
  type FoundMetadata,
  type Provider,
  type ProviderInput,
  type SsoOverview,
  type SsoTrial,
} from '#shared/sync/sso-messages.ts';

type Back = Pick<BeginSso, 'redirectUri' | 'codeChallenge'>;
type Code = Pick<FinishSso, 'code' | 'codeVerifier'>;

export interface SsoClient {
  readWays(serverUrl: string, email: string): Promise<AddressWays>;
  begin(serverUrl: string, body: BeginSso): Promise<BegunSso>;
  finish(serverUrl: string, body: FinishSso): Promise<Admission>;
  signInWithDirectory(serverUrl: string, body: DirectorySignIn): Promise<Admission>;
  readSetup(serverUrl: string, accessToken: string): Promise<SsoOverview>;
  /** `id` null: a new one. */
  saveProvider(serverUrl: string, accessToken: string, id: string | null, input: ProviderInput): Promise<Provider>;
  readMetadata(serverUrl: string, accessToken: string, asked: AskMetadata): Promise<FoundMetadata>;
  removeProvider(serverUrl: string, accessToken: string, id: string): Promise<SsoOverview>;
  beginTrial(serverUrl: string, accessToken: string, id: string, back: Back): Promise<BegunSso>;
  finishTrial(serverUrl: string, accessToken: string, code: Code): Promise<SsoTrial>;
  tryDirectory(
    serverUrl: string,
    accessToken: string,
    id: string,
    login: { readonly email: string; readonly password: string },
  ): Promise<SsoTrial>;
  addDomain(serverUrl: string, accessToken: string, domain: string): Promise<SsoOverview>;
  verifyDomain(serverUrl: string, accessToken: string, domain: string): Promise<SsoOverview>;
  removeDomain(serverUrl: string, accessToken: string, domain: string): Promise<SsoOverview>;
  switchPassword(serverUrl: string, accessToken: string, domain: string, passwordOff: boolean): Promise<SsoOverview>;
  chooseBreakGlass(serverUrl: string, accessToken: string, userId: string | null): Promise<SsoOverview>;
}

type AskServer = <Schema extends TSchema>(request: {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly schema: Schema;
  readonly body?: unknown;
  readonly accessToken?: string;
  readonly limitMs?: number;
}) => Promise<Static<Schema>>;

/** The server asks a provider, a directory or the DNS meanwhile. */
const ASKING_LIMIT_MS = 45_000;
const setup = '/api/v1/organization/sign-in';

export function createSsoClient(ask: AskServer): SsoClient {
  const asking = { limitMs: ASKING_LIMIT_MS } as const;
  const schema = SsoOverviewSchema;
  const providerUrl = (serverUrl: string, id: string, part = ''): string =>
    `${serverUrl}${setup}/providers/${encodeURIComponent(id)}${part}`;
  const domainUrl = (serverUrl: string, domain: string, part = ''): string =>
    `${serverUrl}${setup}/domains/${encodeURIComponent(domain)}${part}`;
  return {
    readWays: (serverUrl, email) =>
      ask({ method: 'POST', url: `${serverUrl}/api/v1/auth/ways`, schema: AddressWaysSchema, body: { email } }),
    begin: (serverUrl, body) =>
      ask({ method: 'POST', url: `${serverUrl}/api/v1/auth/sso`, schema: BegunSsoSchema, body }),
    finish: (serverUrl, body) =>
      ask({ method: 'POST', url: `${serverUrl}/api/v1/auth/sso/finish`, schema: AdmissionSchema, body }),
    signInWithDirectory: (serverUrl, body) =>
      ask({ method: 'POST', url: `${serverUrl}/api/v1/auth/directory`, schema: AdmissionSchema, body, ...asking }),
    readSetup: (serverUrl, accessToken) => ask({ method: 'GET', url: `${serverUrl}${setup}`, schema, accessToken }),
    saveProvider: (serverUrl, accessToken, id, body) =>
      ask({
        method: id === null ? 'POST' : 'PUT',
        url: id === null ? `${serverUrl}${setup}/providers` : providerUrl(serverUrl, id),
        schema: ProviderSchema,
        body,
        accessToken,
        ...asking,
      }),
    readMetadata: (serverUrl, accessToken, body) =>
      ask({
        method: 'POST',
        url: `${serverUrl}${setup}/metadata`,
        schema: FoundMetadataSchema,
        body,
        accessToken,
        ...asking,
      }),
    removeProvider: (serverUrl, accessToken, id) =>
      ask({ method: 'DELETE', url: providerUrl(serverUrl, id), schema, accessToken }),
    beginTrial: (serverUrl, accessToken, id, body) =>
      ask({ method: 'POST', url: providerUrl(serverUrl, id, '/try'), schema: BegunSsoSchema, body, accessToken }),
    finishTrial: (serverUrl, accessToken, { code, codeVerifier }) =>
      ask({
        method: 'POST',
        url: `${serverUrl}${setup}/try/finish`,
        schema: SsoTrialSchema,
        body: { code, codeVerifier },
        accessToken,
      }),
    tryDirectory: (serverUrl, accessToken, id, body) =>
      ask({
        method: 'POST',
        url: providerUrl(serverUrl, id, '/try-directory'),
        schema: SsoTrialSchema,
        body,
        accessToken,
        ...asking,
      }),
    addDomain: (serverUrl, accessToken, domain) =>
      ask({ method: 'POST', url: `${serverUrl}${setup}/domains`, schema, body: { domain }, accessToken }),
    verifyDomain: (serverUrl, accessToken, domain) =>
      ask({ method: 'POST', url: domainUrl(serverUrl, domain, '/verify'), schema, body: {}, accessToken, ...asking }),
    removeDomain: (serverUrl, accessToken, domain) =>
      ask({ method: 'DELETE', url: domainUrl(serverUrl, domain), schema, accessToken }),
    switchPassword: (serverUrl, accessToken, domain, passwordOff) =>
      ask({
        method: 'PUT',
        url: domainUrl(serverUrl, domain, '/password'),
        schema,
        body: { passwordOff },
        accessToken,
      }),
    chooseBreakGlass: (serverUrl, accessToken, userId) =>
      ask({ method: 'PUT', url: `${serverUrl}${setup}/break-glass`, schema, body: { userId }, accessToken }),
  };
}
