// The server as a program. Standard output carries exactly one line of JSON, {"listening": url}, once requests are
// answered; everything else is log on standard error. Exit codes: 0 stopped, 1 failed, 2 wrong command line,
// 3 data directory in use, 4 port in use, 5 the audit is not what was written.
import { readFileSync } from 'node:fs';
import { OutpostError } from '#shared/kernel/errors.ts';
import { toUsageCsv } from '#shared/platform/usage-csv.ts';
import { formatAnchor, type AuditFinding } from '#shared/sync/audit-messages.ts';
import { createServer, type RunningServer } from '#server/http/create-server.ts';
import { createPasswords } from '#server/identity/passwords.ts';
import { createOrganization } from '#server/admin/create-organization.ts';
import { withAdminWork } from '#server/admin/with-admin-work.ts';
import { createMainKey, type KeySource } from '#server/backup/backup-keys.ts';
import { openBackup, readAnchors } from '#server/backup/read-backup.ts';
import { writeBackup } from '#server/backup/write-backup.ts';
import {
  type AllowAddressArguments,
  type AuditArguments,
  type BackupArguments,
  type CreateTenantArguments,
  type KeyWish,
  type MaintenanceArguments,
  type OperatorArguments,
  type PersonArguments,
  type PlatformArguments,
  readArguments,
  type ServeArguments,
  type SignInArguments,
  UsageError,
} from '#server/cli-arguments.ts';
import { describeError } from '#server/log/create-log.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { systemClock, systemRandom } from '#server/system-ports.ts';
import packageJson from '../../package.json' with { type: 'json' };

/** A request that takes longer than this does not hold up the end of the process. */
const STOP_LIMIT_MS = 10_000;

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

function stopOnSignal(server: RunningServer): void {
  const stop = () => {
    const limit = setTimeout(() => process.exit(1), STOP_LIMIT_MS);
    limit.unref();
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        tell(JSON.stringify(describeError(error)));
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

async function serve({ mail, publicUrl, command: _command, ...options }: ServeArguments): Promise<void> {
  const server = await createServer({
    ...options,
    ...(mail === null ? {} : { mail }),
    ...(publicUrl === null ? {} : { publicUrl }),
  });
  stopOnSignal(server);
  void server.database.lost.then((error) => {
    tell(JSON.stringify(describeError(error)));
    process.exit(1);
  });
  process.stdout.write(`${JSON.stringify({ listening: server.url })}\n`);
}

async function createTenant({ location, name, adminEmail }: CreateTenantArguments): Promise<void> {
  const database = await openDatabase(location);
  try {
    const dependencies = { database, clock: systemClock, random: systemRandom, passwords: createPasswords() };
    const founded = await createOrganization(dependencies, { name, adminEmail });
    process.stdout.write(`${JSON.stringify(founded)}\n`);
    tell(`${name} is ready. This is the only time the password is shown.`);
  } finally {
    await database.close();
  }
}

async function runPerson({ command, location, tenantId, wish }: PersonArguments): Promise<void> {
  if (command === 'exportPerson') {
    const found = await withAdminWork(location, (work) => work.exportPerson(tenantId, wish));
    process.stdout.write(`${JSON.stringify(found, null, 1)}\n`);
    return;
  }
  const done = await withAdminWork(location, (work) => work.erasePerson(tenantId, wish));
  process.stdout.write(`${JSON.stringify(done)}\n`);
  tell(`Erased ${String(done.erased)} records; ${String(done.unlinked)} others no longer point to this person.`);
}

async function runBackup({ command, location, directory, key, replace }: BackupArguments): Promise<void> {
  const source = readKeySource(key);
  if (command === 'restore') {
    const backup = await openBackup(directory, source);
    const done = await withAdminWork(location, (work) => work.restore(backup.parts(), replace));
    process.stdout.write(`${JSON.stringify(done)}\n`);
    tell(`Restored what was backed up at ${backup.manifest.createdAt}. Every device builds its view anew.`);
    return;
  }
  const main = createMainKey(source);
  const facts = { nowMs: systemClock.now(), product: packageJson.version };
  const done = await withAdminWork(location, (work) => writeBackup(directory, main, facts, (emit) => work.dump(emit)));
  process.stdout.write(`${JSON.stringify(done)}\n`);
  if (main.wasMade && source.kind === 'keyFile')
    tell(`A new key was made in ${source.path}. Keep it apart from the backup: without it nobody can read the backup.`);
}

async function runMaintenance({ location, tenantId, planned }: MaintenanceArguments): Promise<void> {
  const organizations = await withAdminWork(location, (work) => work.announceMaintenance(tenantId, planned));
  process.stdout.write(`${JSON.stringify({ organizations, planned })}\n`);
  tell(planned === null ? 'Taken back.' : `Announced to ${String(organizations)} organizations.`);
}

async function runSignIn({ command, location, tenantId, domain }: SignInArguments): Promise<void> {
  if (command === 'confirmDomain') {
    const confirmed = await withAdminWork(location, (work) => work.confirmDomain(tenantId, domain));
    process.stdout.write(`${JSON.stringify({ domain: confirmed })}\n`);
    tell(`${confirmed} belongs to the organization.`);
    return;
  }
  const domains = await withAdminWork(location, (work) => work.allowPasswords(tenantId));
  process.stdout.write(`${JSON.stringify({ domains })}\n`);
  tell(`Passwords work again for ${String(domains)} domains.`);
}

async function runPlatform({ location, call, input, isCsv }: PlatformArguments): Promise<void> {
  // The input was checked against the schema of this call.
  const answer = await withAdminWork(location, (work) => work.platform(call, input as never));
  process.stdout.write(isCsv && 'rows' in answer ? toUsageCsv(answer.rows) : `${JSON.stringify(answer, null, 1)}\n`);
  if ('password' in answer) tell('This is the only time the password is shown.');
}

async function setOperator({ location, tenantId }: OperatorArguments): Promise<void> {
  await withAdminWork(location, (work) => work.moveOperator(tenantId));
  tell('Its super administrators run this server from their next request on.');
}

async function runAllowAnyAddress({ location, tenantId }: AllowAddressArguments): Promise<void> {
  await withAdminWork(location, (work) => work.allowAnyAddress(tenantId));
  tell('The list of allowed addresses is switched off. It is kept, so that it can be mended and switched on again.');
}

/** In words, for whoever has to act on it. */
const findings: Readonly<Record<AuditFinding['kind'], string>> = {
  missing: 'was removed',
  altered: 'was changed after it was written',
  unconnected: 'does not follow the entry before it: one was exchanged, moved or inserted',
  inserted: 'was not written by the server',
  cut: 'and everything after it is gone: the end was cut off, or an older database was put in its place',
  rewritten: 'is not what it was when its hash was kept: the past was rewritten',
};

async function runVerifyAudit({ location, tenantId, anchor, backup }: AuditArguments): Promise<void> {
  const ofBackup = backup === null ? {} : readAnchors(backup.directory, readKeySource(backup.key));
  const anchors = Object.fromEntries(Object.entries(ofBackup).map(([tenant, kept]) => [tenant, [kept]]));
  const kept = { ...anchors, ...(anchor === null ? {} : { '*': [anchor] }) };
  const reports = await withAdminWork(location, (work) => work.verifyAudits(tenantId, kept));
  if (anchor !== null && reports.length > 1)
    throw new UsageError('An anchor belongs to one organization: say which with --tenant ID.');
  for (const { name, finding, verified, head, ...report } of reports) {
    process.stdout.write(`${JSON.stringify({ name, ...report, verified, head: formatAnchor(head), finding })}\n`);
    if (finding === null)
      tell(`${name}: all ${String(verified)} entries are as they were written. Keep the head: ${formatAnchor(head)}`);
    else tell(`${name}: entry ${String(finding.no)} ${findings[finding.kind]}.`);
  }
  if (reports.some(({ finding }) => finding !== null)) process.exitCode = 5;
}

function readKeySource(key: KeyWish): KeySource {
  if (key.kind === 'keyFile') return key;
  if (key.kind === 'passphraseFile')
    return { kind: 'passphrase', passphrase: readFileSync(key.path, 'utf8').replace(/\r?\n$/, '') };
  const passphrase = process.env['OUTPOST_BACKUP_PASSPHRASE'];
  if (passphrase === undefined || passphrase === '')
    throw new UsageError(
      'Backups are encrypted: give --key-file FILE, --passphrase-file FILE or OUTPOST_BACKUP_PASSPHRASE.',
    );
  return { kind: 'passphrase', passphrase };
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) {
    tell(`${error.message}\n\n--help shows every command.`);
    return 2;
  }
  if (error instanceof OutpostError) {
    tell(error.message);
    return error.code === 'directory_in_use' ? 3 : 1;
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    tell('The port is in use by another program. Choose another one with --port, or 0 for any free port.');
    return 4;
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    tell(`The server cannot listen there (${code}). Check --host and --port.`);
    return 4;
  }
  tell(error instanceof Error ? `The server could not start: ${error.message}` : 'The server could not start.');
  return 1;
}

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2), process.env);
  switch (args.command) {
    case 'help':
      process.stdout.write(args.text);
      return;
    case 'serve':
      return serve(args);
    case 'createTenant':
      return createTenant(args);
    case 'backup':
    case 'restore':
      return runBackup(args);
    case 'confirmDomain':
    case 'allowPasswords':
      return runSignIn(args);
    case 'announceMaintenance':
      return runMaintenance(args);
    case 'platform':
      return runPlatform(args);
    case 'setOperator':
      return setOperator(args);
    case 'allowAnyAddress':
      return runAllowAnyAddress(args);
    case 'verifyAudit':
      return runVerifyAudit(args);
    case 'exportPerson':
    case 'erasePerson':
      return runPerson(args);
  }
}

main().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
});
