// Signing in with a provider of the organization, from the address that is typed to the session. The browser only carries
// secrets that are good once: to the provider and back to this server, then to the application on the same computer, which
// alone can exchange what it gets (PKCE). What a provider says opens a session through the one door of `identity`.
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { OutpostError, toOutpostError } from '#shared/kernel/errors.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import type { Admission } from '#shared/sync/sign-in-messages.ts';
import type {
  AddressWays,
  BeginSso,
  BegunSso,
  DirectorySignIn,
  FinishSso,
  SsoTrial,
} from '#shared/sync/sso-messages.ts';
import { mapRole } from '#shared/sso/map-role.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { Egress } from '#server/egress/egress.ts';
import { foldEmail, toOneLine } from '#server/identity/accounts.ts';
import { createAttemptLimits } from '#server/identity/attempt-limits.ts';
import type { Door } from '#server/identity/admission.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { createBrowserProviders, type AskedProvider, type BrowserAnswer } from '#server/sso/ask-provider.ts';
import { domainOf, readDomains, tenantOfAddress } from '#server/sso/domains.ts';
import {
  closeFlow,
  createToken,
  FLOW_LIFETIME_MS,
  keepOutcome,
  keepSecrets,
  lockFlow,
  openFlow,
  takeOutcome,
  tenantOfToken,
  type Flow,
  type FlowStart,
} from '#server/sso/flows.ts';
import type { MetadataFollower } from '#server/sso/follow-metadata.ts';
import { askDirectory } from '#server/sso/ldap.ts';
import { assertMayConfigure } from '#shared/sso/may-configure.ts';
import { findPlace, placePerson, type Place } from '#server/sso/place-person.ts';
import { refuseSso, type ProvenIdentity } from '#server/sso/proven-identity.ts';
import {
  findProvider,
  markTested,
  openProviderSecret,
  readProviders,
  type StoredProvider,
} from '#server/sso/providers.ts';

export interface SingleSignOn {
  waysOf(email: string): Promise<AddressWays>;
  /** @throws OutpostError `not_found`, `sso_not_set_up` */
  begin(request: BeginSso): Promise<BegunSso>;
  /** An administrator tries a provider, active or not. */
  beginTrial(
    principal: Principal,
    providerId: string,
    back: Pick<FlowStart, 'redirectUri' | 'codeChallenge'>,
  ): Promise<BegunSso>;
  /** Where the browser of a flow goes first, once: to the provider, or back with why not. @throws OutpostError `sso_expired` */
  leave(token: string): Promise<string>;
  /** The browser is back with an answer; where it goes now: to the application, with a code or with why there is none. */
  arrive(token: string, answer: BrowserAnswer): Promise<string>;
  /** @throws OutpostError `sso_expired`, and what the door throws */
  finish(request: FinishSso & { readonly address: string }): Promise<Admission>;
  finishTrial(principal: Principal, proof: { readonly code: string; readonly codeVerifier: string }): Promise<SsoTrial>;
  /** @throws OutpostError `wrong_credentials`, `too_many_attempts`, `sso_refused`, `provider_failed` */
  signInWithDirectory(request: DirectorySignIn & { readonly address: string }): Promise<Admission>;
  tryDirectory(
    principal: Principal,
    providerId: string,
    login: { readonly email: string; readonly password: string },
  ): Promise<SsoTrial>;
}

export interface SingleSignOnDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly createId: () => string;
  readonly egress: Egress;
  readonly follower: MetadataFollower;
  readonly admit: Door['admit'];
  /** @throws OutpostError `sso_not_set_up` */
  readonly publicAddress: () => string;
}

interface SignInOutcome {
  readonly userId: UserId;
  readonly kind: 'oidc' | 'saml';
  readonly isStrong: boolean;
}

const expired = () => new OutpostError('sso_expired', 'This sign-in took too long, or was used before. Start again.');
const noProvider = () => new OutpostError('not_found', 'There is no such provider.');

export function createSingleSignOn(deps: SingleSignOnDependencies): SingleSignOn {
  const { database, clock, random, createId, egress, follower, admit, publicAddress } = deps;
  const limits = createAttemptLimits({ database, clock }, 'singleSignOn');
  const browser = createBrowserProviders({ database, egress, follower, now: () => clock.now(), publicAddress });
  const placing = (tenantId: TenantId, provider: StoredProvider, identity: ProvenIdentity) => ({
    tenantId,
    provider,
    identity,
    nowMs: clock.now(),
    createId,
  });

  async function open(tenantId: TenantId, providerId: string, start: FlowStart): Promise<BegunSso> {
    publicAddress();
    const token = createToken(tenantId, random);
    await database.inTenant(tenantId, (session) =>
      openFlow(session, { tenantId, providerId, token }, start, clock.now()),
    );
    return { flow: token, expiresInSeconds: FLOW_LIFETIME_MS / 1000 };
  }

  /** Of people who sign in: an active one of their organization. */
  async function requireActive(tenantId: TenantId, providerId: string): Promise<StoredProvider> {
    const provider = await database.inTenant(tenantId, (session) => findProvider(session, tenantId, providerId));
    if (provider === null || !provider.isActive) throw noProvider();
    return provider;
  }

  /** For administrators. */
  async function requireOwn({ actor }: Principal, providerId: string): Promise<AskedProvider> {
    assertMayConfigure(actor);
    const tenantId = actor.tenantId as TenantId;
    const provider = await database.inTenant(tenantId, (session) => findProvider(session, tenantId, providerId));
    if (provider === null) throw noProvider();
    return { tenantId, provider };
  }

  async function noteRefusal(
    { tenantId, provider }: AskedProvider,
    error: unknown,
    detail: Record<string, string>,
  ): Promise<void> {
    const { code, details } = toOutpostError(error);
    const reason = typeof details['reason'] === 'string' ? { reason: details['reason'] } : {};
    const what = { command: 'signIn', entity: 'integration', id: provider.id, groups: [], outcome: code };
    await database.inTenant(tenantId, (session) =>
      appendAudit(session, tenantId, clock.now(), [
        { actor: null, device: null, ...what, detail: { provider: provider.name, ...reason, ...detail } },
      ]),
    );
  }

  /** The application waits for the browser: it is told why there is no code. */
  async function backWith(error: unknown, { data }: Flow, asked: AskedProvider): Promise<string> {
    if (!(error instanceof OutpostError)) throw error;
    await noteRefusal(asked, error, data.email === '' ? {} : { email: data.email });
    const { reason, failure } = error.details;
    const why = typeof reason === 'string' ? { reason } : typeof failure === 'string' ? { failure } : {};
    return withQuery(data.redirectUri, { error: error.code, ...why });
  }

  /** The account of somebody a provider vouches for; what follows is done. */
  async function enter(asked: AskedProvider, identity: ProvenIdentity): Promise<UserId> {
    const { tenantId, provider } = asked;
    const place = await database.inTenant(tenantId, (session) =>
      placePerson(session, placing(tenantId, provider, identity)),
    );
    if (place.kind !== 'refused') return place.userId;
    throw refuseSso(place.reason);
  }

  async function trialOf(asked: AskedProvider, identity: ProvenIdentity): Promise<SsoTrial> {
    const { tenantId, provider } = asked;
    const place = await database.inTenant(tenantId, async (session) => {
      const found = await findPlace(session, placing(tenantId, provider, identity));
      // Only somebody who would come in shows that it works.
      if (found.kind !== 'refused') await markTested(session, tenantId, provider.id, clock.now());
      return found;
    });
    const { subject, email, isEmailVerified, name, groups } = identity;
    const seen = { subject, email, isEmailVerified, name, groups: groups.slice(0, 200) };
    return {
      ...seen,
      role: roleOf(place, asked, identity),
      outcome: place.kind === 'refused' ? place.reason : place.kind,
    };
  }

  /** Asks the provider what the answer of the browser is worth. */
  async function judge(
    asked: AskedProvider,
    flow: Flow,
    token: string,
    answer: BrowserAnswer,
  ): Promise<SignInOutcome | SsoTrial> {
    const { secrets, triedBy } = flow.data;
    if (secrets === null) throw expired();
    const identity = await browser.read(asked, answer, { token, secrets });
    if (triedBy !== null) return trialOf(asked, identity);
    if (!asked.provider.isActive) throw noProvider();
    const userId = await enter(asked, identity);
    return { userId, kind: asked.provider.kind === 'saml' ? 'saml' : 'oidc', isStrong: identity.isStrong };
  }

  async function takeFlow(token: string): Promise<{ readonly flow: Flow; readonly asked: AskedProvider }> {
    const tenantId = tenantOfToken(token);
    if (tenantId === null) throw expired();
    const taken = await database.inTenant(tenantId, async (session) => {
      const flow = await lockFlow(session, tenantId, token, clock.now());
      const provider = flow === null ? null : await findProvider(session, tenantId, flow.providerId);
      await closeFlow(session, tenantId, token);
      return flow === null || provider === null ? null : { flow, asked: { tenantId, provider } };
    });
    if (taken === null) throw expired();
    return taken;
  }

  async function takeResult(code: string, codeVerifier: string): Promise<Flow> {
    const tenantId = tenantOfToken(code);
    if (tenantId === null) throw expired();
    const flow = await database.inTenant(tenantId, (session) =>
      takeOutcome(session, tenantId, { code, codeVerifier }, clock.now()),
    );
    if (flow === null) throw expired();
    return flow;
  }

  /** The provider was not switched off meanwhile. */
  function stillActive(tenantId: TenantId, providerId: string) {
    return async (session: SqlSession): Promise<void> => {
      const provider = await findProvider(session, tenantId, providerId);
      if (provider === null || !provider.isActive) throw noProvider();
    };
  }

  async function askLdap(
    { tenantId, provider }: AskedProvider,
    login: string,
    password: string,
  ): Promise<ProvenIdentity> {
    if (provider.kind !== 'ldap') throw noProvider();
    const secret = await database.inTenant(tenantId, (session) => openProviderSecret(session, tenantId, provider));
    return askDirectory(egress, { settings: provider.settings, secret, login, password });
  }

  return {
    async waysOf(email) {
      const tenantId = await tenantOfAddress(database, email);
      const domain = domainOf(email);
      return database.inTenant(tenantId, async (session) => {
        const [providers, domains] = [await readProviders(session, tenantId), await readDomains(session, tenantId)];
        const own = domains.find((each) => each.domain === domain && each.verifiedAtMs !== null);
        const active = own === undefined ? [] : providers.filter(({ isActive }) => isActive);
        return {
          password: own?.passwordOff !== true || active.length === 0,
          providers: active.slice(0, 20).map(({ id, name, kind }) => ({ id, name, kind })),
        };
      });
    },

    async begin({ email, providerId, redirectUri, codeChallenge }) {
      const tenantId = await tenantOfAddress(database, email);
      const provider = await requireActive(tenantId, providerId);
      if (provider.kind === 'ldap') throw noProvider();
      return open(tenantId, providerId, { redirectUri, codeChallenge, email: foldEmail(email), triedBy: null });
    },

    async beginTrial(principal, providerId, { redirectUri, codeChallenge }) {
      const { tenantId } = await requireOwn(principal, providerId);
      const { userId, email } = principal.actor;
      return open(tenantId, providerId, { redirectUri, codeChallenge, email, triedBy: userId });
    },

    async leave(token) {
      const tenantId = tenantOfToken(token);
      if (tenantId === null) throw expired();
      const visit = await database.inTenant(tenantId, async (session) => {
        const flow = await lockFlow(session, tenantId, token, clock.now());
        const provider = flow === null ? null : await findProvider(session, tenantId, flow.providerId);
        if (flow === null || provider === null || flow.data.secrets !== null) return null;
        const secrets = await browser.createSecrets(provider);
        await keepSecrets(session, flow, token, secrets);
        return { flow, asked: { tenantId, provider }, secrets };
      });
      if (visit === null) throw expired();
      const { flow, asked, secrets } = visit;
      try {
        return await browser.addressOf(asked, { token, secrets, email: flow.data.email });
      } catch (error) {
        await database.inTenant(tenantId, (session) => closeFlow(session, tenantId, token));
        return backWith(error, flow, asked);
      }
    },

    async arrive(token, answer) {
      const { flow, asked } = await takeFlow(token);
      const { tenantId } = asked;
      try {
        const outcome = await judge(asked, flow, token, answer);
        const code = createToken(tenantId, random);
        await database.inTenant(tenantId, (session) => keepOutcome(session, flow, code, outcome, clock.now()));
        return withQuery(flow.data.redirectUri, { code });
      } catch (error) {
        return backWith(error, flow, asked);
      }
    },

    async finish({ code, codeVerifier, deviceId, deviceName, address }) {
      const flow = await takeResult(code, codeVerifier);
      if (flow.data.triedBy !== null) throw expired();
      const { userId, kind, isStrong } = flow.data.outcome as SignInOutcome;
      return admit({
        place: { tenantId: flow.tenantId, userId },
        by: kind,
        isStrong,
        from: { deviceId, deviceName: toOneLine(deviceName), address },
        confirm: stillActive(flow.tenantId, flow.providerId),
      });
    },

    async finishTrial({ actor }, { code, codeVerifier }) {
      assertMayConfigure(actor);
      const flow = await takeResult(code, codeVerifier);
      if (flow.data.triedBy !== actor.userId || flow.tenantId !== actor.tenantId) throw expired();
      return flow.data.outcome as SsoTrial;
    },

    async signInWithDirectory({ email, providerId, password, deviceId, deviceName, address }) {
      const name = foldEmail(email);
      await limits.begin(name, address);
      const tenantId = await tenantOfAddress(database, email);
      const asked = { tenantId, provider: await requireActive(tenantId, providerId) };
      try {
        const identity = await askLdap(asked, name, password);
        const userId = await enter(asked, identity);
        await limits.succeed(name, address);
        return await admit({
          place: { tenantId, userId },
          by: 'ldap',
          isStrong: identity.isStrong,
          from: { deviceId, deviceName: toOneLine(deviceName), address },
          confirm: stillActive(tenantId, providerId),
        });
      } catch (error) {
        await noteRefusal(asked, error, { email: name, address });
        throw error;
      }
    },

    async tryDirectory(principal, providerId, { email, password }) {
      const asked = await requireOwn(principal, providerId);
      const limited = `try ${asked.tenantId} ${principal.actor.userId}`;
      await limits.begin(limited, providerId);
      const trial = await trialOf(asked, await askLdap(asked, email, password));
      await limits.succeed(limited, providerId);
      return trial;
    },
  };
}

function roleOf(place: Place, { provider }: AskedProvider, identity: ProvenIdentity): string | null {
  if (place.kind === 'created') return place.role;
  if (place.kind === 'refused') return null;
  const mapped = mapRole(provider.mapping, identity.groups);
  const present = typeof place.user['role'] === 'string' ? place.user['role'] : null;
  return provider.mapping.updatesRoles && present !== 'super_admin' ? (mapped ?? present) : present;
}

function withQuery(address: string, values: Readonly<Record<string, string>>): string {
  return `${address}?${new URLSearchParams(values).toString()}`;
}
