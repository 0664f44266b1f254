// Rules and alerts as they are stored. One alert of a rule is open at a time, whichever server noticed first.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AlertRule } from '#shared/observe/alert-rules.ts';
import type { Alert } from '#shared/sync/alert-messages.ts';
import type { SqlSession } from '#server/store/database.ts';

interface AlertRow {
  readonly id: string;
  readonly rule: AlertRule;
  readonly began: number;
  readonly ended: number | null;
  readonly value: number;
  readonly worst: number;
  readonly seen: number | null;
  readonly seenBy: string | null;
}

const COLUMNS = `id, rule, began_at AS began, ended_at AS ended, value, worst, seen_at AS seen, seen_by AS "seenBy"`;

function toAlert({ began, ended, seen, ...rest }: AlertRow): Alert {
  const instant = (at: number | null): string | null => (at === null ? null : toInstant(at));
  return { ...rest, beganAt: toInstant(began), endedAt: instant(ended), seenAt: instant(seen) };
}

export async function readSavedRules(session: SqlSession, tenantId: TenantId): Promise<readonly AlertRule[]> {
  const rows = await session.query<{ rule: AlertRule }>('SELECT rule FROM health_rule WHERE tenant = $1 ORDER BY id', [
    tenantId,
  ]);
  return rows.map(({ rule }) => rule);
}

export function saveRule(
  session: SqlSession,
  tenantId: TenantId,
  rule: AlertRule,
  by: { readonly userId: string; readonly nowMs: number },
) {
  return session.query(
    `INSERT INTO health_rule (tenant, id, rule, changed_at, changed_by) VALUES ($1, $2, $3::json, $4::bigint, $5)
     ON CONFLICT (tenant, id) DO UPDATE SET rule = excluded.rule, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
    [tenantId, rule.id, JSON.stringify(rule), by.nowMs, by.userId],
  );
}

/** A built-in rule is what it was again. */
export async function forgetRule(session: SqlSession, tenantId: TenantId, id: string): Promise<boolean> {
  const gone = await session.query('DELETE FROM health_rule WHERE tenant = $1 AND id = $2 RETURNING id', [
    tenantId,
    id,
  ]);
  return gone.length > 0;
}

export async function readOpenAlerts(
  session: SqlSession,
  tenantId: TenantId,
): Promise<readonly (Alert & { readonly ruleId: string })[]> {
  const rows = await session.query<AlertRow & { readonly ruleId: string }>(
    `SELECT rule_id AS "ruleId", ${COLUMNS} FROM health_alert WHERE tenant = $1 AND ended_at IS NULL`,
    [tenantId],
  );
  return rows.map(({ ruleId, ...row }) => ({ ...toAlert(row), ruleId }));
}

/** Open ones first, then the newest. */
export async function readAlerts(session: SqlSession, tenantId: TenantId, most: number): Promise<readonly Alert[]> {
  const rows = await session.query<AlertRow>(
    `SELECT ${COLUMNS} FROM health_alert WHERE tenant = $1 ORDER BY ended_at IS NOT NULL, began_at DESC LIMIT ${String(most)}`,
    [tenantId],
  );
  return rows.map(toAlert);
}

export async function findAlert(session: SqlSession, tenantId: TenantId, id: string): Promise<Alert | null> {
  const [row] = await session.query<AlertRow>(`SELECT ${COLUMNS} FROM health_alert WHERE tenant = $1 AND id = $2`, [
    tenantId,
    id,
  ]);
  return row === undefined ? null : toAlert(row);
}

/** False when another server did it before. */
export async function openAlert(
  session: SqlSession,
  tenantId: TenantId,
  id: string,
  rule: AlertRule,
  value: number,
  nowMs: number,
): Promise<boolean> {
  const rows = await session.query(
    `INSERT INTO health_alert (tenant, id, rule_id, rule, began_at, value, worst) VALUES ($1, $2, $3, $4::json, $5::bigint, $6::float8, $6::float8)
     ON CONFLICT DO NOTHING RETURNING id`,
    [tenantId, id, rule.id, JSON.stringify(rule), nowMs, value],
  );
  return rows.length > 0;
}

export function noteValue(session: SqlSession, tenantId: TenantId, alert: Alert, value: number) {
  const worst = alert.rule.comparison === 'above' ? Math.max(alert.worst, value) : Math.min(alert.worst, value);
  return session.query('UPDATE health_alert SET value = $3::float8, worst = $4::float8 WHERE tenant = $1 AND id = $2', [
    tenantId,
    alert.id,
    value,
    worst,
  ]);
}

/** False when another server did it before. */
export async function endAlert(session: SqlSession, tenantId: TenantId, id: string, nowMs: number): Promise<boolean> {
  const rows = await session.query(
    'UPDATE health_alert SET ended_at = $3::bigint WHERE tenant = $1 AND id = $2 AND ended_at IS NULL RETURNING id',
    [tenantId, id, nowMs],
  );
  return rows.length > 0;
}

export async function markSeen(
  session: SqlSession,
  tenantId: TenantId,
  id: string,
  by: { readonly userId: string; readonly nowMs: number },
): Promise<boolean> {
  const rows = await session.query(
    'UPDATE health_alert SET seen_at = coalesce(seen_at, $3::bigint), seen_by = coalesce(seen_by, $4) WHERE tenant = $1 AND id = $2 RETURNING id',
    [tenantId, id, by.nowMs, by.userId],
  );
  return rows.length > 0;
}

const KEEP_ALERTS_MS = 400 * 86_400_000;

export function forgetOldAlerts(session: SqlSession, tenantId: TenantId, nowMs: number) {
  return session.query('DELETE FROM health_alert WHERE tenant = $1 AND ended_at < $2::bigint', [
    tenantId,
    nowMs - KEEP_ALERTS_MS,
  ]);
}
