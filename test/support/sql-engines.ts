// The engines that the store's contract is run on: PGlite always, PostgreSQL when this machine has its binaries.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatabaseLocation } from '#server/store/database.ts';
import { allMigrations } from '#server/store/migrations/all-migrations.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { findPostgresBinaries, startPostgres } from '#test/support/start-postgres.ts';

export interface SqlEngine {
  readonly name: 'pglite' | 'postgres';
  /** A place for a new database; `remove` frees it when everything that uses it is closed. */
  createLocation(): Promise<{ readonly location: DatabaseLocation; readonly remove: () => Promise<void> }>;
}

/** Initialising a database costs seconds: it is done once for each set of migrations, and copied. */
async function findTemplate(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(allMigrations)).digest('hex').slice(0, 16);
  const template = join(import.meta.dirname, '../../node_modules/.cache/outpost-pglite', hash);
  if (existsSync(template)) return template;
  mkdirSync(dirname(template), { recursive: true });
  const nursery = mkdtempSync(`${template}-`);
  const db = await openDatabase({ dataDir: nursery });
  await db.close();
  try {
    renameSync(nursery, template);
  } catch (error) {
    // Another test run was faster: its template is as good.
    if (!existsSync(template)) throw error;
    rmSync(nursery, { recursive: true, force: true });
  }
  return template;
}

const pglite: SqlEngine = {
  name: 'pglite',
  async createLocation() {
    const dataDir = mkdtempSync(join(tmpdir(), 'outpost-pglite-'));
    cpSync(await findTemplate(), dataDir, { recursive: true });
    return {
      location: { dataDir },
      async remove() {
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  },
};

function postgresOf(binaries: string): SqlEngine {
  return {
    name: 'postgres',
    async createLocation() {
      const server = await startPostgres(binaries);
      return { location: { databaseUrl: await server.createDatabase('outpost') }, remove: () => server.stop() };
    },
  };
}

const binaries = findPostgresBinaries();
if (binaries === null) console.warn('No PostgreSQL on this machine: the store is tested on PGlite alone.');

export const sqlEngines: readonly SqlEngine[] = binaries === null ? [pglite] : [pglite, postgresOf(binaries)];
