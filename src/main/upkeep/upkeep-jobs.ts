// What this computer does for a profile by itself: it backs up what only it has, and cleans up.
import type { Clock } from '#shared/kernel/ports.ts';
import type { Jobs } from '#main/jobs/job-types.ts';
import type { Journal } from '#main/journal/journal.ts';
import { withoutBase, withoutLabel } from '#main/journal/forget.ts';
import { keepNewest, writeBackup } from '#main/upkeep/backup-files.ts';
import { cleanUpProfile } from '#main/upkeep/clean-up.ts';

const BACKUPS_KEPT = 24;
const retry = { attempts: 5, firstPauseMs: 60_000, longestPauseMs: 15 * 60_000 };

export interface UpkeepProfile {
  readonly directory: string;
  readonly jobsKey: Uint8Array;
  readonly journal: Pick<Journal, 'pending' | 'undelivered' | 'attention' | 'prune'>;
}

export interface UpkeepDeps {
  readonly clock: Clock;
  /** Of the person, for times of the day. */
  readonly zone: () => string;
  /** Copies of files nobody needs leave this computer. */
  readonly tidyFiles: () => void;
}

function unsentOf(journal: UpkeepProfile['journal']) {
  const answered = new Set(journal.undelivered().map(({ opId }) => opId));
  return {
    // A record that leaves this person's sight later must not stay in a backup.
    operations: journal
      .pending()
      .filter(({ opId }) => !answered.has(opId))
      .map((operation) => withoutBase(operation)),
    attention: journal.attention().map(withoutLabel),
  };
}

export function defineUpkeep(
  jobs: Pick<Jobs<UpkeepProfile>, 'define' | 'whenOpened' | 'schedule'>,
  deps: UpkeepDeps,
): void {
  jobs.define<null>({
    kind: 'backup',
    concurrency: 1,
    retry,
    run({ profile, log }) {
      const { directory, jobsKey: key, journal } = profile;
      const unsent = unsentOf(journal);
      const name = writeBackup({ directory, key }, unsent, deps.clock.now());
      if (name === null) log({ key: 'backupSame' });
      else {
        const { operations, attention } = unsent;
        log({ key: 'backupKept', values: { changes: operations.length, items: attention.length, file: name } });
      }
      const left = keepNewest(directory, BACKUPS_KEPT);
      if (left > 0) log({ key: 'backupsRemoved', values: { count: left } });
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
