// The engines that the store's contract is run on: PGlite always, PostgreSQL when this machine has its binaries.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseLocation } from '#server/store/database.ts';
import { findPostgresBinaries, startPostgres } from '#test/support/start-postgres.ts';

export interface SqlEngine {
  readonly name: 'pglite' | 'postgres';
  /** A place for a new database; `remove` frees it when everything that uses it is closed. */
  createLocation(): Promise<{ readonly location: DatabaseLocation; remove(): Promise<void> }>;
}

const pglite: SqlEngine = {
  name: 'pglite',
  async createLocation() {
    const dataDir = mkdtempSync(join(tmpdir(), 'outpost-pglite-'));
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
