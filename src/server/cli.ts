// The server as a program. Standard output carries exactly one line of JSON, {"listening": url}, once requests are
// answered; everything else is log on standard error. Exit codes: 0 stopped, 1 failed, 2 wrong command line,
// 3 data directory in use, 4 port in use.
import { OutpostError } from '#shared/kernel/errors.ts';
import { createServer, type RunningServer } from '#server/http/create-server.ts';
import { createPasswords } from '#server/identity/passwords.ts';
import { createOrganization } from '#server/admin/create-organization.ts';
import {
  type CreateTenantArguments,
  readArguments,
  type ServeArguments,
  usage,
  UsageError,
} from '#server/cli-arguments.ts';
import { describeError } from '#server/log/create-log.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { systemClock, systemRandom } from '#server/system-ports.ts';

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

async function serve({ location, host, port, isDemo, logLevel }: ServeArguments): Promise<void> {
  const server = await createServer({ location, host, port, isDemo, logLevel });
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

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) {
    tell(`${error.message}\n\n${usage}`);
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
  const args = readArguments(process.argv.slice(2));
  if (args.command === 'help') process.stdout.write(usage);
  else if (args.command === 'serve') await serve(args);
  else await createTenant(args);
}

main().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
});
