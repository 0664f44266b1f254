// Audit policies of an organization: who may make them, what is wrong with them, and that every change of one is itself an
// entry that says what it was before.
import type { Actor } from '#shared/access/actor.ts';
import { differenceOf } from '#shared/audit/audited-values.ts';
import {
  conditionProblems,
  MOST_POLICIES,
  type AuditPolicy,
  type KeptPolicy,
} from '#shared/audit/policy/audit-policy.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';

export const POLICY_ENTITY = 'auditPolicy';

interface PolicyRow {
  readonly id: string;
  readonly data: AuditPolicy;
  readonly createdAt: number;
  readonly updatedAt: number;
}

function toKept({ id, data, createdAt, updatedAt }: PolicyRow): KeptPolicy {
  return { ...data, id, created_at: toInstant(createdAt), updated_at: toInstant(updatedAt) };
}

const COLUMNS = 'id, data, created_at AS "createdAt", updated_at AS "updatedAt"';

/** In the order in which they were made. */
export async function readPolicies(session: SqlSession, tenantId: TenantId): Promise<readonly KeptPolicy[]> {
  const rows = await session.query<PolicyRow>(
    `SELECT ${COLUMNS} FROM audit_policy WHERE tenant = $1 ORDER BY created_at, id`,
    [tenantId],
  );
  return rows.map(toKept);
}

/** @throws OutpostError `action_forbidden` for everybody who may not decide about the audit. */
export function assertAuditKeeper({ permissions }: Actor): void {
  if (permissions.includes('org.view_audit_logs') && permissions.includes('org.configure_settings')) return;
  throw new OutpostError('action_forbidden', 'Only administrators decide what the audit is watched for.');
}

async function assertGood(session: SqlSession, tenantId: TenantId, policy: AuditPolicy): Promise<void> {
  const problems = conditionProblems(policy).map(
    ({ rule, problem }) => `rules.${String(rule)}.condition:${problem.code}:${String(problem.at)}`,
  );
  if (problems.length > 0)
    throw new OutpostError('invalid', 'A condition of this policy cannot be read.', { problems });
  for (const id of policy.alert_recipients ?? []) {
    const user = await findRecord(session, tenantId, 'user', id);
    if (user === null || user.record['isActive'] === false)
      throw new OutpostError('invalid', 'A recipient of alerts is not an active user of this organization.', {
        problems: ['alert_recipients:unknown'],
      });
  }
}

export interface PolicyChange {
  readonly actor: Actor;
  readonly deviceId: string;
  readonly nowMs: number;
  readonly id: string;
}

/** That a policy is not what it was, as an entry. */
function noteChange(
  session: SqlSession,
  { actor, deviceId, nowMs, id }: PolicyChange,
  verb: 'create' | 'change' | 'delete',
  before: AuditPolicy | undefined,
  after: AuditPolicy | null,
): Promise<void> {
  const values = differenceOf({ ...before }, { ...after });
  const what = { command: `audit.policy.${verb}`, entity: POLICY_ENTITY, id, groups: Object.keys(values ?? {}) };
  const by = { actor: actor.userId, device: deviceId, outcome: 'applied', values };
  return appendAudit(session, actor.tenantId as TenantId, nowMs, [{ ...what, ...by }]);
}

function readLocked(session: SqlSession, tenantId: TenantId): Promise<readonly PolicyRow[]> {
  return session.query<PolicyRow>(`SELECT ${COLUMNS} FROM audit_policy WHERE tenant = $1 FOR UPDATE`, [tenantId]);
}

/** Makes or changes a policy. @throws OutpostError `action_forbidden`, `invalid`, `not_found`, `limit`. */
export function savePolicy(
  db: SqlDatabase,
  change: PolicyChange,
  policy: AuditPolicy,
  isNew: boolean,
): Promise<KeptPolicy> {
  const { actor, nowMs, id } = change;
  assertAuditKeeper(actor);
  const tenantId = actor.tenantId as TenantId;
  return db.inTenant(tenantId, async (session) => {
    const all = await readLocked(session, tenantId);
    const before = all.find((row) => row.id === id);
    if (before === undefined && !isNew) throw noPolicy();
    await assertGood(session, tenantId, policy);
    if (isNew && all.length >= MOST_POLICIES)
      throw new OutpostError('limit', `An organization has at most ${String(MOST_POLICIES)} audit policies.`);
    await session.query(
      `INSERT INTO audit_policy (tenant, id, data, created_at, updated_at) VALUES ($1, $2, $3::json, $4::bigint, $4::bigint)
       ON CONFLICT (tenant, id) DO UPDATE SET data = excluded.data, updated_at = excluded.updated_at`,
      [tenantId, id, JSON.stringify(policy), nowMs],
    );
    await noteChange(session, change, isNew ? 'create' : 'change', before?.data, policy);
    return toKept({ id, data: policy, createdAt: before?.createdAt ?? nowMs, updatedAt: nowMs });
  });
}

/** @throws OutpostError `action_forbidden`, `not_found`. */
export function removePolicy(db: SqlDatabase, change: PolicyChange): Promise<void> {
  const { actor, id } = change;
  assertAuditKeeper(actor);
  const tenantId = actor.tenantId as TenantId;
  return db.inTenant(tenantId, async (session) => {
    const before = (await readLocked(session, tenantId)).find((row) => row.id === id);
    if (before === undefined) throw noPolicy();
    await session.query('DELETE FROM audit_policy WHERE tenant = $1 AND id = $2', [tenantId, id]);
    await noteChange(session, change, 'delete', before.data, null);
  });
}

function noPolicy(): OutpostError {
  return new OutpostError('not_found', 'There is no such policy.');
}
