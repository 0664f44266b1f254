// Where this server tells errors nobody expected: to Sentry, or to files in a folder of its own, readable by its user alone.
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '#shared/kernel/ports.ts';
import { createErrorReports, type ErrorReports } from '#shared/observe/error-reports.ts';
import { createRotatedLog, type LogFiles } from '#shared/observe/rotated-log.ts';
import { createSentrySink, type PostBytes } from '#shared/observe/sentry.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import type { OperationsSettings } from '#server/observe/operations-settings.ts';

const SEND_LIMIT_MS = 10_000;
export const ERROR_LOG = 'errors';

export function logFilesIn(folder: string): LogFiles {
  return {
    size: (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0,
    append(file, text) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      appendFileSync(join(folder, file), text, { mode: 0o600 });
    },
    rename(from, to) {
      if (existsSync(join(folder, from))) renameSync(join(folder, from), join(folder, to));
    },
  };
}

const post: PostBytes = async (url, body) => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-sentry-envelope' },
    body: typeof body === 'string' ? body : Buffer.from(body),
    redirect: 'error',
    signal: AbortSignal.timeout(SEND_LIMIT_MS),
  });
  await answer.body?.cancel();
  return {
    status: answer.status,
    rateLimits: answer.headers.get('x-sentry-rate-limits'),
    retryAfter: answer.headers.get('retry-after'),
  };
};

export function openErrorReports(settings: OperationsSettings, clock: Clock, log: ServerLog): ErrorReports {
  const { sentryDsn, logFolder, serviceName, release, environment } = settings;
  return createErrorReports({
    clock,
    createId: () => randomUUID().replaceAll('-', ''),
    facts: { service: serviceName, release, environment },
    sentry: sentryDsn === null ? null : createSentrySink(sentryDsn, post),
    file: logFolder === null ? null : createRotatedLog(logFilesIn(logFolder), ERROR_LOG),
    onLost: (error) => log.warn({ err: error }, 'a report of an error could not be handed over'),
  });
}
