// Which files have content on this computer, and whose it is: rows sealed like those of the journal. Deleting a row deletes
// the key of the content with it, on the disk as well. What somebody attached here and the server does not have all of is
// told apart outside of the seal, so that signing out removes copies and keeps what is owed.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RecordReference } from '#shared/access/parent-record.ts';
import type { ErrorData } from '#shared/kernel/errors.ts';
import type { BlobKey } from '#main/files/blob-store.ts';
import { createSealer } from '#main/journal/seal.ts';

/**
 * `staged`: a page is handing it over. `waiting`: whole, and the server does not have all of it. `refused`: the same, and the
 * server does not want it. `copy`: as much of it as was fetched.
 */
export type FileStage = 'staged' | 'waiting' | 'refused' | 'copy';

export interface FileEntry extends BlobKey {
  readonly stage: FileStage;
  readonly name: string;
  readonly mediaType: string;
  /** Empty while it is staged. */
  readonly sha256: string;
  readonly parent: RecordReference | null;
  /** Whoever handed it over does so again when it was not attached: without a record it is worth nothing. */
  readonly isMadeAgain?: boolean;
  readonly refusal: ErrorData | null;
  /** Kept on this computer whatever the room. */
  readonly isPinned: boolean;
  readonly usedAtMs: number;
  /** The person deleted it here; null when not. */
  readonly deletedAtMs: number | null;
}

export interface FileIndex {
  readonly entries: ReadonlyMap<string, FileEntry>;
  write(entry: FileEntry): void;
  /** The key of the content is gone from the disk when it returns. */
  delete(fileIds: readonly string[]): void;
  close(): void;
}

export const FILES_FOLDER = 'files';
const INDEX_NAME = 'index.sqlite';

function openDatabase(directory: string): DatabaseSync {
  const db = new DatabaseSync(path.join(directory, INDEX_NAME));
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = FULL');
  db.exec('PRAGMA secure_delete = ON');
  db.exec(
    'CREATE TABLE IF NOT EXISTS file (id TEXT PRIMARY KEY, blob TEXT NOT NULL, is_owed INTEGER NOT NULL, sealed BLOB NOT NULL)',
  );
  return db;
}

const isOwed = ({ stage }: FileEntry): boolean => stage !== 'copy';

export function openFileIndex(directory: string, key: Uint8Array): FileIndex {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const sealer = createSealer(key, 'file-index');
  const db = openDatabase(directory);
  const entries = new Map<string, FileEntry>();
  for (const row of db.prepare('SELECT id, sealed FROM file').all()) {
    const id = String(row['id']);
    // A row that cannot be read leads to nothing: what was fetched is fetched again.
    const entry = sealer.open(id, row['sealed'] as Uint8Array) as FileEntry | undefined;
    if (entry !== undefined) entries.set(id, entry);
  }
  const put = db.prepare('INSERT OR REPLACE INTO file (id, blob, is_owed, sealed) VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM file WHERE id = ?');
  return {
    entries,
    write(entry) {
      put.run(entry.fileId, entry.blob, isOwed(entry) ? 1 : 0, sealer.seal(entry.fileId, entry));
      entries.set(entry.fileId, entry);
    },
    delete(fileIds) {
      if (fileIds.length === 0) return;
      for (const id of fileIds) {
        remove.run(id);
        entries.delete(id);
      }
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    close: () => db.close(),
  };
}

/** Removes what was fetched from a profile that is not open; what is owed to the server stays, sealed. */
export function removeCopies(profileDirectory: string): void {
  const directory = path.join(profileDirectory, FILES_FOLDER);
  if (!existsSync(path.join(directory, INDEX_NAME))) return;
  const db = openDatabase(directory);
  try {
    const copies = db.prepare('SELECT blob FROM file WHERE is_owed = 0').all();
    db.exec('DELETE FROM file WHERE is_owed = 0');
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    for (const row of copies) rmSync(path.join(directory, path.basename(String(row['blob']))), { force: true });
  } finally {
    db.close();
  }
}
