// What is left behind in the folder of a profile and nobody needs: damaged files that were put aside long ago, and drafts of
// files that a crash left half written.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { MAIL_FOLDER } from '#main/mail/kept-accounts.ts';

const DAMAGED_KEPT_MS = 90 * 86_400_000;
const DRAFT_KEPT_MS = 86_400_000;
/** With the moment it was put aside: the file itself may not have been written to for months before. */
const DAMAGED = /\.damaged(?:-(\d+))?(?:-\d+)*(?:-wal|-shm)?$/;
const DRAFT = /\.new$/;

export interface CleanedUp {
  readonly count: number;
  readonly bytes: number;
}

function isOver(name: string, mtimeMs: number, nowMs: number): boolean {
  const damaged = DAMAGED.exec(name);
  if (damaged !== null) return nowMs - Number(damaged[1] ?? mtimeMs) >= DAMAGED_KEPT_MS;
  return DRAFT.test(name) && nowMs - mtimeMs >= DRAFT_KEPT_MS;
}

/** In the folder of the profile and in that of its mail. */
export function cleanUpProfile(directory: string, nowMs: number): CleanedUp {
  let count = 0;
  let bytes = 0;
  for (const folder of [directory, path.join(directory, MAIL_FOLDER)]) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(folder, entry.name);
      const { mtimeMs, size } = statSync(file);
      if (!isOver(entry.name, mtimeMs, nowMs)) continue;
      rmSync(file, { force: true });
      count += 1;
      bytes += size;
    }
  }
  return { count, bytes };
}
