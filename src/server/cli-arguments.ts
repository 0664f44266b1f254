// Reads the command line. Everything it refuses it refuses in words that say what to write instead.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseRange } from '#shared/access/address-rules.ts';
import { defaultRateLimit, isRateLimit, mostRateLimit, type RateLimit } from '#shared/access/rate-windows.ts';
import { parseAnchor, type AuditAnchor } from '#shared/sync/audit-messages.ts';
import { MOST_MAINTENANCE_TEXT, type Maintenance } from '#shared/sync/maintenance.ts';
import { AllowRuleError, readAllowRules, type AllowRule } from '#server/egress/address-rules.ts';
import { PublicAddressError, readPublicAddress } from '#server/http/public-address.ts';
import { nearestCall, platformUsage, readPlatformCommand } from '#server/admin/platform-arguments.ts';
import type { PlatformCallName } from '#shared/platform/platform-calls.ts';
import { logLevels, type LogLevel } from '#server/log/create-log.ts';
import { mailWishOf, MailSettingsError, readMailSettings, type MailSettings } from '#server/mail/mail-settings.ts';
import {
  OperationsSettingsError,
  readOperationsSettings,
  type OperationsSettings,
} from '#server/observe/operations-settings.ts';
import type { DatabaseLocation } from '#server/store/database.ts';

export const usage = `Outpost sync server

  node src/server/cli.ts --data DIR [options]            keep everything in one directory (PGlite)
  node src/server/cli.ts --database-url URL [options]    use a PostgreSQL database
  node src/server/cli.ts admin create-tenant --name NAME --admin-email EMAIL (--data DIR | --database-url URL)
  node src/server/cli.ts admin export-person (--id ID | --email EMAIL) [--tenant ID] (--data DIR | --database-url URL)
  node src/server/cli.ts admin erase-person (--id ID | --email EMAIL) --yes [--tenant ID] (--data DIR | --database-url URL)
  node src/server/cli.ts admin announce-maintenance --from INSTANT --until INSTANT [--text TEXT] [--tenant ID] (--data DIR | --database-url URL)
  node src/server/cli.ts admin allow-any-address --tenant ID (--data DIR | --database-url URL)
  node src/server/cli.ts admin cancel-maintenance [--tenant ID] (--data DIR | --database-url URL)
  node src/server/cli.ts admin confirm-domain --domain DOMAIN [--tenant ID] (--data DIR | --database-url URL)
  node src/server/cli.ts admin allow-passwords [--tenant ID] (--data DIR | --database-url URL)
  node src/server/cli.ts admin set-operator --tenant ID (--data DIR | --database-url URL)
  node src/server/cli.ts backup BACKUP-DIR (--key-file FILE | --passphrase-file FILE) (--data DIR | --database-url URL)
  node src/server/cli.ts restore BACKUP-DIR (--key-file FILE | --passphrase-file FILE) [--replace] (--data DIR | --database-url URL)
  node src/server/cli.ts audit verify [--anchor NO:HASH] [--backup BACKUP-DIR (--key-file FILE | --passphrase-file FILE)] [--tenant ID] (--data DIR | --database-url URL)

All but the first three work while the server runs. So do these, each with (--data DIR | --database-url URL); --help behind one
says what it does and what its JSON holds:

${platformUsage}

 An instant is written like 2026-12-01T18:00:00+01:00. A passphrase may stand in OUTPOST_BACKUP_PASSPHRASE instead of a file; a key file
that is not there is made by backup.

Options
  --port N          port to listen on, 0 for any free one (default 8787)
  --host ADDRESS    address to listen on (default 127.0.0.1: this computer only)
  --public-url URL  where browsers and identity providers find this server, https://crm.example.com (or OUTPOST_PUBLIC_URL)
  --allow-private LIST   hosts, HOST:PORT and NETWORK/BITS inside that administrators may name, e.g. of a directory (or OUTPOST_ALLOW_PRIVATE)
  --demo            allow this computer to create a demo company
  --log-level L     ${logLevels.join(', ')} (default info)
  --smtp-url URL    mail server, smtp://USER@HOST:587 or smtps://USER@HOST:465 (or OUTPOST_SMTP_URL)
  --mail-from ADDR  who mail comes from, "Outpost <crm@example.com>" (or OUTPOST_MAIL_FROM)
  --smtp-password-file FILE   password of the mail server (or OUTPOST_SMTP_PASSWORD, OUTPOST_SMTP_PASSWORD_FILE)
  --trust-proxy LIST   reverse proxies whose X-Forwarded-For is believed: addresses and ranges, by comma (or OUTPOST_TRUST_PROXY)
  --rate-limit M/H/D   requests of a person in a minute, an hour and a day (default 60/1000/10000, or OUTPOST_RATE_LIMIT)
  --help            show this text

How the server is watched (metrics, traces, errors, backups) is set in its environment: docs/operating.md.
`;

export interface ServeArguments {
  readonly command: 'serve';
  readonly location: DatabaseLocation;
  readonly host: string;
  readonly port: number;
  readonly isDemo: boolean;
  readonly logLevel: LogLevel;
  /** Null: the server sends no mail. */
  readonly mail: MailSettings | null;
  /** Null: nobody said. */
  readonly publicUrl: string | null;
  readonly allowedAddresses: readonly AllowRule[];
  readonly operations: OperationsSettings;
  /** Reverse proxies that are believed. */
  readonly trustProxy: readonly string[];
  readonly rateLimit: RateLimit;
}
export interface CreateTenantArguments {
  readonly command: 'createTenant';
  readonly location: DatabaseLocation;
  readonly name: string;
  readonly adminEmail: string;
}
export interface PersonArguments {
  readonly command: 'exportPerson' | 'erasePerson';
  readonly location: DatabaseLocation;
  readonly tenantId: string | null;
  readonly wish: { readonly id: string } | { readonly email: string };
}
export interface BackupArguments {
  readonly command: 'backup' | 'restore';
  readonly location: DatabaseLocation;
  readonly directory: string;
  readonly key: KeyWish;
  /** Restore only: put the backup in the place of what is there. */
  readonly replace: boolean;
}
export interface MaintenanceArguments {
  readonly command: 'announceMaintenance';
  readonly location: DatabaseLocation;
  readonly tenantId: string | null;
  /** Null takes back what was announced. */
  readonly planned: Maintenance | null;
}
export interface SignInArguments {
  readonly command: 'confirmDomain' | 'allowPasswords';
  readonly location: DatabaseLocation;
  readonly tenantId: string | null;
  /** Empty where passwords are allowed again. */
  readonly domain: string;
}
export interface AuditArguments {
  readonly command: 'verifyAudit';
  readonly location: DatabaseLocation;
  readonly tenantId: string | null;
  /** A head that was kept. */
  readonly anchor: AuditAnchor | null;
  /** A backup whose heads the audit must still contain. */
  readonly backup: { readonly directory: string; readonly key: KeyWish } | null;
}
export interface PlatformArguments {
  readonly command: 'platform';
  readonly location: DatabaseLocation;
  readonly call: PlatformCallName;
  readonly input: Readonly<Record<string, unknown>>;
  readonly isCsv: boolean;
}
export interface OperatorArguments {
  readonly command: 'setOperator';
  readonly location: DatabaseLocation;
  readonly tenantId: string;
}
export interface AllowAddressArguments {
  readonly command: 'allowAnyAddress';
  readonly location: DatabaseLocation;
  readonly tenantId: string;
}
/** Where the key of a backup comes from; the passphrase itself is never an argument. */
export type KeyWish =
  | { readonly kind: 'keyFile'; readonly path: string }
  | { readonly kind: 'passphraseFile'; readonly path: string }
  | { readonly kind: 'environment' };
export type CliArguments =
  | ServeArguments
  | CreateTenantArguments
  | PersonArguments
  | BackupArguments
  | AuditArguments
  | MaintenanceArguments
  | SignInArguments
  | PlatformArguments
  | OperatorArguments
  | AllowAddressArguments
  | { readonly command: 'help'; readonly text: string };

/** The command line does not say what to do; `message` is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const optionTypes = {
  data: { type: 'string' },
  'database-url': { type: 'string' },
  port: { type: 'string', default: '8787' },
  host: { type: 'string', default: '127.0.0.1' },
  'public-url': { type: 'string' },
  'allow-private': { type: 'string' },
  demo: { type: 'boolean', default: false },
  'log-level': { type: 'string', default: 'info' },
  name: { type: 'string' },
  'admin-email': { type: 'string' },
  id: { type: 'string' },
  email: { type: 'string' },
  domain: { type: 'string' },
  tenant: { type: 'string' },
  yes: { type: 'boolean', default: false },
  'key-file': { type: 'string' },
  'passphrase-file': { type: 'string' },
  anchor: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  text: { type: 'string', default: '' },
  backup: { type: 'string' },
  replace: { type: 'boolean', default: false },
  'smtp-url': { type: 'string' },
  'mail-from': { type: 'string' },
  'smtp-password-file': { type: 'string' },
  'trust-proxy': { type: 'string' },
  'rate-limit': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;
type Options = ReturnType<typeof parse>['values'];

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: optionTypes, allowPositionals: true, strict: true });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message.split('. To specify')[0], { cause: error });
    throw error;
  }
}

function readLocation(data: string | undefined, databaseUrl: string | undefined): DatabaseLocation {
  if (data !== undefined && databaseUrl !== undefined)
    throw new UsageError('Give either --data or --database-url, not both.');
  if (databaseUrl !== undefined) {
    if (!/^postgres(ql)?:\/\//.test(databaseUrl)) throw new UsageError('--database-url must begin with postgres:// .');
    return { databaseUrl };
  }
  if (data === undefined || data === '')
    throw new UsageError('Say where the data lives: --data DIR or --database-url URL.');
  return { dataDir: data };
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new UsageError('--port must be a number from 0 to 65535.');
  return port;
}

function readLogLevel(text: string): LogLevel {
  const level = logLevels.find((known) => known === text);
  if (level === undefined) throw new UsageError(`--log-level must be one of ${logLevels.join(', ')}.`);
  return level;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What stands on the command line goes before the environment. */
function readMail(values: Options, environment: Environment): MailSettings | null {
  const { url, from, password, passwordFile } = mailWishOf(environment);
  try {
    return readMailSettings({
      url: values['smtp-url'] ?? url,
      from: values['mail-from'] ?? from,
      password: values['smtp-password-file'] === undefined ? password : undefined,
      passwordFile: values['smtp-password-file'] ?? passwordFile,
    });
  } catch (error) {
    if (error instanceof MailSettingsError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function readPublicUrl(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  try {
    return readPublicAddress(text);
  } catch (error) {
    if (error instanceof PublicAddressError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function readOperations(environment: Environment, dataDir: string | undefined): OperationsSettings {
  try {
    return readOperationsSettings(environment, dataDir === undefined ? null : join(dataDir, 'outpost-logs'));
  } catch (error) {
    if (error instanceof OperationsSettingsError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function readAllowed(text: string): readonly AllowRule[] {
  try {
    return readAllowRules(text);
  } catch (error) {
    if (error instanceof AllowRuleError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** `environment`: settings of mail that are not on the command line, and how the server is watched. Throws {@link UsageError}. */
export function readArguments(argv: readonly string[], environment: Environment = {}): CliArguments {
  const platform = readPlatform(argv);
  if (platform !== null) return platform;
  const { values, positionals } = parse(argv);
  if (values.help) return { command: 'help', text: usage };
  const logLevel = readLogLevel(values['log-level']);
  const [first, ...rest] = positionals;
  if (first === 'backup' || first === 'restore') return readBackup(first, rest, values);
  const words = positionals.join(' ');
  switch (words) {
    case '':
      return {
        command: 'serve',
        location: readLocation(values.data, values['database-url']),
        host: values.host,
        port: readPort(values.port),
        isDemo: values.demo,
        logLevel,
        mail: readMail(values, environment),
        publicUrl: readPublicUrl(values['public-url'] ?? environment['OUTPOST_PUBLIC_URL']),
        allowedAddresses: readAllowed(values['allow-private'] ?? environment['OUTPOST_ALLOW_PRIVATE'] ?? ''),
        operations: readOperations(environment, values.data),
        trustProxy: readProxies(values['trust-proxy'] ?? environment['OUTPOST_TRUST_PROXY']),
        rateLimit: readRateLimit(values['rate-limit'] ?? environment['OUTPOST_RATE_LIMIT']),
      };
    case 'admin create-tenant':
      return readCreateTenant(values);
    case 'admin export-person':
      return readPerson('exportPerson', values);
    case 'admin erase-person':
      if (!values.yes)
        throw new UsageError('Erasing a person cannot be taken back, by nobody and no backup. Add --yes to do it.');
      return readPerson('erasePerson', values);
    case 'admin announce-maintenance':
      return readMaintenance(values);
    case 'admin cancel-maintenance':
      return { command: 'announceMaintenance', ...placeOf(values), planned: null };
    case 'admin confirm-domain':
      if (values.domain === undefined) throw new UsageError('Say which domain: --domain example.com.');
      return { command: 'confirmDomain', ...placeOf(values), domain: values.domain };
    case 'admin allow-passwords':
      return { command: 'allowPasswords', ...placeOf(values), domain: '' };
    case 'admin set-operator':
      if (values.tenant === undefined) throw new UsageError('Say which organization runs this server: --tenant ID.');
      return { command: 'setOperator', ...placeOf(values), tenantId: values.tenant };
    case 'admin allow-any-address':
      if (values.tenant === undefined) throw new UsageError('Name the organization: --tenant ID.');
      return { command: 'allowAnyAddress', location: placeOf(values).location, tenantId: values.tenant };
    case 'audit verify':
      return readAudit(values);
    case 'admin':
    case 'audit':
      throw new UsageError(`Say what to do: ${words} …`);
    default:
      throw new UsageError(`"${words}" is not a command.${hintFor(positionals)}`);
  }
}

function hintFor([first, second]: readonly string[]): string {
  const near = first === 'admin' && second !== undefined ? nearestCall(second) : null;
  return near === null ? '' : ` Did you mean "admin ${near}"?`;
}

function readPlatform(argv: readonly string[]): CliArguments | null {
  try {
    const found = readPlatformCommand(argv);
    if (found === null) return null;
    if ('help' in found) return { command: 'help', text: found.help };
    const { call, input, isCsv, data, databaseUrl } = found;
    return { command: 'platform', location: readLocation(data, databaseUrl), call, input, isCsv };
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    throw new UsageError(error.message.split('. To specify')[0], { cause: error });
  }
}

function readProxies(text: string | undefined): readonly string[] {
  const ranges = (text ?? '').split(',').map((range) => range.trim());
  const wrong = ranges.find((range) => range !== '' && parseRange(range) === null);
  if (wrong !== undefined)
    throw new UsageError(`--trust-proxy holds addresses and ranges like 10.0.0.0/8, by comma; "${wrong}" is none.`);
  return ranges.filter((range) => range !== '');
}

function readRateLimit(text: string | undefined): RateLimit {
  if (text === undefined || text === '') return defaultRateLimit;
  const [, minute, hour, day] = /^(\d{1,6})\/(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const limit = { minute: Number(minute), hour: Number(hour), day: Number(day) };
  if (isRateLimit(limit)) return limit;
  const { minute: perMinute, hour: perHour, day: perDay } = mostRateLimit;
  throw new UsageError(
    `--rate-limit is written like 60/1000/10000, growing, at most ${String(perMinute)}/${String(perHour)}/${String(perDay)}.`,
  );
}

function readPerson(command: PersonArguments['command'], values: Options): PersonArguments {
  const { id, email } = values;
  const location = readLocation(values.data, values['database-url']);
  const tenantId = values.tenant ?? null;
  if (id !== undefined && email === undefined) return { command, location, tenantId, wish: { id } };
  if (email !== undefined && id === undefined) return { command, location, tenantId, wish: { email } };
  throw new UsageError('Say who: either --id ID or --email EMAIL.');
}

function placeOf(values: Options) {
  return { location: readLocation(values.data, values['database-url']), tenantId: values.tenant ?? null };
}

function readInstant(name: string, text: string | undefined): string {
  const ms = Date.parse(text ?? '');
  if (Number.isNaN(ms)) throw new UsageError(`--${name} is an instant like 2026-12-01T18:00:00+01:00.`);
  return new Date(ms).toISOString();
}

function readMaintenance(values: Options): MaintenanceArguments {
  const { text } = values;
  if (text.length > MOST_MAINTENANCE_TEXT)
    throw new UsageError(`--text has at most ${String(MOST_MAINTENANCE_TEXT)} characters.`);
  const planned = { from: readInstant('from', values.from), until: readInstant('until', values.until), text };
  if (planned.until <= planned.from) throw new UsageError('--until is later than --from.');
  return { command: 'announceMaintenance', ...placeOf(values), planned };
}

function readAudit(values: Options): AuditArguments {
  const location = readLocation(values.data, values['database-url']);
  const anchor = values.anchor === undefined ? null : parseAnchor(values.anchor);
  if (values.anchor !== undefined && anchor === null)
    throw new UsageError('--anchor is a number and a hash as they were printed: NO:HASH.');
  const backup = values.backup === undefined ? null : { directory: values.backup, key: readKey(values) };
  return { command: 'verifyAudit', location, tenantId: values.tenant ?? null, anchor, backup };
}

function readBackup(command: BackupArguments['command'], rest: readonly string[], values: Options): BackupArguments {
  const [directory, ...more] = rest;
  if (directory === undefined || more.length > 0) throw new UsageError(`Name one directory: ${command} BACKUP-DIR.`);
  const location = readLocation(values.data, values['database-url']);
  return { command, location, directory, key: readKey(values), replace: values.replace };
}

function readKey(values: Options): KeyWish {
  const { 'key-file': keyFile, 'passphrase-file': passphraseFile } = values;
  if (keyFile !== undefined && passphraseFile !== undefined)
    throw new UsageError('Give either --key-file or --passphrase-file, not both.');
  if (keyFile !== undefined) return { kind: 'keyFile', path: keyFile };
  if (passphraseFile !== undefined) return { kind: 'passphraseFile', path: passphraseFile };
  return { kind: 'environment' };
}

function readCreateTenant(values: Options): CreateTenantArguments {
  const location = readLocation(values.data, values['database-url']);
  const { name, 'admin-email': adminEmail } = values;
  if (name === undefined || name.trim() === '') throw new UsageError('Give the organization a name: --name NAME.');
  if (adminEmail === undefined || !/^[^\s@]+@[^\s@]+$/.test(adminEmail)) {
    throw new UsageError('Give the e-mail address of the first administrator: --admin-email EMAIL.');
  }
  return { command: 'createTenant', location, name: name.trim(), adminEmail };
}
