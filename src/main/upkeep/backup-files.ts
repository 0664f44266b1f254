// Backups of what only this computer has: changes the server did not answer yet, and what needs attention. Everything else comes
// from the server again. Each backup is one file in the folder of the profile, sealed as a whole with a key of the profile,
// and goes with the profile. Of records it holds only what was typed, like a journal after a purge.
import { createHash } from 'node:crypto';
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
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { createSealer } from '#main/journal/seal.ts';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';

const FOLDER = 'backups';
const NAME = /^unsent-[0-9TZ.-]+\.sealed$/;

export interface Unsent {
  readonly operations: readonly Operation[];
  readonly attention: readonly AttentionItem[];
}

interface Kept extends Unsent {
  readonly at: string;
  /** Of what is in it, so that the same is not kept twice. */
  readonly fingerprint: string;
}

export interface BackupPlace {
  /** Where the profile lies. */
  readonly directory: string;
  readonly key: Uint8Array;
}

function fingerprintOf({ operations, attention }: Unsent): string {
  return createHash('sha256').update(toCanonicalJson({ operations, attention })).digest('hex');
}

/** Oldest first. */
export function listBackups(directory: string): readonly string[] {
  const folder = path.join(directory, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort();
}

/** Null when it is not what was written, for this profile and under this name. */
export function readBackup({ directory, key }: BackupPlace, name: string): Kept | null {
  const file = path.join(directory, FOLDER, name);
  if (!existsSync(file)) return null;
  const kept = createSealer(key, 'backup').open(name, readFileSync(file)) as Kept | undefined;
  return kept === undefined || kept.fingerprint !== fingerprintOf(kept) ? null : kept;
}

/** The newest one that can be read. */
export function readNewestBackup(place: BackupPlace): Kept | null {
  for (const name of listBackups(place.directory).toReversed()) {
    const kept = readBackup(place, name);
    if (kept !== null) return kept;
  }
  return null;
}

/** Its name; null when the newest one holds the same. On the disk, and read again, when it returns. */
export function writeBackup(place: BackupPlace, unsent: Unsent, nowMs: number): string | null {
  const fingerprint = fingerprintOf(unsent);
  const newest = listBackups(place.directory).at(-1);
  if (newest !== undefined && readBackup(place, newest)?.fingerprint === fingerprint) return null;
  const at = toInstant(nowMs);
  const name = `unsent-${at.replaceAll(':', '-')}.sealed`;
  const kept: Kept = { ...unsent, at, fingerprint };
  writeFileAtomically(path.join(place.directory, FOLDER, name), createSealer(place.key, 'backup').seal(name, kept));
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

/** Keeps the newest ones; answers how many left. */
export function keepNewest(directory: string, most: number): number {
  const surplus = listBackups(directory).slice(0, -most);
  for (const name of surplus) destroy(path.join(directory, FOLDER, name));
  return surplus.length;
}
