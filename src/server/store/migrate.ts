// Migrations run in order, each in its own transaction, one server at a time (advisory lock), and are recorded with a
// hash of their text. A released migration never changes again; a database newer than this program is left alone.
import { createHash } from 'node:crypto';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { SqlSession } from '#server/store/database.ts';

/** A connection with the rights of the owner of the schema; used at start only. */
export interface AdminConnection {
  transaction<Value>(work: (session: SqlSession) => Promise<Value>): Promise<Value>;
}

export interface Migration {
  /** Growing; gaps do no harm. */
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
  /** After them, in the same transaction: what takes more than SQL. */
  readonly work?: (session: SqlSession) => Promise<void>;
}

interface AppliedRow {
  readonly number: number;
  readonly name: string;
  readonly hash: string;
}

/** Any constant will do; it must be the same in every release. */
const ADVISORY_LOCK = 7_161_126;

export async function migrate(admin: AdminConnection, migrations: readonly Migration[]): Promise<void> {
  await admin.transaction(async (session) => {
    await session.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
    await session.query(
      'CREATE TABLE IF NOT EXISTS schema_migration (number int PRIMARY KEY, name text NOT NULL, hash text NOT NULL)',
    );
  });
  for (const migration of migrations) await admin.transaction((session) => applyOne(session, migration));
  await admin.transaction(async (session) => {
    const newest = await session.query<{ number: number }>(
      'SELECT coalesce(max(number), 0)::int AS number FROM schema_migration',
    );
    const number = newest[0]?.number ?? 0;
    const known = migrations.at(-1)?.number ?? 0;
    if (number > known) throw newerDatabaseError(number, known);
  });
}

async function applyOne(session: SqlSession, migration: Migration): Promise<void> {
  await session.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
  const hash = createHash('sha256').update(migration.statements.join(';\n')).digest('hex');
  const applied = await session.query<AppliedRow>('SELECT number, name, hash FROM schema_migration WHERE number = $1', [
    migration.number,
  ]);
  const existing = applied[0];
  if (existing !== undefined) {
    if (existing.hash === hash) return;
    throw new OutpostError(
      'internal',
      `The database was made by another build: migration ${migration.number} (${existing.name}) differs. Use the release that made it.`,
      { migration: migration.number },
    );
  }
  for (const statement of migration.statements) await session.query(statement);
  await migration.work?.(session);
  await session.query('INSERT INTO schema_migration (number, name, hash) VALUES ($1, $2, $3)', [
    migration.number,
    migration.name,
    hash,
  ]);
}

function newerDatabaseError(found: number, known: number): OutpostError {
  return new OutpostError(
    'internal',
    `The database is newer than this program (schema ${found}, this program knows ${known}). Install the newer release; nothing was changed.`,
    { found, known },
  );
}
