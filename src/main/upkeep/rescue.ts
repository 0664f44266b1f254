// The file with unsent work could not be read as a whole: what the newest backup knows of it is shown to its author, among what
// needs attention. Nothing of it is sent: some of it may have been since.
import type { Journal } from '#main/journal/journal.ts';
import { readNewestBackup, type BackupPlace } from '#main/upkeep/backup-files.ts';

/** The newest of all places counts. Answers how many items came back. */
export function rescueFromBackup(journal: Pick<Journal, 'showAgain'>, places: readonly BackupPlace[]): number {
  const [newest] = places
    .map(readNewestBackup)
    .filter((kept) => kept !== null)
    .toSorted((one, other) => (one.at < other.at ? 1 : -1));
  return newest === undefined ? 0 : journal.showAgain(newest.operations, newest.attention, 'journal_damaged');
}
