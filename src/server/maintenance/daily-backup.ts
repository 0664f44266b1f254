// The backup of a day: made, read back once as a restore would, and only then counted as one. A run that is repeated finds the finished
// one in its place. Afterwards what is too old goes; that never happens when making the new one failed.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createMainKey } from '#server/backup/backup-keys.ts';
import { dumpDatabase } from '#server/backup/dump.ts';
import { MANIFEST_FILE } from '#server/backup/manifest.ts';
import { openBackup } from '#server/backup/read-backup.ts';
import { writeBackup } from '#server/backup/write-backup.ts';
import { backupName, backupsOverLimit, backupsToRemove, dueOf } from '#server/maintenance/keep-backups.ts';
import type { RunFacts } from '#server/maintenance/job-runs.ts';
import type { BackupSettings } from '#server/observe/operations-settings.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import packageJson from '../../../package.json' with { type: 'json' };

function isFinished(folder: string): boolean {
  return existsSync(join(folder, MANIFEST_FILE));
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

const DAY_MS = 86_400_000;
const UNFINISHED = /\.unfinished$/;

/** What a crash left of a backup that was not finished, and nobody works on any more. */
function leftBehind(folder: string, nowMs: number): readonly string[] {
  return readdirSync(folder).filter((name) => {
    const dueMs = UNFINISHED.test(name) ? dueOf(name.replace(UNFINISHED, '')) : null;
    return dueMs !== null && nowMs - dueMs > DAY_MS;
  });
}

export async function makeDailyBackup(
  database: SqlDatabase,
  { folder, key, most }: BackupSettings,
  dueMs: number,
  nowMs: number,
): Promise<RunFacts> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const place = join(folder, backupName(dueMs));
  if (!isFinished(place)) {
    const facts = { nowMs, product: packageJson.version };
    await writeBackup(place, createMainKey(key), facts, (emit) => dumpDatabase(database, emit));
  }
  const { manifest } = await openBackup(place, key);
  const finished = readdirSync(folder).filter((name) => isFinished(join(folder, name)));
  const tooOld = backupsToRemove(finished, nowMs);
  const rest = finished.filter((name) => !tooOld.includes(name));
  const tooMany =
    most === undefined
      ? []
      : backupsOverLimit(
          rest.map((name) => ({ name, bytes: sizeOf(join(folder, name)) })),
          most,
        );
  const old = [...tooOld, ...tooMany];
  for (const name of [...old, ...leftBehind(folder, nowMs)])
    rmSync(join(folder, name), { recursive: true, force: true });
  return {
    name: backupName(dueMs),
    bytes: sizeOf(place),
    organizations: manifest.tenants.length,
    removed: old.length,
    kept: finished.length - old.length,
  };
}
