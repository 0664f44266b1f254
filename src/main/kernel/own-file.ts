// SQLite files that belong to one part of the product each and may be begun anew: jobs, mailboxes, letters. A file that is
// damaged keeps nobody from working: it is put aside, whole, and its owner decides what can be carried over from it.
// Who owns such a file is alone with it: the profile is locked by one process.
import { existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Thrown by whoever finds damage that SQLite does not see. */
export class DamagedFile extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'DamagedFile';
  }
}

export function isDamage(error: unknown): boolean {
  if (error instanceof DamagedFile) return true;
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Reads every page: for files that are small. @throws DamagedFile */
export function checkWhole(db: DatabaseSync): void {
  const { quick_check: verdict } = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
  if (verdict !== 'ok') throw new DamagedFile(verdict);
}

/** The file and what belongs to it, under a name that stays free for the next one. */
export function putAside(path: string, nowMs: number): string {
  let target = `${path}.damaged-${nowMs}`;
  for (let attempt = 2; existsSync(target); attempt += 1) target = `${path}.damaged-${nowMs}-${attempt}`;
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  return target;
}

export interface OwnFile {
  readonly db: DatabaseSync;
  /** Where the damaged one lies now; null when there was none. */
  readonly setAsideAs: string | null;
}

export interface OwnFileOptions {
  readonly path: string;
  /** Settings, tables, and whatever look tells whether the file can be worked with. */
  readonly setUp: (db: DatabaseSync) => void;
  /** It was found damaged while it was open: not looked at once more. */
  readonly isDamaged?: boolean;
  readonly nowMs: () => number;
  readonly log: (message: string, error?: unknown) => void;
}

function open({ path, setUp }: OwnFileOptions): DatabaseSync {
  // SQLite takes an empty file for a new one. One that was written to has a first page from the first moment on.
  if (existsSync(path) && statSync(path).size === 0 && !existsSync(`${path}-wal`))
    throw new DamagedFile('the file is empty');
  const db = new DatabaseSync(path);
  try {
    setUp(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Throws what `setUp` throws, unless it is damage. */
export function openOwnFile(options: OwnFileOptions): OwnFile {
  const { path, isDamaged = false, nowMs, log } = options;
  try {
    if (isDamaged) throw new DamagedFile('found while it was open');
    return { db: open(options), setAsideAs: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
    log('a file of this profile was damaged and is begun anew', error);
    const setAsideAs = existsSync(path) ? putAside(path, nowMs()) : null;
    return { db: open(options), setAsideAs };
  }
}

/** The same store, telling when SQLite meets damage in the middle of the work. The call that met it throws as before. */
export function watchDamage<Store extends object>(store: Store, onDamage: () => void): Store {
  const wrap =
    (work: (...args: unknown[]) => unknown, self: unknown) =>
    (...args: unknown[]): unknown => {
      try {
        return Reflect.apply(work, self, args);
      } catch (error) {
        if (isDamage(error)) onDamage();
        throw error;
      }
    };
  return new Proxy(store, {
    get(target, name, self) {
      const value: unknown = Reflect.get(target, name, self);
      return typeof value === 'function' ? wrap(value as (...args: unknown[]) => unknown, self) : value;
    },
  });
}
