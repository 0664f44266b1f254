// Both servers of a mailbox are tried before anything of it is kept.
import type { MailTrial } from '#shared/mail/mail-types.ts';
import { connectImap, type Connector } from '#main/mail/connect.ts';
import { connectSmtp } from '#main/mail/hand-over-mail.ts';
import type { StoredAccount } from '#main/mail/kept-accounts.ts';
import { toMailFailure } from '#main/mail/mail-failure.ts';

/** `password`: null for the one that is kept. */
export async function tryMailbox(tried: StoredAccount, password: string | null, usual: Connector): Promise<MailTrial> {
  const connector: Connector =
    password === null ? usual : { ...usual, credential: () => Promise.resolve({ password }) };
  const failureOf = async (work: () => Promise<void>) => {
    try {
      await work();
      return null;
    } catch (error) {
      return toMailFailure(error);
    }
  };
  const imap = await failureOf(async () => {
    const client = await connectImap(tried, connector);
    await client.logout();
  });
  const smtp = await failureOf(async () => {
    const connection = await connectSmtp(tried, connector);
    connection.quit();
  });
  return { imap, smtp };
}
