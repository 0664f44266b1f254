// What is left behind in the folder of a profile and nobody needs: damaged files that were put aside long ago, and drafts of
// files that a crash left half written.
import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

const DAMAGED_KEPT_MS = 90 * 86_400_000;
const DRAFT_KEPT_MS = 86_400_000;
const DAMAGED = /\.damaged(-\d+)*(-wal|-shm)?$/;
const DRAFT = /\.new$/;

export interface CleanedUp {
  readonly count: number;
  readonly bytes: number;
}

export function cleanUpProfile(directory: string, nowMs: number): CleanedUp {
  let count = 0;
  let bytes = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const keptMs = DAMAGED.test(entry.name) ? DAMAGED_KEPT_MS : DRAFT.test(entry.name) ? DRAFT_KEPT_MS : null;
    const file = path.join(directory, entry.name);
    const { mtimeMs, size } = statSync(file);
    if (keptMs === null || nowMs - mtimeMs < keptMs) continue;
    rmSync(file, { force: true });
    count += 1;
    bytes += size;
  }
  return { count, bytes };
}
