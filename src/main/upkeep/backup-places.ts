// Where the backups of a profile lie and what its person decided about them.
import { statSync } from 'node:fs';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Journal } from '#main/journal/journal.ts';
import { withoutBase, withoutLabel } from '#main/journal/forget.ts';
import type { KeptBackupSettings, ProfileState } from '#main/profile/profiles.ts';
import { insideFolder, outsideFolder, type BackupPlace } from '#main/upkeep/backup-files.ts';
import { backupKeyOf, ownerOf, type BackupKeys, type Unsent } from '#main/upkeep/backup-format.ts';

const noSettings: KeptBackupSettings = { folder: null, keep: 24, recovery: null, lostAt: null };

export interface BackupProfile {
  readonly directory: string;
  readonly jobsKey: Uint8Array;
  readonly journal: Pick<Journal, 'pending' | 'undelivered' | 'attention' | 'answered' | 'showAgain' | 'prune'>;
  readonly state: () => Pick<ProfileState, 'actor' | 'backups'>;
  update(change: Pick<ProfileState, 'backups'>): void;
}

export const settingsOf = (state: Pick<ProfileState, 'backups'>): KeptBackupSettings => state.backups ?? noSettings;

export function keysOf(state: Pick<ProfileState, 'actor' | 'backups'>, jobsKey: Uint8Array): BackupKeys {
  const { tenantId, userId } = state.actor;
  return { owner: ownerOf(tenantId, userId), key: backupKeyOf(jobsKey), recovery: settingsOf(state).recovery };
}

/** In the profile first; the one its person chose behind it, if there is one. */
export function placesOf(
  state: Pick<ProfileState, 'actor' | 'backups'>,
  directory: string,
  jobsKey: Uint8Array,
): { readonly inside: BackupPlace; readonly outside: BackupPlace | null } {
  const keys = keysOf(state, jobsKey);
  const { folder } = settingsOf(state);
  return {
    inside: { ...keys, folder: insideFolder(directory) },
    outside: folder === null ? null : { ...keys, folder: outsideFolder(folder, keys.owner) },
  };
}

/** The chosen folder itself is never made: where a disk is missing, something else would lie in its place. */
export function isThere(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** What went wrong with the chosen folder, in the words of the catalogue. */
export function folderFailure(error: unknown): OutpostError {
  if (error instanceof OutpostError) return error;
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC'
    ? new OutpostError('disk_full', 'The disk of the folder for backups is full.', {}, { cause: error })
    : folderGone(error);
}

export function folderGone(cause?: unknown): OutpostError {
  return new OutpostError('backup_folder_gone', 'The folder for backups cannot be reached or written.', {}, { cause });
}

export function unsentOf(journal: Pick<Journal, 'pending' | 'undelivered' | 'attention'>): Unsent {
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
