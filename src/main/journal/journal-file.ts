// The SQLite file of the journal: its tables, its version, and the few ways SQLite can fail, put into our words.
// Every commit is on the disk before it returns (WAL with synchronous=FULL).
import { DatabaseSync } from 'node:sqlite';
import { OutpostError } from '#shared/kernel/errors.ts';

/** Version of the tables below and of what is sealed in them. Newer programs read all older versions. */
export const JOURNAL_FORMAT = 1;

const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

const tables = `
  CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS ops (op_no INTEGER PRIMARY KEY, op_id TEXT NOT NULL, sealed BLOB NOT NULL, verdict BLOB);
  CREATE TABLE IF NOT EXISTS history (op_no INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, sealed BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS attention (id TEXT PRIMARY KEY, sealed BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS discarded (id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS quarantine (id INTEGER PRIMARY KEY, place TEXT NOT NULL, at_ms INTEGER NOT NULL, bytes BLOB NOT NULL);
`;

function errcodeOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return 0;
  return Number(error.errcode);
}

export function isDamage(error: unknown): boolean {
  const primary = errcodeOf(error) & 0xff;
  return primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB;
}

/** The catalogue's word for a failure of SQLite; anything else is returned as it is. */
export function toJournalError(error: unknown): unknown {
  const primary = errcodeOf(error) & 0xff;
  const isFull = primary === SQLITE_FULL || (error instanceof Error && /ENOSPC|disk is full/i.test(error.message));
  if (isFull || primary === SQLITE_IOERR) {
    return new OutpostError(
      'disk_full',
      'This computer has no room left. Free some space; what you just typed is not saved yet.',
      {},
      { cause: error },
    );
  }
  if (isDamage(error))
    return new OutpostError('journal_damaged', 'The file with your unsent work is damaged.', {}, { cause: error });
  return error;
}

interface FileOptions {
  /** Only before the file is created; SQLite's own size when left out. */
  readonly pageSizeBytes?: number;
  readonly mostPages?: number;
}

/** Opens or creates the file. Throws `too_old_protocol` when a newer version of Outpost wrote it, `journal_damaged` when SQLite cannot read it. */
export function openJournalFile(path: string, options: FileOptions = {}): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    if (options.pageSizeBytes !== undefined) db.exec(`PRAGMA page_size = ${options.pageSizeBytes}`);
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > JOURNAL_FORMAT) {
      throw new OutpostError(
        'too_old_protocol',
        'A newer version of Outpost keeps unsent work here. Update Outpost; nothing was changed.',
        { format: version },
      );
    }
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    db.exec('PRAGMA cell_size_check = ON');
    if (options.mostPages !== undefined) db.exec(`PRAGMA max_page_count = ${options.mostPages}`);
    const { integrity_check: verdict } = db.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
    if (verdict !== 'ok')
      throw new OutpostError('journal_damaged', 'The file with your unsent work is damaged.', { finding: verdict });
    if (version < JOURNAL_FORMAT) {
      db.exec('BEGIN IMMEDIATE');
      db.exec(tables);
      db.exec(`PRAGMA user_version = ${JOURNAL_FORMAT}`);
      db.exec('COMMIT');
    }
    return db;
  } catch (error) {
    db.close();
    throw toJournalError(error);
  }
}

/** Runs `work` in one transaction: all of it is on the disk, or none. */
export function runTransaction<Value>(db: DatabaseSync, work: () => Value): Value {
  try {
    db.exec('BEGIN IMMEDIATE');
    try {
      const value = work();
      db.exec('COMMIT');
      return value;
    } catch (error) {
      // A full disk may have rolled back already.
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  } catch (error) {
    throw toJournalError(error);
  }
}
