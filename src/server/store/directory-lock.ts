// One process per data directory. PGlite does not check: two openers both report success and one loses its rows.
// The lock itself is a lock of the operating system on a small SQLite file, so it ends with the process that holds it,
// however that process ends: there are no stale locks and no moment between "is it stale" and "take it over".
// The text file beside it only names the holder for the person who has to find it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OutpostError } from '#shared/kernel/errors.ts';

export interface DirectoryLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string;
}

const GUARD_FILE = 'outpost.lock';
const HOLDER_FILE = 'outpost.lock.json';

/** @throws OutpostError `directory_in_use` naming the holder when another process, or this one, has the directory. */
export function lockDirectory(directory: string): DirectoryLock {
  const guard = new DatabaseSync(join(directory, GUARD_FILE));
  try {
    guard.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    guard.close();
    if (isBusy(error)) throw inUseError(directory);
    throw error;
  }
  const holderPath = join(directory, HOLDER_FILE);
  const startedAtMs = Date.now() - Math.round(process.uptime() * 1000);
  const holder: Holder = { pid: process.pid, host: hostname(), startedAt: new Date(startedAtMs).toISOString() };
  writeFileSync(holderPath, `${JSON.stringify(holder)}\n`);
  let isHeld = true;
  return {
    release() {
      if (!isHeld) return;
      isHeld = false;
      rmSync(holderPath, { force: true });
      guard.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

function inUseError(directory: string): OutpostError {
  const holder = readHolder(join(directory, HOLDER_FILE));
  const who =
    holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}, running since ${holder.startedAt}`;
  return new OutpostError(
    'directory_in_use',
    `The data directory ${directory} is in use by ${who}. Stop that server first, or choose another directory.`,
    holder === null ? {} : { pid: holder.pid, host: holder.host, startedAt: holder.startedAt },
  );
}

function readHolder(path: string): Holder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return null;
    if (!('pid' in value) || !('host' in value) || !('startedAt' in value)) return null;
    const { pid, host, startedAt } = value;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof startedAt !== 'string') return null;
    return { pid, host, startedAt };
  } catch (error) {
    // The holder is only a hint: it may not be written yet, or be half written.
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return null;
    throw error;
  }
}
