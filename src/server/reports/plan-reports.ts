// Makes a run of every scheduled report when it is due. How far each was planned is kept in the database, so times at which no
// server was there are known when one comes back: of several missed ones one run is made, the last. Several servers plan the
// same thing, and a run has the same id with each of them. Of a suspended organization nothing is planned until it is resumed. A schedule that is new, changed or switched on again begins now.
import { dueBetween, ruleOf } from '#shared/analytics/schedule-rule.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import type { RunJob } from '#server/reports/report-context.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

interface PlanDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly send: (id: string, job: RunJob) => Promise<void>;
}

interface PlannedRow {
  readonly data: AnyRecord;
  readonly rule: string | null;
  readonly plannedUntil: number | null;
}

const READ = `
  SELECT r.data, p.rule, p.planned_until AS "plannedUntil"
  FROM record r LEFT JOIN report_plan p ON p.tenant = r.tenant AND p.schedule = r.id
  WHERE r.tenant = $1 AND r.coll = $2 AND r.kind = 'reportSchedule' AND NOT r.deleted
    AND NOT EXISTS (SELECT 1 FROM platform_organization o WHERE o.tenant = $1 AND o.state = 'suspended')`;

/** Never back: two servers may plan at once. */
const MOVE = `
  INSERT INTO report_plan (tenant, schedule, rule, planned_until) VALUES ($1, $2, $3, $4::bigint)
  ON CONFLICT (tenant, schedule) DO UPDATE SET rule = excluded.rule,
    planned_until = greatest(report_plan.planned_until, excluded.planned_until)`;

function move(session: SqlSession, tenantId: TenantId, id: string, rule: string, untilMs: number) {
  return session.query(MOVE, [tenantId, id, rule, untilMs]);
}

/** Sends what is due in one organization. Answers when to look again; null when nothing is scheduled. */
export async function planReports(
  { database, clock, send }: PlanDependencies,
  tenantId: TenantId,
): Promise<number | null> {
  const nowMs = clock.now();
  const rows = await database.inTenant(
    tenantId,
    (session) => session.query<PlannedRow>(READ, [tenantId, entities.reportSchedule.collection]),
    { snapshot: true, isHurried: true },
  );
  let earliestMs: number | null = null;
  for (const { data, rule: knownRule, plannedUntil } of rows) {
    const { id } = data;
    const isActive = data['isActive'] !== false;
    const when = ruleOf(data);
    const rule = toCanonicalJson([isActive, when]);
    const isKnown = knownRule === rule && plannedUntil !== null;
    if (!isKnown) await database.inTenant(tenantId, (session) => move(session, tenantId, id, rule, nowMs));
    if (!isActive) continue;
    const { lastMs, missed, nextMs } = dueBetween(when, isKnown ? plannedUntil : nowMs, nowMs);
    if (lastMs !== null) {
      const runId = stableId('report-run', tenantId, id, String(lastMs));
      // Sent before it counts as planned: should this server end in between, the next one sends the same again.
      await send(runId, { tenantId, scheduleId: id, runId, dueMs: lastMs, missed, isManual: false });
      await database.inTenant(tenantId, (session) => move(session, tenantId, id, rule, lastMs));
    }
    earliestMs = earliestMs === null ? nextMs : Math.min(earliestMs, nextMs);
  }
  return earliestMs;
}
