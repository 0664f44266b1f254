// Who somebody is here whom a provider vouches for, in one transaction of the organization. A link made before decides first.
// Without one, only a verified address of the organization's own domains counts: it finds the account, or makes one. Nobody
// comes in who may more than the one who set the provider up.
import type { Actor } from '#shared/access/actor.ts';
import { isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import { isBuiltInRole } from '#shared/access/roles.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { SsoRefusal } from '#shared/sync/sso-messages.ts';
import { mapRole } from '#shared/sso/map-role.ts';
import { foldEmail, giveSignInName } from '#server/identity/accounts.ts';
import { isDomainAllowed } from '#shared/platform/policies.ts';
import { readLimits } from '#server/platform/plan-room.ts';
import { readPolicies } from '#server/platform/policies.ts';
import { countUsers } from '#server/platform/usage.ts';
import { appendAudit, type NewAuditEntry } from '#server/audit/append-audit.ts';
import type { SqlSession } from '#server/store/database.ts';
import { ownsDomainOf } from '#server/sso/domains.ts';
import type { ProvenIdentity } from '#server/sso/proven-identity.ts';
import type { StoredProvider } from '#server/sso/providers.ts';
import { changeRecord, createRecords, findRecord, newRecord } from '#server/sync/write-record.ts';

export interface Placing {
  readonly tenantId: TenantId;
  readonly provider: StoredProvider;
  readonly identity: ProvenIdentity;
  readonly nowMs: number;
  readonly createId: () => string;
}

export type Place =
  | { readonly kind: 'known' | 'linked'; readonly userId: UserId; readonly user: AnyRecord }
  | { readonly kind: 'created'; readonly userId: UserId; readonly role: string }
  | { readonly kind: 'refused'; readonly reason: SsoRefusal };

const refused = (reason: SsoRefusal): Place => ({ kind: 'refused', reason });

/** Decides and changes nothing. */
export async function findPlace(session: SqlSession, placing: Placing): Promise<Place> {
  const linked = await findLinked(session, placing);
  const place = linked ?? (await findByAddress(session, placing));
  if (place.kind !== 'known' && place.kind !== 'linked') return place;
  const mayTakeAny = placing.provider.savedByRole === 'super_admin';
  return place.user['role'] === 'super_admin' && !mayTakeAny ? refused('superAdmin') : place;
}

/** Decides, and does what follows: the link, the account, the role. Written to the audit. */
export async function placePerson(session: SqlSession, placing: Placing): Promise<Place> {
  const place = await findPlace(session, placing);
  if (place.kind === 'refused') return place;
  const { tenantId, nowMs } = placing;
  const entries: NewAuditEntry[] = [];
  if (place.kind === 'created') {
    await createUser(session, placing, place.userId, place.role);
    entries.push(note(placing, 'user.create', place.userId, ['role'], { role: place.role }));
  }
  if (place.kind !== 'known') {
    await link(session, placing, place.userId);
    entries.push(note(placing, 'user.link', place.userId, []));
  }
  if (place.kind !== 'created') {
    const role = await followRole(session, placing, place.user);
    if (role !== null) entries.push(note(placing, 'user.followRole', place.userId, ['role'], { role }));
  }
  await appendAudit(session, tenantId, nowMs, entries);
  return place;
}

function note(
  { provider, identity }: Placing,
  command: string,
  userId: string,
  groups: readonly string[],
  more: Readonly<Record<string, string>> = {},
): NewAuditEntry {
  const detail = { provider: provider.name, subject: identity.subject, ...more };
  return {
    actor: null,
    device: null,
    command,
    entity: 'user',
    id: userId,
    groups: [...groups],
    outcome: 'applied',
    detail,
  };
}

async function findLinked(session: SqlSession, { tenantId, provider, identity }: Placing): Promise<Place | null> {
  const [row] = await session.query<{ userId: UserId }>(
    'SELECT user_id AS "userId" FROM sso_identity WHERE tenant = $1 AND provider_id = $2 AND subject = $3',
    [tenantId, provider.id, identity.subject],
  );
  if (row === undefined) return null;
  const user = await findRecord(session, tenantId, 'user', row.userId, true);
  return user === null ? null : { kind: 'known', userId: row.userId, user: user.record };
}

async function findByAddress(session: SqlSession, placing: Placing): Promise<Place> {
  const { tenantId, provider, identity } = placing;
  if (identity.email === null) return refused('noEmail');
  if (!identity.isEmailVerified) return refused('unverified');
  if (!(await ownsDomainOf(session, tenantId, identity.email))) return refused('foreignDomain');
  const name = foldEmail(identity.email);
  const [holder] = await session.query<{ tenant: TenantId; userId: UserId }>(
    'SELECT tenant, user_id AS "userId" FROM sign_in_name WHERE name = $1',
    [name],
  );
  if (holder !== undefined && holder.tenant !== tenantId) return refused('otherAccount');
  const userId = holder?.userId ?? (await findUserOf(session, tenantId, name));
  const user = userId === null ? null : await findRecord(session, tenantId, 'user', userId, true);
  if (user !== null) return { kind: 'linked', userId: user.record.id as UserId, user: user.record };
  const role = await existingRole(session, placing);
  if (!provider.mapping.createsAccounts) return refused('noAccount');
  if (role === null) return refused('noRole');
  const closed = await findClosed(session, tenantId, identity.email);
  return closed !== null ? refused(closed) : { kind: 'created', userId: placing.createId() as UserId, role };
}

/** A new user is judged as one whom somebody adds by hand: by the rules for domains and by the plan. */
async function findClosed(session: SqlSession, tenantId: TenantId, email: string): Promise<SsoRefusal | null> {
  if (!isDomainAllowed(await readPolicies(session, tenantId), email)) return 'domainNotAllowed';
  const { users } = await readLimits(session, tenantId);
  return users !== null && (await countUsers(session, tenantId)) >= users ? 'planFull' : null;
}

/** Somebody who was added and cannot sign in yet. */
async function findUserOf(session: SqlSession, tenantId: TenantId, name: string): Promise<UserId | null> {
  const rows = await session.query<{ id: UserId }>(
    `SELECT id FROM record WHERE tenant = $1 AND coll = 'people' AND kind = 'user' AND NOT deleted
       AND lower(data->>'email') = $2 ORDER BY id LIMIT 2`,
    [tenantId, name],
  );
  return rows.length === 1 ? (rows[0]?.id ?? null) : null;
}

/** What the groups say, as long as there is such a role. */
async function existingRole(session: SqlSession, { tenantId, provider, identity }: Placing): Promise<string | null> {
  const role = mapRole(provider.mapping, identity.groups);
  if (role === null || isBuiltInRole(role)) return role;
  return (await findRecord(session, tenantId, 'role', role)) === null ? null : role;
}

async function createUser(session: SqlSession, placing: Placing, userId: UserId, role: string): Promise<void> {
  const { tenantId, identity, nowMs } = placing;
  const email = identity.email ?? '';
  const name = identity.name ?? email.split('@')[0] ?? email;
  const writing = { tenantId, nowMs, actorId: null };
  await createRecords(session, writing, [
    newRecord('user', userId, userId, { name, email, role, isActive: true }, writing),
  ]);
  await giveSignInName(session, { tenantId, userId }, email);
}

async function link(
  session: SqlSession,
  { tenantId, provider, identity, nowMs }: Placing,
  userId: UserId,
): Promise<void> {
  await session.query(
    `INSERT INTO sso_identity (tenant, provider_id, subject, user_id, linked_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant, provider_id, subject) DO UPDATE SET user_id = $4, linked_at = $5`,
    [tenantId, provider.id, identity.subject, userId, nowMs],
  );
}

/** The new role, when the groups give another one. Nobody who may everything without a successor loses that by a group. */
async function followRole(session: SqlSession, placing: Placing, user: AnyRecord): Promise<string | null> {
  const { tenantId, provider, nowMs } = placing;
  if (!provider.mapping.updatesRoles || user['role'] === 'super_admin') return null;
  const role = await existingRole(session, placing);
  if (role === null || role === user['role']) return null;
  if (isUnrestrictedRole(String(user['role'])) && !(await hasOtherAdministrator(session, tenantId, user.id)))
    return null;
  const stored = await findRecord(session, tenantId, 'user', user.id, true);
  if (stored === null) return null;
  await changeRecord(session, { tenantId, nowMs, actorId: null }, stored, { role });
  return role;
}

async function hasOtherAdministrator(session: SqlSession, tenantId: TenantId, userId: string): Promise<boolean> {
  const administrators: readonly Actor['role'][] = ['super_admin', 'org_admin'];
  // Locked: two who lose it at the same time must not both be told that the other one stays.
  const rows = await session.query(
    `SELECT id FROM record WHERE tenant = $1 AND coll = 'people' AND kind = 'user' AND NOT deleted
       AND data->>'role' = ANY($2::text[]) AND coalesce(data->>'isActive', 'true') <> 'false' ORDER BY id FOR UPDATE`,
    [tenantId, administrators],
  );
  return (rows as readonly { readonly id: string }[]).some(({ id }) => id !== userId);
}
