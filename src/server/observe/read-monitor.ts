// Reads what the API monitor counted. Whoever asks gets the figures of the own organization; whoever runs the server may ask
// for those of nobody (requests without a session) as well.
import { latencySteps, percentileOfCounts } from '#shared/observe/latency.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type {
  EndpointFigures,
  MonitoringErrors,
  MonitoringHealth,
  MonitoringStats,
  MonitoringUsage,
  RequestFigures,
} from '#shared/sync/monitoring-messages.ts';
import { ADD_USAGE, FRESH_STEP_MS, SUM_OF_USAGE, USAGE_COLUMNS } from '#server/observe/api-monitor.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Points of a line. */
const POINTS = 48;
/** Above this share of errors something is wrong, above the second it fails for many. */
const MANY_ERRORS = 0.01;
const MOST_ERRORS = 0.1;
const KEEP_FRESH_DAYS = 2;
export const KEEP_USAGE_DAYS = 90;
export const KEEP_ERRORS_DAYS = 14;

interface UsageRow {
  readonly subject: string;
  readonly at: number;
  readonly requests: number;
  readonly errors: number;
  readonly refused: number;
  readonly limited: number;
  readonly totalMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly steps: readonly number[];
}

export interface Asked {
  readonly tenantId: TenantId;
  readonly nowMs: number;
  readonly hours: number;
}

const STEPS = `json_build_array(${Array.from({ length: latencySteps.length + 1 }, (_, index) => `sum(b${String(index)})::float8`).join(', ')})`;

/** `group`: what rows are added up by. */
function readUsage(
  session: SqlSession,
  { tenantId, nowMs, hours }: Asked,
  kind: 'endpoint' | 'user',
  group: 'subject' | 'at',
): Promise<readonly UsageRow[]> {
  const step = Math.max(FRESH_STEP_MS, Math.ceil((hours * HOUR_MS) / POINTS / FRESH_STEP_MS) * FRESH_STEP_MS);
  const key =
    group === 'subject'
      ? `subject, 0::float8 AS at`
      : `'' AS subject, (at / ${String(step)} * ${String(step)})::float8 AS at`;
  return session.query<UsageRow>(
    `SELECT ${key}, sum(requests)::float8 AS requests, sum(errors)::float8 AS errors, sum(refused)::float8 AS refused,
       sum(limited)::float8 AS limited, sum(total_ms) AS "totalMs", min(min_ms) AS "minMs", max(max_ms) AS "maxMs", ${STEPS} AS steps
     FROM monitor_usage WHERE tenant = $1 AND kind = $2 AND at >= $3::bigint GROUP BY 1, 2 ORDER BY ${group === 'subject' ? '3 DESC, 1' : '2'}`,
    [tenantId, kind, nowMs - hours * HOUR_MS],
  );
}

const digits = (value: number): number => Math.round(value * 10) / 10;

function figuresOf(rows: readonly UsageRow[]): RequestFigures {
  const sum = (pick: (row: UsageRow) => number): number => rows.reduce((total, row) => total + pick(row), 0);
  const requests = sum((row) => row.requests);
  const errors = sum((row) => row.errors);
  const minMs = requests === 0 ? 0 : Math.min(...rows.map((row) => row.minMs));
  const maxMs = requests === 0 ? 0 : Math.max(...rows.map((row) => row.maxMs));
  const counts = rows[0]?.steps.map((_, index) => sum((row) => row.steps[index] ?? 0)) ?? [];
  return {
    requests,
    errors,
    refused: sum((row) => row.refused),
    limited: sum((row) => row.limited),
    errorRate: requests === 0 ? 0 : errors / requests,
    averageMs: requests === 0 ? 0 : digits(sum((row) => row.totalMs) / requests),
    p95Ms: digits(percentileOfCounts(counts, 0.95, minMs, maxMs)),
    minMs: digits(minMs),
    maxMs: digits(maxMs),
  };
}

function endpointOf(row: UsageRow): EndpointFigures {
  const blank = row.subject.indexOf(' ');
  return { method: row.subject.slice(0, blank), endpoint: row.subject.slice(blank + 1), ...figuresOf([row]) };
}

const sinceOf = ({ nowMs, hours }: Asked): string => toInstant(nowMs - hours * HOUR_MS);

/** Of everything in the time asked for. */
export async function readTotal(session: SqlSession, asked: Asked): Promise<RequestFigures> {
  return figuresOf(await readUsage(session, asked, 'endpoint', 'subject'));
}

export async function readMonitoringHealth(db: SqlDatabase, asked: Asked): Promise<MonitoringHealth> {
  const { requests, errorRate } = await db.inTenant(asked.tenantId, (session) => readTotal(session, asked));
  const status = errorRate > MOST_ERRORS ? 'failed' : errorRate > MANY_ERRORS ? 'warning' : 'ok';
  return { status, error_rate: errorRate, total_requests: requests, since: sinceOf(asked) };
}

export async function readMonitoringStats(db: SqlDatabase, asked: Asked, limit: number): Promise<MonitoringStats> {
  return db.inTenant(asked.tenantId, async (session) => {
    const rows = await readUsage(session, asked, 'endpoint', 'subject');
    const points = await readUsage(session, asked, 'endpoint', 'at');
    return {
      since: sinceOf(asked),
      total: figuresOf(rows),
      endpoints: rows.slice(0, limit).map(endpointOf),
      series: points.map((row) => {
        const { requests, errors, p95Ms } = figuresOf([row]);
        return { at: toInstant(row.at), requests, errors, p95Ms };
      }),
    };
  });
}

interface ErrorRow {
  readonly at: number;
  readonly method: string;
  readonly endpoint: string;
  readonly status: number;
  readonly code: string;
  readonly userId: string | null;
  readonly correlationId: string;
  readonly ms: number;
}

export async function readMonitoringErrors(db: SqlDatabase, asked: Asked, limit: number): Promise<MonitoringErrors> {
  return db.inTenant(asked.tenantId, async (session) => {
    const rows = await readUsage(session, asked, 'endpoint', 'subject');
    const recent = await session.query<ErrorRow>(
      `SELECT at, method, route AS endpoint, status, code, user_id AS "userId", id AS "correlationId", ms
       FROM monitor_error WHERE tenant = $1 AND at >= $2::bigint ORDER BY at DESC, id LIMIT ${String(limit)}`,
      [asked.tenantId, asked.nowMs - asked.hours * HOUR_MS],
    );
    const byEndpoint = rows
      .map(endpointOf)
      .filter(({ errors, refused }) => errors + refused > 0)
      .toSorted(
        (one, other) => other.errorRate - one.errorRate || other.errors + other.refused - one.errors - one.refused,
      )
      .map(({ method, endpoint, requests, errors, refused, errorRate }) => ({
        method,
        endpoint,
        requests,
        errors,
        refused,
        errorRate,
      }));
    return { byEndpoint, recent: recent.map((row) => ({ ...row, at: toInstant(row.at), ms: digits(row.ms) })) };
  });
}

export async function readMonitoringUsage(db: SqlDatabase, asked: Asked, limit: number): Promise<MonitoringUsage> {
  const rows = await db.inTenant(asked.tenantId, (session) => readUsage(session, asked, 'user', 'subject'));
  return {
    since: sinceOf(asked),
    users: rows.slice(0, limit).map((row) => ({ userId: row.subject, ...figuresOf([row]) })),
  };
}

/** Adds up what is not fresh any more to hours, and removes what is too old. */
export async function tidyMonitor(session: SqlSession, tenantId: TenantId, nowMs: number): Promise<void> {
  await session.query(
    `WITH old AS (DELETE FROM monitor_usage WHERE tenant = $1 AND step < ${String(HOUR_MS)} AND at < $2::bigint RETURNING *)
     INSERT INTO monitor_usage AS u (tenant, kind, subject, at, step, ${USAGE_COLUMNS})
     SELECT $1, kind, subject, at / ${String(HOUR_MS)} * ${String(HOUR_MS)}, ${String(HOUR_MS)}, ${SUM_OF_USAGE}
     FROM old GROUP BY kind, subject, at / ${String(HOUR_MS)} ${ADD_USAGE}`,
    [tenantId, Math.floor((nowMs - KEEP_FRESH_DAYS * DAY_MS) / HOUR_MS) * HOUR_MS],
  );
  await session.query('DELETE FROM monitor_usage WHERE tenant = $1 AND at < $2::bigint', [
    tenantId,
    nowMs - KEEP_USAGE_DAYS * DAY_MS,
  ]);
  await session.query('DELETE FROM monitor_error WHERE tenant = $1 AND at < $2::bigint', [
    tenantId,
    nowMs - KEEP_ERRORS_DAYS * DAY_MS,
  ]);
}
