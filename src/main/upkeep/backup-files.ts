// Backups of what only this computer has: changes the server did not answer yet, and what needs attention. Everything else comes
// from the server again. Each backup is one file, sealed as a whole. Of records it holds only what was typed, like a journal after a
// purge. They lie in the folder of the profile, and go with it; a copy of each lies where its person wants it.
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { toInstant } from '#shared/kernel/calendar.ts';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';
import {
  fingerprintOf,
  readOwnBackup,
  sealBackup,
  type BackupKeys,
  type KeptBackup,
  type Unsent,
} from '#main/upkeep/backup-format.ts';

const NAME = /^unsent-[0-9TZ.-]+\.sealed$/;

/** A folder of backups of one profile, and the keys they are made with. */
export interface BackupPlace extends BackupKeys {
  readonly folder: string;
}

/** Inside the folder of a profile. */
export const insideFolder = (directory: string): string => path.join(directory, 'backups');

/** Inside a folder its person chose: other people of the computer may have chosen the same one. */
export const outsideFolder = (chosen: string, owner: string): string =>
  path.join(chosen, `outpost-backups-${owner.slice(0, 8)}`);

/** Oldest first. */
export function listBackups(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort();
}

/** Null when it is not what was written, with this key. */
export function readBackup(place: BackupPlace, name: string): KeptBackup | null {
  const file = path.join(place.folder, name);
  return existsSync(file) ? readOwnBackup(place, readFileSync(file)) : null;
}

/** The newest one that can be read. */
export function readNewestBackup(place: BackupPlace): KeptBackup | null {
  for (const name of listBackups(place.folder).toReversed()) {
    const kept = readBackup(place, name);
    if (kept !== null) return kept;
  }
  return null;
}

/** Its name; null when the newest one holds the same, unless one is wanted `always`. On the disk, and read again, when it returns. */
export function writeBackup(place: BackupPlace, unsent: Unsent, nowMs: number, always = false): string | null {
  const fingerprint = fingerprintOf(unsent);
  const newest = always ? undefined : listBackups(place.folder).at(-1);
  if (newest !== undefined && readBackup(place, newest)?.fingerprint === fingerprint) return null;
  const at = toInstant(nowMs);
  const name = `unsent-${at.replaceAll(':', '-')}.sealed`;
  writeFileAtomically(path.join(place.folder, name), sealBackup(place, { ...unsent, at, fingerprint }));
  if (readBackup(place, name) === null) throw new Error('a backup could not be read again');
  return name;
}

/** What was in it is not on the disk any more, as far as this program decides that. */
function destroy(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, Buffer.alloc(statSync(file).size), 0, undefined, 0);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  rmSync(file, { force: true });
}

/** Keeps the newest ones; answers how many left. `most` 0: none stays. */
export function keepNewest(folder: string, most: number): number {
  const names = listBackups(folder);
  const surplus = names.slice(0, Math.max(0, names.length - most));
  for (const name of surplus) destroy(path.join(folder, name));
  return surplus.length;
}
