// The one interface behind which mail leaves: SMTP or the API of a provider. What matters is what is known afterwards: taken
// over, refused for good, not taken over (so it may be tried again), or not known. Not known is never tried again by itself,
// because the mail may have gone.
import type { OutgoingMail } from '#server/campaigns/write-mail.ts';

export type Handed =
  | { readonly outcome: 'sent' }
  /** Said no for good; `isAddress`: about the address, not about us or the content. */
  | { readonly outcome: 'refused'; readonly detail: string; readonly isAddress: boolean }
  /** Nothing was taken over. `afterMs`: when the provider wants to be asked again. */
  | { readonly outcome: 'later'; readonly detail: string; readonly afterMs: number | null; readonly isOurs: boolean }
  | { readonly outcome: 'unknown'; readonly detail: string };

export interface MailSender {
  /** Mails under way at once. */
  readonly atOnce: number;
  /** `commit` resolves when it is kept that the mail may be gone from now on: before it, nothing the receiver would deliver has left. */
  hand(mail: OutgoingMail, commit: () => Promise<void>): Promise<Handed>;
  /** Whether it lets us in. @throws OutpostError `mail_failed` */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Text of an answer as it is kept: short, on one line, and without addresses, which not everybody sees who sees the campaign. */
export function shortDetail(text: string): string {
  return text
    .slice(0, 4000)
    .replaceAll(/[^\s<>()"',;:]+@[^\s<>()"',;:]+/g, '…')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
