// A look at every part of the server that can be at fault when something does not work, in the order in which an operator would look.
// Each answers with a code; what it means and what to do next stands in the translations. Whoever does not run the server is told of
// the own organization's parts.
import type { Actor } from '#shared/access/actor.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { ErrorReports } from '#shared/observe/error-reports.ts';
import type { Tracing } from '#shared/observe/tracing.ts';
import type { DailyPlan } from '#shared/sync/job-messages.ts';
import type { Diagnosis, DiagnosisCheck, DiagnosedPart } from '#shared/sync/diagnosis-messages.ts';
import type { PartStatus } from '#shared/sync/health-messages.ts';
import { measureMachine } from '#server/http/measure-machine.ts';
import type { JobEngine } from '#server/jobs/job-engine.ts';
import { readQueues } from '#server/jobs/read-jobs.ts';
import type { WatchedMailer } from '#server/mail/watch-mailer.ts';
import type { DailyWork } from '#server/maintenance/daily-work.ts';
import { readOpenAlerts } from '#server/observe/alerts/alert-store.ts';
import { NOBODY } from '#server/observe/api-monitor.ts';
import type { OperationsSettings } from '#server/observe/operations-settings.ts';
import { readMonitoringErrors, readMonitoringStats } from '#server/observe/read-monitor.ts';
import { runsTheServer } from '#server/observe/rights.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import packageJson from '../../../package.json' with { type: 'json' };

export interface DiagnoseOptions {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly settings: OperationsSettings;
  readonly directory: string;
  readonly engine: JobEngine;
  readonly daily: DailyWork;
  readonly mailer: WatchedMailer | null;
  readonly reports: ErrorReports;
  readonly tracing: Tracing;
  readonly flush: () => Promise<void>;
}

export type Diagnose = (actor: Actor) => Promise<Diagnosis>;

const HOUR_MS = 3_600_000;
/** A transaction of nothing takes longer only when something is wrong. */
const SLOW_DATABASE_MS = 500;
const MANY_REFUSED = 0.2;
const FEW = 20;
const MANY_SIGN_INS = 50;
const LONG_WAIT_SECONDS = 900;
const OLD_BACKUP_MS = 30 * HOUR_MS;
const MAIL_WAIT_MS = 5_000;

type Facts = DiagnosisCheck['facts'];

function check(part: DiagnosedPart, status: DiagnosisCheck['status'], code: string, facts: Facts = {}): DiagnosisCheck {
  return { part, status, code, facts };
}

async function checkDatabase({ database }: DiagnoseOptions): Promise<DiagnosisCheck> {
  const startedMs = performance.now();
  try {
    await database.query('SELECT 1 AS answer');
  } catch {
    // What it failed with is in the log of whoever asked last; here it counts that it does not answer.
    return check('database', 'failed', 'down', { engine: database.engine });
  }
  const ms = Math.round(performance.now() - startedMs);
  return check('database', ms > SLOW_DATABASE_MS ? 'warning' : 'ok', ms > SLOW_DATABASE_MS ? 'slow' : 'ok', {
    engine: database.engine,
    ms,
  });
}

async function checkRequests(
  { database, clock }: DiagnoseOptions,
  tenantId: TenantId,
): Promise<readonly DiagnosisCheck[]> {
  const asked = { tenantId, nowMs: clock.now(), hours: 1 };
  const { total } = await readMonitoringStats(database, asked, 1);
  const { recent, byEndpoint } = await readMonitoringErrors(database, asked, 200);
  const worst = byEndpoint.find(({ errors }) => errors > 0);
  const last = recent.find(({ status }) => status >= 500);
  const failing = {
    endpoint: worst === undefined ? '' : `${worst.method} ${worst.endpoint}`,
    correlationId: last?.correlationId ?? '',
  };
  const facts = { requests: total.requests, errors: total.errors, p95: Math.round(total.p95Ms) };
  const rights = recent.filter(({ code }) => code === 'action_forbidden' || code === 'field_forbidden');
  const ofRights = {
    refused: rights.length,
    endpoint: rights[0] === undefined ? '' : `${rights[0].method} ${rights[0].endpoint}`,
    correlationId: rights[0]?.correlationId ?? '',
  };
  const isMuch = total.requests >= FEW && rights.length / total.requests > MANY_REFUSED;
  return [
    total.errors > 0
      ? check('requests', 'warning', 'errors', { ...facts, ...failing })
      : check('requests', 'ok', 'ok', facts),
    total.limited > 0 ? check('limits', 'warning', 'limited', { limited: total.limited }) : check('limits', 'ok', 'ok'),
    isMuch ? check('rights', 'warning', 'refused', ofRights) : check('rights', 'ok', 'ok', { refused: rights.length }),
  ];
}

async function checkSignIn({ database, clock }: DiagnoseOptions): Promise<DiagnosisCheck> {
  const { byEndpoint } = await readMonitoringErrors(database, { tenantId: NOBODY, nowMs: clock.now(), hours: 1 }, 1);
  const refused = byEndpoint
    .filter(({ endpoint }) => endpoint.startsWith('/api/v1/auth/'))
    .reduce((sum, one) => sum + one.refused, 0);
  return refused > MANY_SIGN_INS
    ? check('signIn', 'warning', 'many', { refused })
    : check('signIn', 'ok', 'ok', { refused });
}

async function checkJobs({ database, engine }: DiagnoseOptions, tenantId: TenantId | null): Promise<DiagnosisCheck> {
  const queues = await readQueues(database, tenantId);
  const sum = (pick: (queue: (typeof queues)[number]) => number): number =>
    queues.reduce((total, queue) => total + pick(queue), 0);
  const facts = {
    waiting: sum(({ counts }) => counts.waiting),
    failed: sum(({ counts }) => counts.failed),
    active: sum(({ counts }) => counts.active),
  };
  const paused = queues.find(({ isPaused }) => isPaused);
  if (paused !== undefined) return check('jobs', 'warning', 'paused', { ...facts, queue: paused.name });
  const stuck = queues.find(({ oldestSeconds }) => oldestSeconds > LONG_WAIT_SECONDS);
  if (stuck !== undefined) {
    const code = engine.runningSince() === null ? 'notStarted' : 'stuck';
    return check('jobs', 'failed', code, {
      ...facts,
      queue: stuck.name,
      minutes: Math.round(stuck.oldestSeconds / 60),
    });
  }
  const failing = queues.find(({ counts }) => counts.failed > 0);
  if (failing !== undefined) return check('jobs', 'warning', 'failed', { ...facts, queue: failing.name });
  return check('jobs', 'ok', engine.runningSince() === null ? 'idle' : 'ok', facts);
}

async function checkMail({ mailer }: DiagnoseOptions): Promise<DiagnosisCheck> {
  if (mailer === null) return check('mail', 'off', 'notSetUp');
  const standing = await mailer.standing(MAIL_WAIT_MS);
  if (standing === null) return check('mail', 'warning', 'silent');
  return standing.isWell
    ? check('mail', 'ok', 'ok', { at: toInstant(standing.atMs) })
    : check('mail', 'failed', 'down', { at: toInstant(standing.atMs) });
}

async function checkWebhooks({ database }: DiagnoseOptions, tenantId: TenantId): Promise<DiagnosisCheck> {
  const [row] = await database.inTenant(tenantId, (session) =>
    session.query<{ all: number; off: number; failing: number; waiting: number }>(
      `SELECT count(*)::int AS "all", count(*) FILTER (WHERE state IN ('failing', 'gone'))::int AS off,
         count(*) FILTER (WHERE state = 'active' AND failures > 0)::int AS failing,
         (SELECT count(*)::int FROM webhook_delivery d WHERE d.tenant = $1 AND d.state = 'waiting') AS waiting
       FROM webhook WHERE tenant = $1`,
      [tenantId],
    ),
  );
  const { all = 0, off = 0, failing = 0, waiting = 0 } = row ?? {};
  if (all === 0) return check('webhooks', 'off', 'none');
  if (off > 0) return check('webhooks', 'failed', 'off', { off });
  return failing > 0
    ? check('webhooks', 'warning', 'failing', { failing, waiting })
    : check('webhooks', 'ok', 'ok', { all, waiting });
}

function checkBackup(plan: DailyPlan | undefined, nowMs: number): DiagnosisCheck {
  if (plan === undefined || !plan.isSetUp) return check('backup', 'off', 'notSetUp');
  if (!plan.isOn) return check('backup', 'warning', 'off');
  const { last } = plan;
  if (last === null) return check('backup', 'warning', 'none', { next: plan.nextAt ?? '' });
  if (last.outcome === 'failed')
    return check('backup', 'failed', 'failed', { at: last.beganAt, code: last.facts['code'] ?? '' });
  if (last.outcome === 'running') return check('backup', 'ok', 'running', { at: last.beganAt });
  const at = last.endedAt ?? last.beganAt;
  return nowMs - toEpochMs(at) > OLD_BACKUP_MS
    ? check('backup', 'failed', 'old', { at })
    : check('backup', 'ok', 'ok', { at });
}

function checkTelling({ reports, tracing, settings }: DiagnoseOptions): readonly DiagnosisCheck[] {
  const delivery = reports.lastDelivery();
  const exported = tracing.lastExport();
  const tracker =
    reports.goesTo === 'nowhere'
      ? check('errorTracker', 'off', 'nowhere')
      : reports.goesTo === 'file'
        ? check('errorTracker', 'ok', 'file')
        : delivery?.isWell === false
          ? check('errorTracker', 'failed', 'down', { at: delivery.at })
          : check(
              'errorTracker',
              'ok',
              delivery === null ? 'quiet' : 'ok',
              delivery === null ? {} : { at: delivery.at },
            );
  if (settings.tracing === null) return [tracker, check('tracing', 'off', 'notSetUp')];
  if (exported === null) return [tracker, check('tracing', 'ok', 'quiet')];
  return [
    tracker,
    exported.isWell
      ? check('tracing', 'ok', 'ok', { at: exported.at })
      : check('tracing', 'failed', 'down', { at: exported.at }),
  ];
}

const statuses: Readonly<Record<PartStatus, DiagnosisCheck['status']>> = {
  healthy: 'ok',
  warning: 'warning',
  unhealthy: 'failed',
  not_configured: 'off',
};

async function checkMachine({ directory }: DiagnoseOptions): Promise<readonly DiagnosisCheck[]> {
  const { cpu_percent: percent, memory, disk } = await measureMachine(directory);
  const codeOf = (status: PartStatus): string => (status === 'healthy' ? 'ok' : 'full');
  return [
    percent > 95 ? check('processor', 'warning', 'full', { percent }) : check('processor', 'ok', 'ok', { percent }),
    check('memory', statuses[memory.status], codeOf(memory.status), {
      percent: memory.used_percent,
      free: memory.available_gb,
    }),
    check('disk', statuses[disk.status], codeOf(disk.status), { percent: disk.used_percent, free: disk.free_gb }),
  ];
}

async function checkOwn({ database }: DiagnoseOptions, tenantId: TenantId): Promise<readonly DiagnosisCheck[]> {
  return database.inTenant(tenantId, async (session) => {
    const [head] = await session.query<{ no: number; at: number | null }>(
      `SELECT h.no, (SELECT at FROM audit a WHERE a.tenant = h.tenant AND a.no = h.no) AS at FROM audit_head h WHERE h.tenant = $1`,
      [tenantId],
    );
    const open = await readOpenAlerts(session, tenantId);
    const isCritical = open.some(({ rule }) => rule.severity === 'critical');
    const at = head?.at ?? null;
    const isCut = head !== undefined && head.no > 0 && at === null;
    const facts = { entries: head?.no ?? 0, ...(at === null ? {} : { at: toInstant(at) }) };
    return [
      isCut ? check('audit', 'failed', 'cut', facts) : check('audit', 'ok', 'ok', facts),
      open.length > 0
        ? check('alerts', isCritical ? 'failed' : 'warning', 'open', { open: open.length })
        : check('alerts', 'ok', 'ok'),
    ];
  });
}

export function createDiagnose(options: DiagnoseOptions): Diagnose {
  const startedMs = performance.now();
  return async (actor) => {
    const { database, clock, settings } = options;
    const tenantId = actor.tenantId as TenantId;
    const ofDatabase = await checkDatabase(options);
    const head = {
      at: toInstant(clock.now()),
      version: packageJson.version,
      serviceName: settings.serviceName,
      engine: database.engine,
      uptime: Math.round((performance.now() - startedMs) / 1000),
    };
    // Everything else is asked of it.
    if (ofDatabase.status === 'failed') return { ...head, isOperator: false, checks: [ofDatabase] };
    await options.flush();
    const isOperator = await runsTheServer(database, actor);
    const checks = [
      ofDatabase,
      ...(await checkRequests(options, tenantId)),
      ...(isOperator ? [await checkSignIn(options)] : []),
      await checkJobs(options, isOperator ? null : tenantId),
      await checkMail(options),
      await checkWebhooks(options, tenantId),
      ...(isOperator
        ? [
            checkBackup(
              (await options.daily.describe()).find(({ name }) => name === 'backup'),
              clock.now(),
            ),
          ]
        : []),
      ...(isOperator ? [...checkTelling(options), ...(await checkMachine(options))] : []),
      ...(await checkOwn(options, tenantId)),
    ];
    return { ...head, isOperator, checks };
  };
}
