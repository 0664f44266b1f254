// The SQLite file of the journal: its tables, its version, and the few ways SQLite can fail, put into our words.
// A commit is on the disk before it returns (WAL with synchronous=FULL), unless it may be lost and told again.
import { DatabaseSync } from 'node:sqlite';
import { OutpostError } from '#shared/kernel/errors.ts';

/** Version of the tables below and of what is sealed in them. Newer programs read all older versions. */
export const JOURNAL_FORMAT = 1;

const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_NOMEM = 7;
const SQLITE_CANTOPEN = 14;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

const tables = [
  'CREATE TABLE state (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)',
  'CREATE TABLE ops (op_no INTEGER PRIMARY KEY, op_id TEXT NOT NULL, sealed BLOB NOT NULL, verdict BLOB)',
  'CREATE TABLE history (op_no INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, sealed BLOB NOT NULL)',
  'CREATE TABLE attention (id TEXT PRIMARY KEY, sealed BLOB NOT NULL)',
  'CREATE TABLE discarded (id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL)',
  'CREATE TABLE quarantine (id INTEGER PRIMARY KEY, place TEXT NOT NULL, at_ms INTEGER NOT NULL, bytes BLOB NOT NULL)',
];

function isAsCreated(db: DatabaseSync): boolean {
  const found = db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table'").all();
  return found.length === tables.length && found.every(({ sql }, index) => sql === tables[index]);
}

function errcodeOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return 0;
  return Number(error.errcode);
}

function isDamage(error: unknown): boolean {
  const primary = errcodeOf(error) & 0xff;
  return primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB;
}

/** While opening, whatever SQLite does not understand is damage, except for these. */
const notDamage = new Set([0, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN]);

function toOpenError(error: unknown): unknown {
  if (notDamage.has(errcodeOf(error) & 0xff)) return toJournalError(error);
  return new OutpostError('journal_damaged', 'The file with your unsent work is damaged.', {}, { cause: error });
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
    db.exec('PRAGMA secure_delete = ON');
    if (options.mostPages !== undefined) db.exec(`PRAGMA max_page_count = ${options.mostPages}`);
    const { integrity_check: verdict } = db.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
    if (verdict !== 'ok')
      throw new OutpostError('journal_damaged', 'The file with your unsent work is damaged.', { finding: verdict });
    if (version < JOURNAL_FORMAT) {
      db.exec('BEGIN IMMEDIATE');
      for (const table of tables) db.exec(table);
      db.exec(`PRAGMA user_version = ${JOURNAL_FORMAT}`);
      db.exec('COMMIT');
    } else if (!isAsCreated(db)) {
      throw new OutpostError('journal_damaged', 'The file with your unsent work is damaged.', { finding: 'schema' });
    }
    // A header that forbids writing is found now and not with the first append.
    db.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${JOURNAL_FORMAT}; ROLLBACK;`);
    return db;
  } catch (error) {
    db.close();
    throw toOpenError(error);
  }
}

/**
 * `now`: on the disk before the transaction returns. `later`: a power cut may take it back, and whatever came after it; for
 * what would be told again. A program that is killed takes nothing back in either case.
 */
export type Durability = 'now' | 'later';

/** Runs `work` in one transaction: all of it, or none. */
export function runTransaction<Value>(db: DatabaseSync, work: () => Value, durability: Durability = 'now'): Value {
  try {
    if (durability === 'later') db.exec('PRAGMA synchronous = NORMAL');
    try {
      db.exec('BEGIN IMMEDIATE');
      const value = work();
      db.exec('COMMIT');
      return value;
    } finally {
      // A full disk may have rolled back already.
      if (db.isTransaction) db.exec('ROLLBACK');
      if (durability === 'later') db.exec('PRAGMA synchronous = FULL');
    }
  } catch (error) {
    throw toJournalError(error);
  }
}

/** Pages that the log holds before they are moved into the file; the size SQLite chooses. */
const LOG_PAGES = 1000;

/**
 * Gives the log its full size on the disk, so that a commit overwrites what is there: a file that grows costs the disk
 * twice as many writes. To be called when there is time; takes some 20 ms.
 */
export function growLog(db: DatabaseSync): void {
  try {
    db.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0');
    for (let page = 0; page < LOG_PAGES; page += 1) db.exec(`PRAGMA user_version = ${JOURNAL_FORMAT}`);
    db.exec('PRAGMA wal_checkpoint(RESTART)');
  } catch (error) {
    throw toJournalError(error);
  } finally {
    db.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
  }
}
