import type { DatabaseLocation, SqlDatabase } from '#server/store/database.ts';
import { type AdminConnection, migrate } from '#server/store/migrate.ts';
import { allMigrations } from '#server/store/migrations/all-migrations.ts';
import { APPLICATION_ROLE } from '#server/store/migrations/tenant-table.ts';
import { openPglite } from '#server/store/pglite.ts';
import { openPostgres, withPostgresAdmin } from '#server/store/postgres.ts';

const DEFAULT_POOL_SIZE = 10;

/**
 * Opens the database, brings its schema up to date and gives up all rights beyond those of the application role.
 * @throws OutpostError `directory_in_use` when another process has the PGlite directory.
 */
export async function openDatabase(location: DatabaseLocation): Promise<SqlDatabase> {
  const bringUpToDate = (admin: AdminConnection): Promise<void> => migrate(admin, allMigrations);
  if ('dataDir' in location) return openPglite(location.dataDir, bringUpToDate, APPLICATION_ROLE);
  await withPostgresAdmin(location.databaseUrl, bringUpToDate);
  return openPostgres(location.databaseUrl, location.poolSize ?? DEFAULT_POOL_SIZE, APPLICATION_ROLE);
}
