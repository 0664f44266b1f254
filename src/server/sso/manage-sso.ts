// What administrators set up: providers, domains, who keeps the password. Every change is judged with the rights of that moment,
// done and written to the audit in one transaction; a secret is neither answered nor written down.
import { randomBytes } from 'node:crypto';
import { resolveTxt } from 'node:dns/promises';
import { isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import { isBuiltInRole } from '#shared/access/roles.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type {
  AskMetadata,
  FoundMetadata,
  Provider,
  ProviderInput,
  SamlSettings,
  SsoOverview,
} from '#shared/sync/sso-messages.ts';
import { findMappingRefusal, rolesOfMapping } from '#shared/sso/map-role.ts';
import { findIssuerProblem } from '#shared/sso/presets.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { Egress } from '#server/egress/egress.ts';
import type { PublicAddress } from '#server/http/public-address.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { oidcRedirectOf } from '#server/sso/ask-provider.ts';
import {
  addDomain,
  markVerified,
  readDomain,
  readDomains,
  recordNameOf,
  recordTextOf,
  removeDomain,
  toOwnDomain,
  type StoredDomain,
} from '#server/sso/domains.ts';
import { keysOf } from '#server/sso/certificates.ts';
import { readServiceKey } from '#server/sso/service-key.ts';
import type { MetadataFollower } from '#server/sso/follow-metadata.ts';
import { assertMayConfigure } from '#shared/sso/may-configure.ts';
import {
  destinationOf,
  findProvider,
  markMetadata,
  readProviders,
  removeProvider,
  saveProvider,
  toProvider,
  type StoredProvider,
} from '#server/sso/providers.ts';
import { findRecord } from '#server/sync/write-record.ts';

export type ResolveTxt = (name: string) => Promise<readonly (readonly string[])[]>;

export interface ManageSsoDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly createId: () => string;
  readonly egress: Egress;
  readonly follower: MetadataFollower;
  readonly publicAddress: PublicAddress;
  readonly resolveTxt?: ResolveTxt;
}

export interface ManageSso {
  overview(principal: Principal): Promise<SsoOverview>;
  /** `id` null: a new one. @throws OutpostError `invalid` with problems, `action_forbidden`, `address_forbidden`, `not_found` */
  save(principal: Principal, id: string | null, input: ProviderInput): Promise<Provider>;
  /** What a SAML provider publishes; nothing is kept. @throws OutpostError `provider_failed`, `address_forbidden` */
  readMetadata(principal: Principal, asked: AskMetadata): Promise<FoundMetadata>;
  remove(principal: Principal, id: string): Promise<SsoOverview>;
  addDomain(principal: Principal, domain: string): Promise<SsoOverview>;
  /** Looks into the DNS. @throws OutpostError `not_found` as long as the record is not there */
  verifyDomain(principal: Principal, domain: string): Promise<SsoOverview>;
  removeDomain(principal: Principal, domain: string): Promise<SsoOverview>;
  setPasswordOff(principal: Principal, domain: string, passwordOff: boolean): Promise<SsoOverview>;
  setBreakGlass(principal: Principal, userId: string | null): Promise<SsoOverview>;
}

function invalid(problem: string, message: string): OutpostError {
  return new OutpostError('invalid', message, { problems: [problem] });
}

export function createManageSso(deps: ManageSsoDependencies): ManageSso {
  const { database, clock, createId, egress, follower, publicAddress, resolveTxt: resolve = resolveTxt } = deps;

  interface Change {
    readonly session: SqlSession;
    readonly tenantId: TenantId;
    readonly note: (
      command: string,
      entity: string,
      id: string,
      groups: readonly string[],
      detail?: Record<string, string>,
    ) => Promise<void>;
  }

  async function change<Value>(
    { actor, deviceId }: Principal,
    work: (change: Change) => Promise<Value>,
  ): Promise<Value> {
    assertMayConfigure(actor);
    const tenantId = actor.tenantId as TenantId;
    return database.inTenant(tenantId, (session) =>
      work({
        session,
        tenantId,
        note(command, entity, id, groups, detail) {
          const what = { command, entity, id, groups: [...groups], outcome: 'applied' };
          const said = detail === undefined ? {} : { detail };
          return appendAudit(session, tenantId, clock.now(), [
            { actor: actor.userId, device: deviceId, ...what, ...said },
          ]);
        },
      }),
    );
  }

  async function overviewIn(session: SqlSession, tenantId: TenantId): Promise<SsoOverview> {
    const { certificate } = await readServiceKey(session, clock.now());
    const [providers, domains] = [await readProviders(session, tenantId), await readDomains(session, tenantId)];
    const origin = publicAddress();
    return {
      providers: providers.map((each) => toProvider(each)),
      domains: domains.map((each) => toOwnDomain(each)),
      breakGlassUserId: await readBreakGlass(session, tenantId),
      addresses:
        origin === null
          ? null
          : {
              oidcRedirect: oidcRedirectOf(origin),
              samlEntityId: `${origin}/sso/saml`,
              samlReply: `${origin}/sso/saml/reply`,
              samlCertificate: certificate,
              samlFingerprint: keysOf(certificate)[0]?.fingerprint ?? '',
            },
    };
  }

  /** Where the provider is has to be allowed before anybody is sent there. */
  async function assertReachable(input: ProviderInput): Promise<void> {
    if (input.kind === 'ldap') await egress.check(input.settings.host, input.settings.port);
    if (input.kind !== 'oidc') return;
    const url = new URL(input.settings.issuer);
    const isPlain = url.protocol === 'http:';
    const checked = await egress.check(url.hostname, url.port === '' ? (isPlain ? 80 : 443) : Number(url.port));
    if (isPlain && !checked.isAllowed)
      throw new OutpostError('address_forbidden', 'A provider is asked over https.', { host: url.host });
  }

  /** Whoever is followed was seen to publish what is saved. True when that was asked now. */
  async function readPublished(tenantId: TenantId, id: string | null, input: ProviderInput): Promise<boolean> {
    if (input.kind !== 'saml' || input.settings.metadataAddress === '') return false;
    const { settings } = input;
    const before =
      id === null ? null : await database.inTenant(tenantId, (session) => findProvider(session, tenantId, id));
    if (before?.kind === 'saml' && publishedOf(before.settings) === publishedOf(settings)) return false;
    const { entityId, entryPoint, certificates } = await follower.read({ address: settings.metadataAddress });
    if (publishedOf({ ...settings, idpIssuer: entityId, entryPoint, certificates }) !== publishedOf(settings))
      throw invalid('metadataAddress:differs', 'The provider publishes something else now. Read it again.');
    return true;
  }

  return {
    async overview({ actor }) {
      assertMayConfigure(actor);
      const tenantId = actor.tenantId as TenantId;
      return database.inTenant(tenantId, (session) => overviewIn(session, tenantId));
    },

    async save(principal, id, input) {
      assertMayConfigure(principal.actor);
      checkSettings(input);
      const refusal = findMappingRefusal(principal.actor, input.mapping);
      if (refusal !== null)
        throw invalid(`mapping:${refusal}`, 'A group can only give a role that you may give yourself.');
      await assertReachable(input);
      const isRead = await readPublished(principal.actor.tenantId as TenantId, id, input);
      return change(principal, async ({ session, tenantId, note }) => {
        const before = id === null ? null : await findProvider(session, tenantId, id, true);
        if (id !== null && before === null) throw new OutpostError('not_found', 'There is no such provider.');
        if (before !== null && before.kind !== input.kind) throw invalid('kind:fixed', 'A provider keeps its kind.');
        await assertRolesExist(session, tenantId, input);
        const isMoved = before !== null && destinationOf(before) !== destinationOf(input);
        const hasNewSecret = input.secret !== undefined && input.secret !== '';
        if (isMoved && before.sealed !== null && !hasNewSecret)
          throw invalid('secret:again', 'Another address needs the secret once more: the old one is not sent there.');
        const saved = id ?? createId();
        const changed = changedParts(before, input, hasNewSecret);
        const isSame = before !== null && !changed.some((part) => part === 'settings' || part === 'secret');
        await saveProvider(session, {
          tenantId,
          id: saved,
          input,
          keptSecret: before?.sealed ?? null,
          savedByRole: principal.actor.role,
          testedAtMs: isSame ? before.testedAtMs : null,
          nowMs: clock.now(),
        });
        const isFollowed = input.kind === 'saml' && input.settings.metadataAddress !== '';
        if (isRead || !isFollowed) await markMetadata(session, tenantId, saved, isRead ? clock.now() : null);
        // Names of people at another provider mean nothing at this one.
        if (isMoved)
          await session.query('DELETE FROM sso_identity WHERE tenant = $1 AND provider_id = $2', [tenantId, saved]);
        await note(before === null ? 'integration.add' : 'integration.change', 'integration', saved, changed, {
          name: input.name,
          kind: input.kind,
          settings: JSON.stringify(input.settings),
          mapping: JSON.stringify(input.mapping),
        });
        const stored = await findProvider(session, tenantId, saved);
        if (stored === null) throw new OutpostError('internal', 'The provider was not saved.');
        return toProvider(stored);
      });
    },

    async readMetadata({ actor }, asked) {
      assertMayConfigure(actor);
      if ('address' in asked && !URL.canParse(asked.address))
        throw invalid('metadataAddress:notAnAddress', 'This is not a web address.');
      return follower.read(asked);
    },

    remove: (principal, id) =>
      change(principal, async ({ session, tenantId, note }) => {
        const before = await findProvider(session, tenantId, id, true);
        if (before === null) throw new OutpostError('not_found', 'There is no such provider.');
        await removeProvider(session, tenantId, id);
        await note('integration.remove', 'integration', id, [], { name: before.name, kind: before.kind });
        return overviewIn(session, tenantId);
      }),

    addDomain: (principal, typed) =>
      change(principal, async ({ session, tenantId, note }) => {
        const domain = readDomain(typed);
        if (domain === null) throw invalid('domain:notADomain', 'This is not a domain. It looks like example.com.');
        await addDomain(session, tenantId, domain, randomBytes(20).toString('base64url'));
        await note('domain.add', 'organization', tenantId, ['domains'], { domain });
        return overviewIn(session, tenantId);
      }),

    async verifyDomain(principal, domain) {
      const own = await requireDomain(principal, domain);
      const texts = await readTexts(resolve, recordNameOf(own.domain));
      if (!texts.includes(recordTextOf(own.token)))
        throw invalid('domain:noRecord', 'The DNS does not have the record yet. It can take an hour until it is seen.');
      return change(principal, async ({ session, tenantId, note }) => {
        await markVerified(session, tenantId, own.domain, clock.now());
        await note('domain.verify', 'organization', tenantId, ['domains'], { domain: own.domain });
        return overviewIn(session, tenantId);
      });
    },

    removeDomain: (principal, domain) =>
      change(principal, async ({ session, tenantId, note }) => {
        await removeDomain(session, tenantId, domain);
        await note('domain.remove', 'organization', tenantId, ['domains'], { domain });
        return overviewIn(session, tenantId);
      }),

    setPasswordOff: (principal, domain, passwordOff) =>
      change(principal, async ({ session, tenantId, note }) => {
        if (passwordOff) await assertMaySwitchOff(session, tenantId, domain);
        await session.query('UPDATE sso_domain SET password_off = $3 WHERE tenant = $1 AND domain = $2', [
          tenantId,
          domain,
          passwordOff,
        ]);
        await note(passwordOff ? 'domain.passwordOff' : 'domain.passwordOn', 'organization', tenantId, ['domains'], {
          domain,
        });
        return overviewIn(session, tenantId);
      }),

    setBreakGlass: (principal, userId) =>
      change(principal, async ({ session, tenantId, note }) => {
        await session.query('DELETE FROM sso_break_glass WHERE tenant = $1', [tenantId]);
        if (userId !== null) {
          if (!(await isAdministratorWithPassword(session, tenantId, userId)))
            throw invalid('userId:notAnAdministrator', 'Choose an active administrator who has a password.');
          await session.query('INSERT INTO sso_break_glass (tenant, user_id) VALUES ($1, $2)', [tenantId, userId]);
        } else if ((await readDomains(session, tenantId)).some((each) => each.passwordOff)) {
          throw invalid('userId:needed', 'As long as passwords are off for a domain, an administrator must keep one.');
        }
        await note('domain.keepPassword', 'user', userId ?? tenantId, ['signIn']);
        return overviewIn(session, tenantId);
      }),
  };

  async function requireDomain({ actor }: Principal, domain: string): Promise<StoredDomain> {
    assertMayConfigure(actor);
    const tenantId = actor.tenantId as TenantId;
    const domains = await database.inTenant(tenantId, (session) => readDomains(session, tenantId));
    const found = domains.find((each) => each.domain === domain);
    if (found === undefined) throw new OutpostError('not_found', 'There is no such domain.');
    return found;
  }
}

async function readTexts(resolve: ResolveTxt, name: string): Promise<readonly string[]> {
  try {
    return (await resolve(name)).map((parts) => parts.join(''));
  } catch {
    // No such name, or no DNS: the record is not there as far as anybody can tell.
    return [];
  }
}

function checkSettings(input: ProviderInput): void {
  if (input.kind === 'oidc') {
    const problem = findIssuerProblem(input.settings);
    if (problem !== null) throw invalid(`issuer:${problem}`, 'This is not the address of a provider.');
  }
  if (input.kind === 'saml' && input.settings.metadataAddress !== '' && !URL.canParse(input.settings.metadataAddress))
    throw invalid('metadataAddress:notAnAddress', 'This is not a web address.');
  if (input.kind === 'saml' && !/^https?:\/\//.test(input.settings.entryPoint))
    throw invalid('entryPoint:notAnAddress', 'This is not a web address.');
  if (input.kind === 'ldap' && input.settings.groupBaseDn !== '' && !input.settings.groupFilter.includes('{dn}'))
    throw invalid('groupFilter:noPerson', 'The filter of groups needs {dn} for the person.');
}

async function assertRolesExist(session: SqlSession, tenantId: TenantId, { mapping }: ProviderInput): Promise<void> {
  for (const role of rolesOfMapping(mapping))
    if (!isBuiltInRole(role) && (await findRecord(session, tenantId, 'role', role)) === null)
      throw invalid('mapping:noRole', 'One of the roles does not exist any more.');
}

/** What the metadata of a provider say. */
function publishedOf({ metadataAddress, idpIssuer, entryPoint, certificates }: SamlSettings): string {
  return JSON.stringify([metadataAddress, idpIssuer, entryPoint, certificates.trim()]);
}

function changedParts(before: StoredProvider | null, input: ProviderInput, hasNewSecret: boolean): readonly string[] {
  const parts = ['name', 'isActive', 'settings', 'mapping'] as const;
  const changed = parts.filter((part) => before === null || sorted(before[part]) !== sorted(input[part]));
  return hasNewSecret ? [...changed, 'secret'] : changed;
}

/** The database keeps the fields of an object in an order of its own. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

async function readBreakGlass(session: SqlSession, tenantId: TenantId): Promise<UserId | null> {
  const rows = await session.query<{ userId: UserId }>(
    'SELECT user_id AS "userId" FROM sso_break_glass WHERE tenant = $1',
    [tenantId],
  );
  return rows[0]?.userId ?? null;
}

async function isAdministratorWithPassword(session: SqlSession, tenantId: TenantId, userId: string): Promise<boolean> {
  const user = await findRecord(session, tenantId, 'user', userId);
  const accounts = await session.query('SELECT 1 AS one FROM account WHERE tenant = $1 AND user_id = $2', [
    tenantId,
    userId,
  ]);
  const role = user?.record['role'];
  return (
    accounts.length > 0 && user?.record['isActive'] !== false && typeof role === 'string' && isUnrestrictedRole(role)
  );
}

/** Nobody is locked out: the domain is the own one, a provider was seen to work, and one administrator keeps a password. */
async function assertMaySwitchOff(session: SqlSession, tenantId: TenantId, domain: string): Promise<void> {
  const own = (await readDomains(session, tenantId)).find((each) => each.domain === domain);
  if (own === undefined) throw new OutpostError('not_found', 'There is no such domain.');
  if (own.verifiedAtMs === null) throw invalid('domain:notVerified', 'Verify the domain first.');
  const providers = await readProviders(session, tenantId);
  if (!providers.some(({ isActive, testedAtMs }) => isActive && testedAtMs !== null))
    throw invalid('provider:notTested', 'Test a provider that is switched on first.');
  const keeper = await readBreakGlass(session, tenantId);
  if (keeper === null || !(await isAdministratorWithPassword(session, tenantId, keeper)))
    throw invalid('userId:needed', 'Choose an administrator who keeps a password first.');
}
