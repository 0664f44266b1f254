// What differs between the kinds of providers that a browser is sent to, behind one question and one answer.
import type { Configuration } from 'openid-client';
import type { TenantId } from '#shared/kernel/ids.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Egress } from '#server/egress/egress.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { useAssertion } from '#server/sso/assertions.ts';
import type { FlowSecrets } from '#server/sso/flows.ts';
import type { FollowedProvider, MetadataFollower } from '#server/sso/follow-metadata.ts';
import { addressAtProvider, createOidcSecrets, discoverProvider, readOidcAnswer } from '#server/sso/oidc.ts';
import { refuseSso, type ProvenIdentity } from '#server/sso/proven-identity.ts';
import { readServiceKey } from '#server/sso/service-key.ts';
import type { SamlAnswer, SamlService } from '#server/sso/saml.ts';
import { openProviderSecret, type StoredProvider } from '#server/sso/providers.ts';

/** What a provider publishes (its keys, its addresses) is asked for again after this. */
const KNOWN_MS = 10 * 60_000;

export type BrowserAnswer =
  | { readonly kind: 'oidc'; readonly query: string }
  | { readonly kind: 'saml'; readonly samlResponse: string };

export interface AskedProvider {
  readonly tenantId: TenantId;
  readonly provider: StoredProvider;
}

export interface BrowserProviders {
  createSecrets(provider: StoredProvider): Promise<FlowSecrets>;
  /** Where the browser goes. */
  addressOf(
    asked: AskedProvider,
    visit: { readonly token: string; readonly secrets: FlowSecrets; readonly email: string },
  ): Promise<string>;
  /** Who came back. @throws OutpostError `sso_refused`, `provider_failed` */
  read(
    asked: AskedProvider,
    answer: BrowserAnswer,
    visit: { readonly token: string; readonly secrets: FlowSecrets },
  ): Promise<ProvenIdentity>;
}

export interface BrowserProviderDependencies {
  readonly database: SqlDatabase;
  readonly egress: Egress;
  readonly follower: MetadataFollower;
  readonly now: () => number;
  /** @throws OutpostError `sso_not_set_up` */
  readonly publicAddress: () => string;
}

/** Loaded with the first one: most servers never need it. */
const loadSaml = () => import('#server/sso/saml.ts');

export function oidcRedirectOf(publicAddress: string): string {
  return `${publicAddress}/sso/oidc/reply`;
}

export function createBrowserProviders(deps: BrowserProviderDependencies): BrowserProviders {
  const { database, egress, follower, now, publicAddress } = deps;
  const known = new Map<string, { readonly untilMs: number; readonly configuration: Promise<Configuration> }>();

  function discovered({ tenantId, provider }: AskedProvider): Promise<Configuration> {
    if (provider.kind !== 'oidc') throw notForBrowsers();
    const { settings } = provider;
    const key = `${tenantId} ${provider.id} ${String(provider.savedAtMs)}`;
    const found = known.get(key);
    if (found !== undefined && found.untilMs > now()) return found.configuration;
    const configuration = database
      .inTenant(tenantId, (session) => openProviderSecret(session, tenantId, provider))
      .then((secret) => discoverProvider(egress, settings, secret));
    known.set(key, { untilMs: now() + KNOWN_MS, configuration });
    // What failed is asked again the next time.
    configuration.catch(() => known.delete(key));
    return configuration;
  }

  async function ownService(): Promise<SamlService> {
    const { samlPlacesOf } = await loadSaml();
    return {
      places: samlPlacesOf(publicAddress()),
      key: await database.transaction((session) => readServiceKey(session, now())),
    };
  }

  /** A signature that is not right may be that of a new key: what the provider publishes is asked for before it is refused. */
  async function readSaml(
    { tenantId, provider }: { readonly tenantId: TenantId; readonly provider: FollowedProvider },
    samlResponse: string,
    expected: { readonly secrets: FlowSecrets; readonly nowMs: number },
  ): Promise<SamlAnswer> {
    const { readSamlAnswer } = await loadSaml();
    const service = await ownService();
    try {
      return await readSamlAnswer(provider.settings, service, samlResponse, expected);
    } catch (error) {
      if (!(error instanceof OutpostError) || error.details['reason'] !== 'wrongAnswer') throw error;
      const renewed = await follower.renew(tenantId, provider.id);
      if (renewed === null) throw error;
      return readSamlAnswer(renewed.settings, service, samlResponse, expected);
    }
  }

  return {
    async createSecrets(provider) {
      return provider.kind === 'saml' ? (await loadSaml()).createSamlSecrets() : createOidcSecrets();
    },
    async addressOf(asked, { token, secrets, email }) {
      const { provider } = asked;
      if (provider.kind === 'saml') {
        const { addressAtSamlProvider } = await loadSaml();
        return addressAtSamlProvider(provider.settings, await ownService(), { relayState: token, secrets });
      }
      if (provider.kind !== 'oidc') throw notForBrowsers();
      const redirectUri = oidcRedirectOf(publicAddress());
      return addressAtProvider(await discovered(asked), provider.settings, {
        redirectUri,
        state: token,
        secrets,
        email,
      });
    },
    async read(asked, answer, { token, secrets }) {
      const { tenantId, provider } = asked;
      if (provider.kind === 'oidc' && answer.kind === 'oidc') {
        const address = new URL(`${oidcRedirectOf(publicAddress())}?${answer.query}`);
        return readOidcAnswer(await discovered(asked), provider.settings, address, { state: token, secrets });
      }
      if (provider.kind !== 'saml' || answer.kind !== 'saml') throw refuseSso('wrongAnswer');
      const nowMs = now();
      const read = await readSaml({ tenantId, provider }, answer.samlResponse, { secrets, nowMs });
      const place = { tenantId, providerId: provider.id, assertionId: read.assertionId };
      const isFirst = await database.inTenant(tenantId, (session) => useAssertion(session, place, read.untilMs, nowMs));
      if (!isFirst) throw refuseSso('replayed');
      return read.identity;
    },
  };
}

function notForBrowsers(): OutpostError {
  return new OutpostError('invalid', 'Nobody is sent to this provider in a browser.');
}
