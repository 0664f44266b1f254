// Logs that are full are packed and kept for a while, then go. The log that is written to is never touched.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { RunFacts } from '#server/maintenance/job-runs.ts';

const DAY_MS = 86_400_000;
export const KEEP_LOGS_DAYS = 90;
const OLDER = /^(\w+)\.\d+\.log$/;

/** `folder` null: nothing is written to files. */
export function archiveLogs(folder: string | null, nowMs: number): RunFacts {
  if (folder === null || !existsSync(folder)) return { packed: 0, removed: 0 };
  const archive = join(folder, 'archive');
  mkdirSync(archive, { recursive: true, mode: 0o700 });
  const full = readdirSync(folder).filter((name) => OLDER.test(name));
  for (const name of full) {
    const file = join(folder, name);
    const at = statSync(file).mtime.toISOString().replaceAll(':', '-');
    const packed = join(archive, `${OLDER.exec(name)?.[1] ?? 'log'}-${at}.log.gz`);
    writeFileSync(`${packed}.unfinished`, gzipSync(readFileSync(file)), { mode: 0o600 });
    renameSync(`${packed}.unfinished`, packed);
    rmSync(file);
  }
  const old = readdirSync(archive).filter(
    (name) => nowMs - statSync(join(archive, name)).mtimeMs > KEEP_LOGS_DAYS * DAY_MS,
  );
  for (const name of old) rmSync(join(archive, name));
  return { packed: full.length, removed: old.length };
}
