// Backups of unsent work: where they lie, and bringing one back. Folders and files are chosen in a dialog of the system, by main.
import { Type } from 'typebox';
import { channel, jobsOnly, nothing, text } from '#shared/ipc/channel.ts';

export interface KeptBackupFile {
  readonly place: 'inside' | 'outside';
  /** One inside whose copy lies in the chosen folder, too. */
  readonly isCopied: boolean;
  readonly name: string;
  readonly at: string;
  readonly bytes: number;
}

export interface BackupState {
  /** Null: in the profile only. */
  readonly folder: string | null;
  readonly isReachable: boolean;
  /** Since when the folder cannot be reached. */
  readonly lostAt: string | null;
  readonly keep: number;
  readonly hasPassphrase: boolean;
  /** Newest first; a copy of one that lies inside as well is not told twice. */
  readonly backups: readonly KeptBackupFile[];
}

/** What a backup holds, and what would come back. */
export interface BackupPreview {
  /** Names it for `restore`. */
  readonly id: string;
  readonly at: string;
  /** Changes, and items that needed attention. */
  readonly changes: number;
  readonly items: number;
  /** Of both together: still here, not sent or in need of attention. */
  readonly here: number;
  /** Answered by the server since. */
  readonly sent: number;
  /** Would come back, and what they were. */
  readonly back: number;
  readonly kinds: readonly { readonly entity: string; readonly command: string; readonly count: number }[];
}

const Passphrase = Type.Union([text(1000), Type.Null()]);

export const MOST_BACKUPS = 1000;
export const MIN_BACKUP_PASSPHRASE = 12;

export const backupChannels = {
  'backups.state': channel<BackupState>()(nothing, jobsOnly),
  /** Asks for a folder; nothing changes when nobody chooses one. Throws `backup_folder_inside`, `backup_folder_gone`. */
  'backups.chooseFolder': channel<null>()(nothing, jobsOnly),
  /** Copies that are there stay. */
  'backups.forgetFolder': channel<null>()(nothing, jobsOnly),
  'backups.keep': channel<null>()(
    Type.Object({ count: Type.Integer({ minimum: 1, maximum: MOST_BACKUPS }) }),
    jobsOnly,
  ),
  /** Null takes it away. Backups that are there keep theirs. */
  'backups.setPassphrase': channel<null>()(Type.Object({ passphrase: Passphrase }), jobsOnly),
  /** Now, whether or not anything changed. The id of its job. */
  'backups.now': channel<{ readonly jobId: string }>()(nothing, jobsOnly),
  /** Of one in the list, or (null) of a file that is chosen in a dialog; null when nobody chooses one. */
  'backups.look': channel<BackupPreview | null>()(
    Type.Object({
      backup: Type.Union([
        Type.Object({
          place: Type.Enum(['inside', 'outside'] as const),
          name: Type.String({ pattern: '^unsent-[0-9TZ.-]{1,40}\\.sealed$' }),
        }),
        Type.Null(),
      ]),
    }),
    jobsOnly,
  ),
  /** The file that was looked at last and asked for its passphrase. */
  'backups.open': channel<BackupPreview>()(Type.Object({ passphrase: text(1000) }), jobsOnly),
  'backups.restore': channel<{ readonly back: number }>()(Type.Object({ id: text(64) }), jobsOnly),
} as const;
