// Reports of errors in the form Sentry takes. Of its packages only the core is used, and of that what knows addresses, envelopes and
// how to wait when Sentry says so; it is loaded with the first report. Its clients collect of themselves (host names, requests, the
// console, local variables), so what leaves would be theirs to decide: here it is the report and nothing beside it.
import { toEpochMs } from '#shared/kernel/calendar.ts';
import type { ErrorReport } from '#shared/observe/error-report.ts';
import type { ReportSink } from '#shared/observe/error-reports.ts';

/** Sends bytes and answers the status with the two headers that say how long to wait. Throws when there is no answer. */
export type PostBytes = (
  url: string,
  body: string | Uint8Array,
) => Promise<{ readonly status: number; readonly rateLimits: string | null; readonly retryAfter: string | null }>;

/** Null: it is no address of a Sentry project. */
export function readDsn(text: string): string | null {
  return /^https?:\/\/[\w]+(?::[\w]+)?@[\w.-]+(?::\d+)?\/(?:[\w/-]+\/)?\d+$/.test(text) ? text : null;
}

/** What leaves for one report. */
export function toSentryEvent(report: ErrorReport) {
  const { id, at, level, service, release, environment, errors, context, crumbs } = report;
  const { userId, correlationId, traceId, ...tags } = context;
  return {
    event_id: id,
    timestamp: toEpochMs(at) / 1000,
    platform: 'node' as const,
    level,
    release: `${service}@${release}`,
    environment,
    tags: { service, ...tags, ...(correlationId === undefined ? {} : { correlationId }) },
    ...(userId === undefined ? {} : { user: { id: userId } }),
    ...(traceId === undefined ? {} : { contexts: { trace: { trace_id: traceId, span_id: traceId.slice(0, 16) } } }),
    exception: {
      // Sentry reads causes first and the newest frame last.
      values: errors.toReversed().map(({ kind, code, frames }) => ({
        type: kind,
        value: code,
        stacktrace: {
          frames: frames.toReversed().map(({ function: name, file, line, column }) => ({
            function: name,
            filename: file,
            lineno: line,
            colno: column,
            in_app: !file.startsWith('node_modules/') && !file.startsWith('node:'),
          })),
        },
      })),
    },
    breadcrumbs: crumbs.map(({ at: when, category, facts }) => ({
      timestamp: toEpochMs(when) / 1000,
      category,
      data: { ...facts },
    })),
  };
}

export function createSentrySink(dsn: string, post: PostBytes): ReportSink {
  async function open() {
    const { createEventEnvelope, createTransport, getEnvelopeEndpointWithUrlEncodedAuth, makeDsn } =
      await import('@sentry/core');
    const address = makeDsn(dsn);
    if (address === undefined) throw new Error('The address of Sentry cannot be read.');
    const url = getEnvelopeEndpointWithUrlEncodedAuth(address);
    const transport = createTransport({ recordDroppedEvent: () => undefined }, async ({ body }) => {
      const { status, rateLimits, retryAfter } = await post(url, body);
      return { statusCode: status, headers: { 'x-sentry-rate-limits': rateLimits, 'retry-after': retryAfter } };
    });
    return (report: ErrorReport) => transport.send(createEventEnvelope(toSentryEvent(report), address));
  }
  let opened: ReturnType<typeof open> | null = null;
  return async (report) => {
    opened ??= open();
    const { statusCode } = await (await opened)(report);
    // Without a status nothing was sent: Sentry asked for silence.
    if (statusCode === undefined || statusCode >= 300)
      throw new Error(
        `Sentry did not take a report (${statusCode === undefined ? 'asked to wait' : String(statusCode)}).`,
      );
  };
}
