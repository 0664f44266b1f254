// What is known on this computer of the folders of a mailbox and of the mails in them.
import type { MailAddress, MailFailure } from '#shared/mail/mail-types.ts';

export interface StoredFolder {
  readonly id: number;
  readonly accountId: string;
  readonly path: string;
  readonly name: string;
  readonly use: string;
  readonly isChosen: boolean;
  /** Of the numbers below; another one makes them worthless. Empty before the first look. */
  readonly uidValidity: string;
  readonly modseq: string;
  readonly onServer: number | null;
  readonly checkedAtMs: number | null;
  readonly failure: MailFailure | null;
}

/** What is known of a mail without reading it. */
export interface MailFacts {
  readonly messageId: string;
  readonly references: readonly string[];
  readonly thread: string;
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string;
  readonly snippet: string | null;
  readonly attachmentCount: number;
}

/** `new`: nobody looked yet. `none`: concerns nobody known. `kept`: a record. `left`: taken out by its owner, for good.
 * `refused`: somebody in it was erased. */
export type LinkState = 'new' | 'none' | 'kept' | 'left' | 'refused';

export interface StoredMail extends MailFacts {
  readonly id: number;
  readonly accountId: string;
  readonly atMs: number;
  readonly isOutbound: boolean;
  readonly link: LinkState;
  readonly sizeBytes: number;
  readonly isPartial: boolean;
}

export interface NewMail {
  readonly uid: number;
  readonly isSeen: boolean;
  readonly facts: MailFacts;
  readonly atMs: number;
  readonly isOutbound: boolean;
  readonly sizeBytes: number;
  /** The mail as it came, or its beginning; null when another folder brought it before. */
  readonly source: Uint8Array | null;
  readonly isPartial: boolean;
}
