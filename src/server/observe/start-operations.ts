// Everything by which the server watches itself, put together: what it counts, whom it tells, and the work it does by itself. What
// the rest of the server needs of it is `observer` (told of every request) and `jobs`.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { openTracing } from '#shared/observe/open-tracing.ts';
import { noTracing, type Tracing } from '#shared/observe/tracing.ts';
import { routeOf } from '#server/http/correlation.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import { addAlertRoutes } from '#server/http/routes/alert-routes.ts';
import { addJobRoutes } from '#server/http/routes/job-routes.ts';
import { addMetricsRoute } from '#server/http/routes/metrics-route.ts';
import { addProfileRoutes } from '#server/http/routes/profile-routes.ts';
import { addMonitoringRoutes } from '#server/http/routes/monitoring-routes.ts';
import { createJobEngine, type JobEngine, type JobTimes, type WatchRun } from '#server/jobs/job-engine.ts';
import { readJobCounts } from '#server/jobs/read-jobs.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import { createMailer, MailError } from '#server/mail/mailer.ts';
import type { MailSettings } from '#server/mail/mail-settings.ts';
import { watchMailer, type WatchedMailer } from '#server/mail/watch-mailer.ts';
import { createDailyWork } from '#server/maintenance/daily-work.ts';
import { lastDoneMs } from '#server/maintenance/job-runs.ts';
import { createAlertWatch } from '#server/observe/alerts/watch-alerts.ts';
import { createApiMonitor } from '#server/observe/api-monitor.ts';
import { createDiagnose } from '#server/observe/diagnose.ts';
import { createMetrics, type Metrics } from '#server/observe/metrics.ts';
import type { RequestObserver } from '#server/observe/observer.ts';
import type { OperationsSettings } from '#server/observe/operations-settings.ts';
import { createProfiler } from '#server/observe/profiler.ts';
import { openErrorReports } from '#server/observe/report-errors.ts';
import { currentTraceparent, runInSpan, traceDatabase } from '#server/observe/trace-requests.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export interface OperationsOptions {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly log: ServerLog;
  readonly settings: OperationsSettings;
  readonly mail: MailSettings | undefined;
  readonly jobTimes: JobTimes | undefined;
  /** Directory whose disk matters. */
  readonly directory: string;
}

export interface Operations {
  readonly observer: RequestObserver;
  readonly jobs: JobEngine;
  /** Null: the server sends no mail. */
  readonly mailer: WatchedMailer | null;
  readonly metrics: Metrics;
  /** The database for everything that answers somebody: its transactions are traced, and looked at while somebody measures. */
  readonly database: SqlDatabase;
  addRoutes(app: HttpServer): void;
  /** Once the server listens. */
  begin(): void;
  planDaily(): Promise<void>;
  lookAtAlerts(): Promise<void>;
  /** After everything that sends jobs. */
  stop(): Promise<void>;
}

async function isUp(database: SqlDatabase): Promise<boolean> {
  try {
    await database.query('SELECT 1 AS answer');
    return true;
  } catch {
    // That it does not answer is the answer.
    return false;
  }
}

function codeOf(error: unknown): string {
  return error instanceof OutpostError ? error.code : error instanceof Error ? error.name : 'failed';
}

export async function startOperations(options: OperationsOptions, sockets: () => number): Promise<Operations> {
  const { database, clock, log, settings, mail, jobTimes, directory } = options;
  const tracing: Tracing = settings.tracing === null ? noTracing : await openTracing(settings.tracing, clock);
  const reports = openErrorReports(settings, clock, log);
  const metrics = createMetrics();
  const profiler = createProfiler({ clock, log });
  const monitor = createApiMonitor({ database, clock }, (error) =>
    log.error({ err: error }, 'Counts of requests could not be kept'),
  );
  const mailer =
    mail === undefined ? null : watchMailer(createMailer(mail), clock, (outcome) => metrics.noteMail(outcome));
  const watch: WatchRun = async ({ queue, kind, trace }, work) => {
    const startedMs = performance.now();
    const span = tracing.start(`job ${kind}`, { kind: 'consumer', parent: trace, facts: { 'outpost.queue': queue } });
    try {
      await runInSpan(span, work);
      span.end();
      metrics.noteJob(kind, 'done', performance.now() - startedMs);
    } catch (error) {
      span.end(codeOf(error));
      metrics.noteJob(kind, 'failed', performance.now() - startedMs);
      // What was foreseen (a mail server that is away) stands with the job.
      if (!(error instanceof OutpostError) && !(error instanceof MailError))
        reports.captureException(error, { job: kind, queue });
      throw error;
    }
  };
  const times = jobTimes === undefined ? {} : { times: jobTimes };
  const jobs = createJobEngine({ database, log, ...times, watch, trace: currentTraceparent });
  const daily = createDailyWork({ database, clock, log, settings, engine: jobs });
  let dailyBegin: NodeJS.Timeout | undefined;
  const flush = (): Promise<void> => monitor.flush();
  const makesBackups = settings.backup !== null;
  const alerts = createAlertWatch({ database, clock, log, engine: jobs, mailer, directory, makesBackups, flush });
  const diagnose = createDiagnose({
    database,
    clock,
    settings,
    directory,
    engine: jobs,
    daily,
    mailer,
    reports,
    tracing,
    flush,
  });
  metrics.watch({
    sockets,
    isDatabaseUp: () => isUp(database),
    jobs: () => readJobCounts(database, null),
    lastBackup: () => lastDoneMs(database, 'backup'),
  });
  return {
    jobs,
    mailer,
    metrics,
    database: traceDatabase(profiler.watch(database), tracing),
    observer: {
      metricsToken: settings.metricsToken,
      tracing,
      answered(fact) {
        if (!settings.measures) return;
        metrics.noteRequest(fact);
        monitor.note(fact);
      },
      unexpected(error, request) {
        metrics.noteError();
        const { principal, id } = request;
        const who =
          principal === null
            ? {}
            : { tenantId: principal.actor.tenantId, userId: principal.actor.userId, deviceId: principal.deviceId };
        reports.captureException(error, { correlationId: id, method: request.method, route: routeOf(request), ...who });
      },
    },
    addRoutes(app) {
      addMetricsRoute(app, metrics, database);
      addMonitoringRoutes(app, { database, clock, monitor });
      addProfileRoutes(app, { database, profiler });
      addJobRoutes(app, { database, clock, engine: jobs, daily });
      addAlertRoutes(app, { database, clock, alerts, diagnose });
    },
    begin() {
      if (!settings.hasDailyWork) return;
      if (settings.dailyWorkAfterMs === 0) void daily.plan();
      else dailyBegin = setTimeout(() => void daily.plan(), settings.dailyWorkAfterMs).unref();
      if (settings.hasAlerts) alerts.begin();
    },
    planDaily: () => daily.plan(),
    lookAtAlerts: () => alerts.lookAtAll(),
    async stop() {
      clearTimeout(dailyBegin);
      daily.stop();
      alerts.stop();
      profiler.stop();
      await jobs.stop();
      await mailer?.close();
      await monitor.stop();
      await reports.settled();
      await tracing.close();
    },
  };
}
