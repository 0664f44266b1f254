// How the server is watched and what it does by itself, from its environment: the names other programs already use where there are
// such names. Secrets come as files or variables, never as arguments, which everybody on the machine can read.
import { readFileSync } from 'node:fs';
import type { TracingSettings } from '#shared/observe/open-tracing.ts';
import { readWatchSettings, WatchSettingsError } from '#shared/observe/watch-settings.ts';
import type { KeySource } from '#server/backup/backup-keys.ts';
import type { BackupLimit } from '#server/maintenance/keep-backups.ts';
import packageJson from '../../../package.json' with { type: 'json' };

type Environment = Readonly<Record<string, string | undefined>>;

export interface BackupSettings {
  /** Every backup gets a folder of its own in it. */
  readonly folder: string;
  readonly key: KeySource;
  /** Beside the usual rule: never more than this, the newest first. Absent: as the rule says. */
  readonly most?: BackupLimit;
}

export interface OperationsSettings {
  /** What it calls itself, where several are watched. */
  readonly serviceName: string;
  readonly release: string;
  readonly environment: string;
  /** Opens `/metrics`; null: a session only. */
  readonly metricsToken: string | null;
  /** Requests and jobs are counted, for `/metrics` and the API monitor. */
  readonly measures: boolean;
  /** Null: traces go nowhere. */
  readonly tracing: TracingSettings | null;
  /** Null: errors go to files in `logFolder`. */
  readonly sentryDsn: string | null;
  /** Null: errors stand in the log on standard error only. */
  readonly logFolder: string | null;
  /** Null: no backups are made. */
  readonly backup: BackupSettings | null;
  /** It does daily work: backups, archiving logs. */
  readonly hasDailyWork: boolean;
  /** After a start it waits so long with it: whoever started the server is served first. */
  readonly dailyWorkAfterMs: number;
  /** Alerts are looked at by itself. */
  readonly hasAlerts: boolean;
}

const SERVICE_NAME = 'outpost-server';

/** As it is with nothing set. */
export const plainOperations: OperationsSettings = {
  serviceName: SERVICE_NAME,
  release: packageJson.version,
  environment: 'production',
  metricsToken: null,
  measures: true,
  tracing: null,
  sentryDsn: null,
  logFolder: null,
  backup: null,
  hasDailyWork: false,
  dailyWorkAfterMs: 0,
  hasAlerts: true,
};

/** Short tokens are guessed; a header carries no others. */
const GOOD_TOKEN = /^[\w.~+/=-]{16,512}$/;

/** What somebody set cannot be used; `message` is for whoever operates the server. */
export class OperationsSettingsError extends Error {
  override readonly name = 'OperationsSettingsError';
}

/** The variable itself, or the content of the file that `<name>_FILE` names. */
function secretOf(environment: Environment, name: string): string | null {
  const file = environment[`${name}_FILE`];
  const value = file === undefined || file === '' ? environment[name] : readFileSync(file, 'utf8').trim();
  return value === undefined || value === '' ? null : value;
}

function readBackupSettings(environment: Environment): BackupSettings | null {
  const folder = environment['OUTPOST_BACKUP_DIR'] ?? '';
  if (folder === '') return null;
  const keyFile = environment['OUTPOST_BACKUP_KEY_FILE'] ?? '';
  if (keyFile !== '') return { folder, key: { kind: 'keyFile', path: keyFile } };
  const passphrase = secretOf(environment, 'OUTPOST_BACKUP_PASSPHRASE');
  if (passphrase === null)
    throw new OperationsSettingsError(
      'Backups are encrypted: beside OUTPOST_BACKUP_DIR set OUTPOST_BACKUP_KEY_FILE, OUTPOST_BACKUP_PASSPHRASE_FILE or OUTPOST_BACKUP_PASSPHRASE.',
    );
  return { folder, key: { kind: 'passphrase', passphrase } };
}

/** `logFolder`: where errors are written when nothing is said. Throws {@link OperationsSettingsError}. */
export function readOperationsSettings(environment: Environment, logFolder: string | null = null): OperationsSettings {
  const metricsToken = secretOf(environment, 'OUTPOST_METRICS_TOKEN');
  if (metricsToken !== null && !GOOD_TOKEN.test(metricsToken))
    throw new OperationsSettingsError(
      'OUTPOST_METRICS_TOKEN is 16 to 512 letters, digits and . ~ + / = - without blanks.',
    );
  const serviceName = environment['OUTPOST_SERVICE_NAME'] ?? SERVICE_NAME;
  try {
    return {
      serviceName,
      metricsToken,
      measures: environment['OUTPOST_METRICS'] !== 'off',
      ...readWatchSettings(environment, serviceName, packageJson.version),
      logFolder: environment['OUTPOST_LOG_DIR'] ?? logFolder,
      backup: readBackupSettings(environment),
      hasDailyWork: true,
      dailyWorkAfterMs: 0,
      hasAlerts: true,
    };
  } catch (error) {
    if (error instanceof WatchSettingsError) throw new OperationsSettingsError(error.message, { cause: error });
    throw error;
  }
}
