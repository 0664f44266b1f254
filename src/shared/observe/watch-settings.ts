// Where traces and errors go, from the environment, under the names that OpenTelemetry and Sentry gave to such settings. The server
// and the desktop read the same.
import { readDsn } from '#shared/observe/sentry.ts';
import type { TracingSettings } from '#shared/observe/open-tracing.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface WatchSettings {
  /** Null: traces go nowhere. */
  readonly tracing: TracingSettings | null;
  /** Null: errors go to the log on this computer. */
  readonly sentryDsn: string | null;
  readonly environment: string;
  readonly release: string;
}

/** What somebody set cannot be used; `message` is for whoever operates the program. */
export class WatchSettingsError extends Error {
  override readonly name = 'WatchSettingsError';
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s@]+$/.test(text);
}

function tracesUrl(environment: Environment): string | null {
  const exact = environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  const base = environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const url =
    exact !== undefined && exact !== ''
      ? exact
      : base === undefined || base === ''
        ? null
        : `${base.replace(/\/+$/, '')}/v1/traces`;
  if (url !== null && !isWebAddress(url))
    throw new WatchSettingsError(
      'OTEL_EXPORTER_OTLP_ENDPOINT is an address like https://collector.example.com:4318, without name and password.',
    );
  return url;
}

/** `name=value,name=value`, values encoded as in addresses. */
function readHeaders(text: string | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (text ?? '').split(',').flatMap((pair): [string, string][] => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[pair.slice(0, at).trim().toLowerCase(), decodeURIComponent(pair.slice(at + 1).trim())]];
    }),
  );
}

function readRatio(text: string | undefined): number {
  const ratio = text === undefined || text === '' ? 1 : Number(text);
  if (!(ratio >= 0 && ratio <= 1)) throw new WatchSettingsError('OTEL_TRACES_SAMPLER_ARG is a share from 0 to 1.');
  return ratio;
}

/** Throws {@link WatchSettingsError}. */
export function readWatchSettings(environment: Environment, serviceName: string, version: string): WatchSettings {
  const release = environment['APP_VERSION'] ?? version;
  const where = environment['ENVIRONMENT'] ?? 'production';
  const url = tracesUrl(environment);
  const wished = environment['SENTRY_DSN'] ?? '';
  const sentryDsn = wished === '' ? null : readDsn(wished);
  if (wished !== '' && sentryDsn === null)
    throw new WatchSettingsError('SENTRY_DSN is an address like https://KEY@sentry.example.com/PROJECT.');
  const common = { serviceName: environment['OTEL_SERVICE_NAME'] ?? serviceName, release, environment: where };
  const headers = readHeaders(environment['OTEL_EXPORTER_OTLP_HEADERS']);
  const ratio = readRatio(environment['OTEL_TRACES_SAMPLER_ARG']);
  return { tracing: url === null ? null : { url, headers, ...common, ratio }, sentryDsn, environment: where, release };
}
