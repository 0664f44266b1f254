// Support staff in an organization: for hours that are named before, with a reason, and after an administrator of the organization
// agreed where that is the rule. While it lasts, somebody of the staff is a user of the organization like any other: what they may
// see is decided by a role, what they do stands in its audit. When it ends, the user is switched off, and with it their sessions
// and what their computers hold.
import { randomUUID } from 'node:crypto';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { SupportAccess, SupportSignIn, supportRoles } from '#shared/platform/platform-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { saveAccount } from '#server/identity/accounts.ts';
import { createPassword } from '#server/identity/create-password.ts';
import { followUsers } from '#server/identity/follow-users.ts';
import {
  findOrganization,
  noteAtOperator,
  noteInOrganization,
  type By,
  type PlatformContext,
} from '#server/platform/platform-context.ts';
import { readPolicies } from '#server/platform/policies.ts';
import { findStaff } from '#server/platform/support-staff.ts';
import { SUPPORT_PREFIX } from '#server/platform/usage.ts';
import type { SqlSession } from '#server/store/database.ts';
import { bumpEpochs } from '#server/sync/sql/epochs.ts';
import { changeRecord, createRecords, findRecord, newRecord } from '#server/sync/write-record.ts';

const HOUR_MS = 3_600_000;
const MOST_LISTED = 200;

export interface AccessRow {
  readonly tenant: TenantId;
  readonly id: string;
  readonly staffId: string;
  readonly staffName: string;
  readonly email: string;
  readonly userId: UserId;
  readonly role: (typeof supportRoles)[number];
  readonly reason: string;
  readonly hours: number;
  readonly state: SupportAccess['state'];
  readonly askedAt: number;
  readonly openedAt: number | null;
  readonly until: number | null;
  readonly endedAt: number | null;
  readonly name: string;
}

const ROWS = `SELECT a.tenant, a.id, a.staff_id AS "staffId", a.staff_name AS "staffName", a.email, a.user_id AS "userId", a.role, a.reason,
    a.hours, a.state, a.asked_at AS "askedAt", a.opened_at AS "openedAt", a.until, a.ended_at AS "endedAt", o.name
  FROM support_access a JOIN platform_organization o ON o.tenant = a.tenant`;

const instantOf = (ms: number | null): string | null => (ms === null ? null : toInstant(ms));

export function toAccess(row: AccessRow): SupportAccess {
  const { id, name, staffName, userId, role, reason, hours, state } = row;
  return {
    id,
    organization: row.tenant,
    name,
    staffName,
    userId,
    role,
    reason,
    hours,
    state,
    askedAt: toInstant(row.askedAt),
    openedAt: instantOf(row.openedAt),
    until: instantOf(row.until),
    endedAt: instantOf(row.endedAt),
  };
}

/** What is over by the clock reads as ended, also before that is written down. */
function asOf(nowMs: number, row: AccessRow): AccessRow {
  const { state, until } = row;
  return state === 'open' && until !== null && until <= nowMs ? { ...row, state: 'ended', endedAt: until } : row;
}

/** Newest first. In a transaction of an organization its own, in one without all of them. */
export async function listAccesses(session: SqlSession, nowMs: number): Promise<readonly SupportAccess[]> {
  const rows = await session.query<AccessRow>(`${ROWS} ORDER BY a.asked_at DESC, a.id LIMIT ${String(MOST_LISTED)}`);
  return rows.map((row) => toAccess(asOf(nowMs, row)));
}

/** @throws OutpostError `not_found` */
export async function findAccess(session: SqlSession, id: string): Promise<AccessRow> {
  const [row] = await session.query<AccessRow>(`${ROWS} WHERE a.id = $1`, [id]);
  if (row === undefined) throw new OutpostError('not_found', 'There is no such access.');
  return row;
}

/** @throws OutpostError `not_found`. For somebody who names no organization. */
export function findAnywhere({ database }: PlatformContext, id: string): Promise<AccessRow> {
  return database.transaction((session) => findAccess(session, id));
}

export interface AccessWish {
  readonly organization: string;
  readonly staffId: string;
  readonly reason: string;
  readonly hours: number;
  readonly role?: (typeof supportRoles)[number];
}

/** Asks for an access, and opens it at once where the organization need not agree. */
export async function openSupport(context: PlatformContext, wish: AccessWish, by: By): Promise<SupportAccess> {
  const { database, clock } = context;
  const { organization, staffId, reason, hours, role = 'viewer' } = wish;
  const { tenant, isOperator } = await findOrganization(database, organization);
  if (isOperator) {
    throw new OutpostError('invalid', 'The organization that runs this server needs no support access.', {
      problems: ['organization:operator'],
    });
  }
  const staff = await findStaff(context, staffId);
  const id = randomUUID();
  const userId = `${SUPPORT_PREFIX}${id.slice(0, 13)}`;
  const [local, domain] = [staff.email.slice(0, staff.email.lastIndexOf('@')), staff.email.split('@').at(-1) ?? ''];
  // An address of its own: the person may sign in to other organizations as well.
  const email = `${local}+${userId}@${domain}`;
  const detail = { staff: staff.name, reason, hours: String(hours), role };
  await database.inTenant(tenant, async (session) => {
    const policies = await readPolicies(session, tenant);
    if (hours > policies.supportHours) {
      throw new OutpostError('invalid', 'This organization is open to support for a shorter time.', {
        problems: ['hours:range'],
        most: policies.supportHours,
      });
    }
    await session.query(
      `INSERT INTO support_access (tenant, id, staff_id, staff_name, email, user_id, role, reason, hours, state, asked_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'asked', $10)`,
      [tenant, id, staffId, staff.name, email, userId, role, reason, hours, clock.now()],
    );
    await noteInOrganization(session, tenant, clock.now(), by, { command: 'support.ask', detail });
    if (policies.supportConsent) return;
    await openAccess(session, await findAccess(session, id), clock.now());
    // They learn of it instead.
    await session.query('UPDATE support_access SET told = false WHERE tenant = $1 AND id = $2', [tenant, id]);
  });
  await noteAtOperator(context, by, tenant, { command: 'support.ask', detail });
  return toAccess(await findAnywhere(context, id));
}

/** The staff becomes a user of the organization. Within its transaction. */
async function openAccess(session: SqlSession, access: AccessRow, nowMs: number): Promise<void> {
  const { tenant: tenantId, id, userId, staffName, email, role, hours } = access;
  const until = nowMs + hours * HOUR_MS;
  await session.query(
    `UPDATE support_access SET state = 'open', opened_at = $3, until = $4 WHERE tenant = $1 AND id = $2`,
    [tenantId, id, nowMs, until],
  );
  const by = { nowMs, actorId: null };
  const values = { name: `${staffName} (Support)`, email, role, isActive: true };
  await createRecords(session, { tenantId, ...by }, [newRecord('user', userId, userId, values, by)]);
  await bumpEpochs(session, tenantId, { users: [{ userId, isActive: true }], everyone: false, others: [] }, new Map());
  await noteInOrganization(session, tenantId, nowMs, null, {
    command: 'support.open',
    detail: { staff: staffName, reason: access.reason, role, until: toInstant(until) },
  });
}

/** The user is switched off: their sessions end, and their computers forget what they hold. Within its transaction. */
async function closeAccess(
  session: SqlSession,
  access: AccessRow,
  state: 'ended' | 'refused',
  nowMs: number,
): Promise<void> {
  const { tenant: tenantId, id, userId } = access;
  await session.query('UPDATE support_access SET state = $3, ended_at = $4 WHERE tenant = $1 AND id = $2', [
    tenantId,
    id,
    state,
    nowMs,
  ]);
  const user = await findRecord(session, tenantId, 'user', userId, true);
  if (user === null) return;
  await changeRecord(session, { tenantId, nowMs, actorId: null }, user, { isActive: false });
  await bumpEpochs(session, tenantId, { users: [{ userId, isActive: false }], everyone: false, others: [] }, new Map());
  await followUsers(session, tenantId, [{ userId, isActive: false, newEmail: null }], nowMs);
  await session.query('DELETE FROM account WHERE tenant = $1 AND user_id = $2', [tenantId, userId]);
  await session.query('DELETE FROM sign_in_name WHERE tenant = $1 AND user_id = $2', [tenantId, userId]);
}

export type Decision = 'allow' | 'refuse' | 'end';

/** `isOfDecision`: which of them it is still a question of. */
const decidable: Readonly<Record<Decision, SupportAccess['state']>> = { allow: 'asked', refuse: 'asked', end: 'open' };

/**
 * An administrator of the organization decides. Within a transaction of the organization, which sees no access of another one.
 * @throws OutpostError `not_found`, `invalid` when it is decided already
 */
export async function decideAccess(
  session: SqlSession,
  tenantId: TenantId,
  id: string,
  decision: Decision,
  by: { readonly userId: string; readonly deviceId: string },
  nowMs: number,
): Promise<SupportAccess> {
  const access = await findAccess(session, id);
  if (access.state !== decidable[decision])
    throw new OutpostError('invalid', 'This was decided already.', { problems: ['decision:decided'] });
  if (decision === 'allow') await openAccess(session, access, nowMs);
  else await closeAccess(session, access, decision === 'end' ? 'ended' : 'refused', nowMs);
  const detail = { staff: access.staffName, reason: access.reason };
  const what = { command: `support.${decision}`, entity: 'organization', id: tenantId, groups: [], outcome: 'applied' };
  await appendAudit(session, tenantId, nowMs, [{ actor: by.userId, device: by.deviceId, ...what, detail }]);
  return toAccess(await findAccess(session, id));
}

/** The operator ends it, or takes the question back. */
export async function endSupport(context: PlatformContext, id: string, by: By): Promise<SupportAccess> {
  const { database, clock } = context;
  const access = await findAnywhere(context, id);
  if (access.state === 'asked' || access.state === 'open') {
    const deed = { command: 'support.end', detail: { staff: access.staffName, reason: access.reason } };
    await database.inTenant(access.tenant, async (session) => {
      await closeAccess(session, access, 'ended', clock.now());
      await noteInOrganization(session, access.tenant, clock.now(), by, deed);
    });
    await noteAtOperator(context, by, access.tenant, deed);
  }
  return toAccess(await findAnywhere(context, id));
}

/** A password for the staff, as one-time ones are: it must be replaced, and opens nothing after the access ended. */
export async function giveSupportSignIn(context: PlatformContext, id: string, by: By): Promise<SupportSignIn> {
  const { database, clock, random, passwords } = context;
  const { tenant, userId, email, state, until, staffName } = await findAnywhere(context, id);
  const nowMs = clock.now();
  if (state !== 'open' || until === null || until <= nowMs)
    throw new OutpostError('invalid', 'This access is not open.', { problems: ['id:notOpen'] });
  const password = createPassword(random);
  const passwordHash = await passwords.createHash(password);
  const deed = { command: 'support.signInGiven', detail: { staff: staffName } };
  await database.inTenant(tenant, async (session) => {
    await saveAccount(session, { tenantId: tenant, userId, email, passwordHash, oneTimeUntilMs: until }, nowMs);
    await noteInOrganization(session, tenant, nowMs, by, deed);
  });
  await noteAtOperator(context, by, tenant, deed);
  return { email, password, until: toInstant(until) };
}

/** What is over by the clock is ended in the records as well. Answers how many were. */
export async function endWhatIsOver({ database, clock }: PlatformContext): Promise<number> {
  const nowMs = clock.now();
  const over = await database.transaction((session) =>
    session.query<AccessRow>(`${ROWS} WHERE a.state = 'open' AND a.until <= $1`, [nowMs]),
  );
  for (const access of over) {
    await database.inTenant(access.tenant, async (session) => {
      // Another process may have been faster.
      const [still] = await session.query(
        `SELECT 1 AS one FROM support_access WHERE tenant = $1 AND id = $2 AND state = 'open' FOR UPDATE`,
        [access.tenant, access.id],
      );
      if (still === undefined) return;
      await closeAccess(session, access, 'ended', nowMs);
      const detail = { staff: access.staffName, reason: access.reason };
      await noteInOrganization(session, access.tenant, nowMs, null, { command: 'support.over', detail });
    });
  }
  return over.length;
}
