// One process per profile (invariant 14). The lock is a SQLite file held in an exclusive transaction: the operating
// system releases it when the process dies, however it dies, so there is no stale lock and no guessing about pids.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OutpostError } from '#shared/kernel/errors.ts';

/** An unreferenced database would be closed by the garbage collector, and the lock with it. */
const held = new Set<DatabaseSync>();

export interface ProfileLock {
  release(): void;
}

/** Throws `directory_in_use` when another process holds it. */
export function lockProfile(path: string): ProfileLock {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw new OutpostError(
      'directory_in_use',
      'Outpost is already running with this profile. Use the window that is open, or close it first.',
      {},
      { cause: error },
    );
  }
  held.add(db);
  return {
    release() {
      if (!held.delete(db)) return;
      db.exec('ROLLBACK');
      db.close();
    },
  };
}
