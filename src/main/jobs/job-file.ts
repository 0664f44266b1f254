// The SQLite file of the jobs. A damaged one is put aside and a new one begun: what jobs are made of is kept elsewhere, and
// whoever made them looks again.
import type { DatabaseSync } from 'node:sqlite';
import { OutpostError } from '#shared/kernel/errors.ts';
import { checkWhole, openOwnFile } from '#main/kernel/own-file.ts';

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

function setUp(db: DatabaseSync): void {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > JOBS_FORMAT)
    throw new OutpostError('too_old_protocol', 'A newer version of Outpost keeps jobs here.', { format: version });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
  checkWhole(db);
  if (version < JOBS_FORMAT) db.exec(`BEGIN IMMEDIATE; ${tables} PRAGMA user_version = ${JOBS_FORMAT}; COMMIT`);
}

/** Throws `too_old_protocol` when a newer Outpost wrote it. */
export function openJobFile(
  path: string,
  nowMs: () => number,
  log: (message: string, error?: unknown) => void,
): DatabaseSync {
  return openOwnFile({ path, setUp, nowMs, log }).db;
}
