// What main asks the data host, and what the host tells.
import { type Static, Type } from 'typebox';
import type { Actor } from '#shared/access/actor.ts';
import type { RecordReference } from '#shared/access/parent-record.ts';
import type { KeptMail } from '#shared/entities/mail-message/commands.ts';

import type { ErrorData } from '#shared/kernel/errors.ts';
import type { MailAddress } from '#shared/mail/mail-types.ts';
import type { ManifestRange, PullItem, ScopeDrop, Verdict } from '#shared/sync/messages.ts';

/** What main asks the data host to do; it answers through `host.answer`. */
export type HostRequest =
  /** Answers an AppliedOutcome. */
  | {
      readonly kind: 'applyPage';
      /** The token it was asked for with. The data host refuses what does not follow on what it holds. */
      readonly after: string | null;
      readonly items: readonly PullItem[];
      readonly token: string;
      readonly snapshotStart: boolean;
      readonly caughtUp: boolean;
      /** Epoch the page was made with. */
      readonly epoch?: number;
    }
  /** Answers an AppliedOutcome. */
  | { readonly kind: 'applyVerdicts'; readonly verdicts: readonly Verdict[] }
  /** Answers a HostPosition. */
  | { readonly kind: 'readPosition' }
  /** Removes what a change of rights took away: records, fields, every copy of them. */
  | { readonly kind: 'purge'; readonly drop: ScopeDrop }
  /** Compares with a page of the manifest and removes what it does not name, unless it only looks. Answers ManifestFindings. */
  | {
      readonly kind: 'compareManifest';
      readonly ranges: readonly ManifestRange[];
      readonly key: string;
      readonly onlyLook: boolean;
    }
  /** Bodies asked for after a comparison, and how far the manifest is read: `isLast` makes `token` a place in the log. */
  | {
      readonly kind: 'applyManifest';
      /** As with a page. */
      readonly after: string | null;
      readonly items: readonly PullItem[];
      readonly token: string;
      readonly isLast: boolean;
      readonly epoch: number;
    }
  /** Which of these records are not held. Answers places, or null as long as what is held is not complete. */
  | { readonly kind: 'findAbsent'; readonly places: readonly { readonly entity: string; readonly recordId: string }[] }
  /** Answers a DatabaseStanding. */
  | { readonly kind: 'describeDatabase' }
  /** What is known of these files, and of those attached since an instant, newest first. Answers FilesSeen. */
  | {
      readonly kind: 'lookAtFiles';
      readonly files: readonly { readonly id: string; readonly parent: RecordReference | null }[];
      readonly since: string;
      readonly most: number;
    }
  /** An action of a message of the desktop, as the command a click would be. Answers null. */
  | { readonly kind: 'execute'; readonly command: 'markNotifications' | 'completeTask'; readonly input: unknown }
  /** Which of these mails belong to records. Answers `MailLinks | null` for each; `own`: addresses of the mailboxes. */
  | {
      readonly kind: 'matchMails';
      readonly own: readonly string[];
      readonly mails: readonly {
        readonly from: MailAddress;
        readonly to: readonly MailAddress[];
        readonly cc: readonly MailAddress[];
      }[];
    }
  /** Answers `{ isKept, wasThere }`. */
  | { readonly kind: 'keepMail'; readonly mail: KeptMail }
  /** Nobody answered a mail: makes the task, once. */
  | {
      readonly kind: 'remindOfMail';
      readonly id: string;
      readonly subject: string;
      readonly dueDate: string;
      readonly messageId: string;
    }
  /** The computer woke up: what became due meanwhile is told now, not when a timer of before the sleep ends. */
  | { readonly kind: 'lookAtTime' }
  /** The next batch of an import; `rows` when it was asked for them. Answers an ImportStep. */
  | { readonly kind: 'continueImport'; readonly importId: string; readonly rows: string | null }
  /** An import does not go on: taken back by a person (null), or given up. Answers null. */
  | { readonly kind: 'stopImport'; readonly importId: string; readonly failure: ErrorData | null }
  /** The journal holds other operations than before. */
  | { readonly kind: 'reloadPending' }
  | {
      readonly kind: 'openProfile';
      readonly profileId: string;
      readonly actor: Actor;
      /** Seals the local database at rest: 256 bits as base64, derived from the profile key. */
      readonly storageKey?: string;
    }
  | { readonly kind: 'closeProfile' }
  /** The database of this profile goes with all its bytes, open or not. */
  | { readonly kind: 'wipe'; readonly profileId: string };

export const NotificationAlertSchema = Type.Object({
  key: Type.String({ maxLength: 200 }),
  /** When it came, or came back. */
  cameAt: Type.String({ maxLength: 32 }),
  /** Another computer of the user told of it. */
  isShown: Type.Boolean(),
  /** Told in quiet hours, too. */
  isUrgent: Type.Boolean(),
  title: Type.String(),
  text: Type.String(),
  route: Type.String({ maxLength: 200 }),
  /** The task it is about, when it can be completed from the message. */
  taskId: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
});

export type NotificationAlert = Static<typeof NotificationAlertSchema>;

/** What is unread, and what of it is told outside the windows; words as its reader may read them now. */
export interface NotificationNews {
  readonly userId: string;
  readonly unread: number;
  /** End of the quiet hours that hold; null outside of them. */
  readonly quietUntil: string | null;
  /** When there is something to look at next because of the time alone; null when nothing is. */
  readonly nextAt: string | null;
  readonly alerts: readonly NotificationAlert[];
}

/** Where the local database stands. */
export interface HostPosition {
  readonly token: string | null;
  /** Epoch of what is held; null when nothing is known of it. */
  readonly epoch: number | null;
  /** `log`: the token is a place to pull from. `manifest`: it is one in a manifest. `empty`: nothing of the server is held. */
  readonly stage: 'empty' | 'log' | 'manifest';
}

export interface PlacesOfCollection {
  readonly coll: string;
  readonly ids: readonly string[];
}

/** How what is held differs from a manifest. */
export interface ManifestFindings {
  readonly missing: readonly PlacesOfCollection[];
  readonly different: readonly PlacesOfCollection[];
  /** Held, and not named. */
  readonly surplus: readonly PlacesOfCollection[];
}
