// How the desktop is watched. Every line that is written down about an error nobody expected is reported as well: to Sentry where its
// address is in the environment, to a small log in the profile's folder otherwise. Traces go where the environment says. Nothing
// of either is loaded before the first window is open, and nothing at all where it goes nowhere.
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { createErrorReports, type ErrorReports } from '#shared/observe/error-reports.ts';
import { openTracing } from '#shared/observe/open-tracing.ts';
import { createRotatedLog, type LogFiles } from '#shared/observe/rotated-log.ts';
import { createSentrySink, type PostBytes } from '#shared/observe/sentry.ts';
import { noTracing, type Tracing } from '#shared/observe/tracing.ts';
import { readWatchSettings, WatchSettingsError, type WatchSettings } from '#shared/observe/watch-settings.ts';
import type { WriteLog } from '#main/write-log.ts';

const SERVICE_NAME = 'outpost-desktop';
const SEND_LIMIT_MS = 10_000;

export interface Watch {
  readonly log: WriteLog;
  readonly reports: ErrorReports;
  /** Records nothing before {@link begin}. */
  readonly tracing: Tracing;
  /** Once there is something to look at. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

interface WatchOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Where errors are written. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: WriteLog;
}

const nothingSet: Pick<WatchSettings, 'tracing' | 'sentryDsn'> = { tracing: null, sentryDsn: null };

/** A desktop starts with whatever is set; it says what it could not use. */
function settingsOf({ environment, version, log }: WatchOptions): WatchSettings {
  try {
    return readWatchSettings(environment, SERVICE_NAME, version);
  } catch (error) {
    if (!(error instanceof WatchSettingsError)) throw error;
    log(error.message);
    return { ...nothingSet, release: version, environment: 'production' };
  }
}

function logFilesIn(folder: string): LogFiles {
  return {
    size: (file) => statSync(path.join(folder, file), { throwIfNoEntry: false })?.size ?? 0,
    append(file, text) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      appendFileSync(path.join(folder, file), text, { mode: 0o600 });
    },
    rename(from, to) {
      if (existsSync(path.join(folder, from))) renameSync(path.join(folder, from), path.join(folder, to));
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

export function openWatch(options: WatchOptions): Watch {
  const { clock, log, folder } = options;
  const settings = settingsOf(options);
  const { sentryDsn, release, environment } = settings;
  const reports = createErrorReports({
    clock,
    createId: () => randomUUID().replaceAll('-', ''),
    facts: { service: SERVICE_NAME, release, environment },
    sentry: sentryDsn === null ? null : createSentrySink(sentryDsn, post),
    file: createRotatedLog(logFilesIn(folder), 'errors'),
    onLost: (error) => log('a report of an error could not be handed over', error),
  });
  let opened: Tracing = noTracing;
  return {
    log(message, error, facts = {}) {
      log(message, error, facts);
      if (error === undefined) return;
      const { correlationId } = facts;
      const context = typeof correlationId === 'string' ? { correlationId } : {};
      // What is of the catalogue was foreseen; it happens to everybody without a network.
      if (!(error instanceof OutpostError) && typeof facts['route'] !== 'string')
        reports.captureException(error, context);
    },
    reports,
    tracing: {
      get isOn() {
        return opened.isOn;
      },
      start: (name, start) => opened.start(name, start),
      lastExport: () => opened.lastExport(),
      flush: () => opened.flush(),
      close: () => opened.close(),
    },
    async begin() {
      if (settings.tracing !== null) opened = await openTracing(settings.tracing, clock);
    },
    async close() {
      await reports.settled();
      await opened.close();
    },
  };
}
