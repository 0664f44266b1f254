// The file with unsent work could not be read as a whole: what the newest backup knows of it is shown to its author, among what
// needs attention. Nothing of it is sent: some of it may have been since.
import type { Journal } from '#main/journal/journal.ts';
import { readNewestBackup, type BackupPlace } from '#main/upkeep/backup-files.ts';

/** Answers how many items came back. */
export function rescueFromBackup(journal: Pick<Journal, 'showAgain'>, place: BackupPlace): number {
  const kept = readNewestBackup(place);
  return kept === null ? 0 : journal.showAgain(kept.operations, kept.attention);
}
