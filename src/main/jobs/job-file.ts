// The SQLite file of the jobs. Who owns it is alone with it: the profile is locked by one process.
// A damaged file is put aside and a new one begun; what jobs are made of is kept elsewhere, and whoever made them looks again.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { OutpostError } from '#shared/kernel/errors.ts';

const JOBS_FORMAT = 1;

const tables = `
  CREATE TABLE job (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, state TEXT NOT NULL,
    priority INTEGER NOT NULL, run_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, crashes INTEGER NOT NULL DEFAULT 0,
    unique_key BLOB, is_kept INTEGER NOT NULL DEFAULT 0, schedule TEXT, is_stopping INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL, started_ms INTEGER, ended_ms INTEGER, done INTEGER, total INTEGER,
    label BLOB, data BLOB, failure BLOB);
  CREATE INDEX job_next ON job (kind, priority DESC, seq) WHERE state = 'waiting';
  CREATE INDEX job_delayed ON job (run_at) WHERE state = 'delayed';
  CREATE INDEX job_active ON job (kind) WHERE state = 'active';
  CREATE INDEX job_key ON job (kind, unique_key) WHERE unique_key IS NOT NULL;
  CREATE INDEX job_ended ON job (kind, ended_ms) WHERE ended_ms IS NOT NULL;
  CREATE TABLE step (job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE, name TEXT NOT NULL, result BLOB NOT NULL,
    PRIMARY KEY (job, name)) WITHOUT ROWID;
  CREATE TABLE line (job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE, n INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    text BLOB NOT NULL, PRIMARY KEY (job, n)) WITHOUT ROWID;
  CREATE TABLE schedule (name TEXT PRIMARY KEY, kind TEXT NOT NULL, cron TEXT NOT NULL, zone TEXT NOT NULL, missed TEXT NOT NULL,
    since_ms INTEGER NOT NULL, last_ms INTEGER, data BLOB NOT NULL);
  CREATE TABLE pause (kind TEXT PRIMARY KEY);
`;

function open(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > JOBS_FORMAT)
      throw new OutpostError('too_old_protocol', 'A newer version of Outpost keeps jobs here.', { format: version });
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
    const { quick_check: verdict } = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (verdict !== 'ok') throw new Error(`the file of the jobs is damaged: ${verdict}`);
    if (version < JOBS_FORMAT) db.exec(`BEGIN IMMEDIATE; ${tables} PRAGMA user_version = ${JOBS_FORMAT}; COMMIT`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function isDamage(error: unknown): boolean {
  if (error instanceof Error && error.message.startsWith('the file of the jobs is damaged')) return true;
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Throws `too_old_protocol` when a newer Outpost wrote it. */
export function openJobFile(path: string, log: (message: string, error?: unknown) => void): DatabaseSync {
  try {
    return open(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    log('the file of the jobs was damaged and is begun anew', error);
    for (const part of ['-wal', '-shm']) rmSync(path + part, { force: true });
    if (existsSync(path)) renameSync(path, `${path}.damaged`);
    return open(path);
  }
}
