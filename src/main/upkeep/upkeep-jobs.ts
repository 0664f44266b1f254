// What this computer does for a profile by itself: it backs up what only it has, and cleans up.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { JobContext, Jobs } from '#main/jobs/job-types.ts';
import { keepNewest, writeBackup } from '#main/upkeep/backup-files.ts';
import {
  folderFailure,
  folderGone,
  isThere,
  placesOf,
  settingsOf,
  unsentOf,
  type BackupProfile,
} from '#main/upkeep/backup-places.ts';
import { cleanUpProfile } from '#main/upkeep/clean-up.ts';

const retry = { attempts: 5, firstPauseMs: 60_000, longestPauseMs: 15 * 60_000 };
const STEPS = 3;

/** Of a backup. `always`: also when the last one holds the same. Null, of a schedule: only when there is something new. */
export type BackupWish = { readonly always: boolean } | null;

export interface UpkeepDeps {
  readonly clock: Clock;
  /** Of the person, for times of the day. */
  readonly zone: () => string;
  /** Copies of files nobody needs leave this computer. */
  readonly tidyFiles: () => void;
  /** The folder somebody chose cannot be reached: told once, until it was there again. */
  readonly onFolderLost: () => void;
}

export function defineUpkeep(
  jobs: Pick<Jobs<BackupProfile>, 'define' | 'whenOpened' | 'schedule'>,
  deps: UpkeepDeps,
): void {
  function setLost(profile: BackupProfile, lostAt: string | null): void {
    const settings = settingsOf(profile.state());
    if ((settings.lostAt === null) !== (lostAt === null)) profile.update({ backups: { ...settings, lostAt } });
  }

  /** The copy where its person wants it. Throws what went wrong, for another try. */
  function copyOutside(context: JobContext<BackupWish, BackupProfile>, nowMs: number): number {
    const { profile, data, log } = context;
    const { outside } = placesOf(profile.state(), profile.directory, profile.jobsKey);
    const { folder, keep } = settingsOf(profile.state());
    if (outside === null || folder === null) return 0;
    if (!isThere(folder)) throw folderGone();
    const name = writeBackup(outside, unsentOf(profile.journal), nowMs, data?.always === true);
    if (name !== null) log({ key: 'backupCopied', values: { file: name, folder } });
    setLost(profile, null);
    return keepNewest(outside.folder, keep);
  }

  jobs.define<BackupWish>({
    kind: 'backup',
    concurrency: 1,
    retry,
    run(context) {
      const { profile, data, log, progress, attempt } = context;
      const { inside } = placesOf(profile.state(), profile.directory, profile.jobsKey);
      const { folder, keep, lostAt } = settingsOf(profile.state());
      // Both carry the same name.
      const nowMs = deps.clock.now();
      progress(0, STEPS);
      const unsent = unsentOf(profile.journal);
      const name = writeBackup(inside, unsent, nowMs, data?.always === true);
      if (name === null) log({ key: 'backupSame' });
      else {
        const { operations, attention } = unsent;
        log({ key: 'backupKept', values: { changes: operations.length, items: attention.length, file: name } });
      }
      progress(1, STEPS);
      let left = keepNewest(inside.folder, keep);
      try {
        left += copyOutside(context, nowMs);
      } catch (error) {
        const failure = folderFailure(error);
        setLost(profile, toInstant(nowMs));
        if (lostAt === null) deps.onFolderLost();
        log({ key: 'backupFolderGone', values: { folder: folder ?? '' } });
        // Known already: the next hour is the next try, and nobody is told of the same every hour.
        if (lostAt === null || attempt > 1) return Promise.reject(failure);
      }
      progress(2, STEPS);
      if (left > 0) log({ key: 'backupsRemoved', values: { count: left } });
      progress(STEPS, STEPS);
      return Promise.resolve();
    },
  });
  jobs.define<null>({
    kind: 'cleanUp',
    concurrency: 1,
    retry,
    run({ profile, log }) {
      const { count, bytes } = cleanUpProfile(profile.directory, deps.clock.now());
      log({ key: 'cleanedUp', values: { count, bytes } });
      profile.journal.prune();
      deps.tidyFiles();
      return Promise.resolve();
    },
  });
  jobs.whenOpened(async () => {
    const zone = deps.zone();
    await jobs.schedule({ name: 'backup', cron: '7 * * * *', zone, kind: 'backup', data: null });
    await jobs.schedule({ name: 'cleanUp', cron: '40 12 * * *', zone, kind: 'cleanUp', data: null });
  });
}
