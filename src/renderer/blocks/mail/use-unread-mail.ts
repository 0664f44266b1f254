import { useMailbox } from '#renderer/blocks/mail/use-mailbox.ts';

/** Mails in the inboxes of this computer that nobody looked at, here or elsewhere. */
export function useUnreadMail(): number {
  const folders = useMailbox().state?.accounts.flatMap((account) => account.folders) ?? [];
  return folders.filter(({ use }) => use === '\\Inbox').reduce((sum, { unseen }) => sum + unseen, 0);
}
