// An engine that cuts tables by a column can spread organizations over machines only as long as every key begins with the
// tenant. A table added later must not break that.
import { expect, it } from 'vitest';
import { openDatabase } from '#server/store/open-database.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';

/** What belongs to the installation, not to an organization: small, and the same on every machine. */
const OF_INSTALLATION = [
  // Hashes of who tried to get in and from where, for a quarter of an hour.
  'attempt_window',
  'meta',
  'schema_migration',
  // How somebody is found before it is known where they belong.
  'passkey_name',
  'sign_in_domain',
  'sign_in_name',
  // The server's own work, and what holds for all organizations.
  'job_pause',
  'job_plan',
  'job_run',
  'platform_operator',
  'platform_setting',
  'support_staff',
];

it('SYNC-39 every table of an organization has the tenant as first column of its primary key and of every unique index', async () => {
  const engine = sqlEngines[0];
  if (engine === undefined) throw new Error('PGlite is always there.');
  const { location, remove } = await engine.createLocation();
  const db = await openDatabase(location);
  const keys = await db.asOwner((session) =>
    session.query<{ name: string; first: string; isPrimary: boolean }>(
      `SELECT c.relname::text AS name, a.attname::text AS first, i.indisprimary AS "isPrimary"
       FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
       WHERE c.relnamespace = 'public'::regnamespace AND (i.indisprimary OR i.indisunique)`,
    ),
  );
  const tables = await db.asOwner((session) =>
    session.query<{ name: string }>(
      `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    ),
  );
  await db.close();
  await remove();
  const ofTenants = tables.map(({ name }) => name).filter((name) => !OF_INSTALLATION.includes(name));
  const primary = new Map(keys.filter((key) => key.isPrimary).map((key) => [key.name, key.first]));
  expect(ofTenants.filter((name) => primary.get(name) !== 'tenant')).toEqual([]);
  expect(keys.filter((key) => ofTenants.includes(key.name) && key.first !== 'tenant')).toEqual([]);
  expect(ofTenants.length).toBeGreaterThan(10);
});
