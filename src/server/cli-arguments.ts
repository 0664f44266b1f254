// Reads the command line. Everything it refuses it refuses in words that say what to write instead.
import { parseArgs } from 'node:util';
import { logLevels, type LogLevel } from '#server/log/create-log.ts';
import type { DatabaseLocation } from '#server/store/database.ts';

export const usage = `Outpost sync server

  node src/server/cli.ts --data DIR [options]            keep everything in one directory (PGlite)
  node src/server/cli.ts --database-url URL [options]    use a PostgreSQL database
  node src/server/cli.ts admin create-tenant --name NAME --admin-email EMAIL (--data DIR | --database-url URL)

Options
  --port N          port to listen on, 0 for any free one (default 8787)
  --host ADDRESS    address to listen on (default 127.0.0.1: this computer only)
  --demo            allow this computer to create a demo company
  --log-level L     ${logLevels.join(', ')} (default info)
  --help            show this text
`;

export interface ServeArguments {
  readonly command: 'serve';
  readonly location: DatabaseLocation;
  readonly host: string;
  readonly port: number;
  readonly isDemo: boolean;
  readonly logLevel: LogLevel;
}
export interface CreateTenantArguments {
  readonly command: 'createTenant';
  readonly location: DatabaseLocation;
  readonly name: string;
  readonly adminEmail: string;
}
export type CliArguments = ServeArguments | CreateTenantArguments | { readonly command: 'help' };

/** The command line does not say what to do; `message` is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const optionTypes = {
  data: { type: 'string' },
  'database-url': { type: 'string' },
  port: { type: 'string', default: '8787' },
  host: { type: 'string', default: '127.0.0.1' },
  demo: { type: 'boolean', default: false },
  'log-level': { type: 'string', default: 'info' },
  name: { type: 'string' },
  'admin-email': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

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

/** Throws {@link UsageError}. */
export function readArguments(argv: readonly string[]): CliArguments {
  const { values, positionals } = parse(argv);
  if (values.help) return { command: 'help' };
  const words = positionals.join(' ');
  if (words !== '' && words !== 'admin create-tenant') throw new UsageError(`"${words}" is not a command.`);
  const logLevel = readLogLevel(values['log-level']);
  const location = readLocation(values.data, values['database-url']);
  if (words === '') {
    return {
      command: 'serve',
      location,
      host: values.host,
      port: readPort(values.port),
      isDemo: values.demo,
      logLevel,
    };
  }
  const { name, 'admin-email': adminEmail } = values;
  if (name === undefined || name.trim() === '') throw new UsageError('Give the organization a name: --name NAME.');
  if (adminEmail === undefined || !/^[^\s@]+@[^\s@]+$/.test(adminEmail)) {
    throw new UsageError('Give the e-mail address of the first administrator: --admin-email EMAIL.');
  }
  return { command: 'createTenant', location, name: name.trim(), adminEmail };
}
