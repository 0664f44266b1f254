// Reads the mailbox of returned mail over IMAP: what arrived since the last look and nobody read. A mail that was settled is
// marked as read; any other stays as it is, for whoever looks into that mailbox.
import type { ImapFlow } from 'imapflow';
import type { BounceMailbox, MailboxTrouble } from '#shared/campaigns/bounce-mailbox.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { readBounce, type BounceReport } from '#shared/mail/read-bounce.ts';
import { reachMailServer } from '#server/campaigns/open-sender.ts';
import { shortDetail } from '#server/campaigns/providers/mail-sender.ts';
import type { Egress } from '#server/egress/egress.ts';

const CONNECT_LIMIT_MS = 15_000;
const SILENCE_LIMIT_MS = 60_000;
/** Of a report; the mail that came back stands at its end. */
const MOST_BYTES = 1_000_000;
/** Of one look; the next one goes on behind them. */
const MOST_MAILS = 500;

export interface MailboxPlace extends Pick<BounceMailbox, 'host' | 'port' | 'security' | 'user'> {
  readonly password: string;
}

/** How far the mailbox was read. */
export interface MailboxMark {
  readonly uidValidity: string | null;
  readonly lastUid: number;
}

export interface Look extends MailboxMark {
  readonly taken: number;
  /** Looked like a report, and showed nothing only our mails carry. */
  readonly unsigned: number;
  /** There is more. */
  readonly hasMore: boolean;
}

async function connect(place: MailboxPlace, egress: Egress): Promise<ImapFlow> {
  const address = await reachMailServer(egress, place);
  // Only a server that reads a mailbox loads what it takes.
  const { ImapFlow: Client } = await import('imapflow');
  const client = new Client({
    host: address,
    port: place.port,
    servername: place.host,
    secure: place.security === 'tls',
    ...(place.security === 'tls' ? {} : { doSTARTTLS: place.security === 'starttls' }),
    auth: { user: place.user, pass: place.password },
    clientInfo: { name: 'Outpost' },
    logger: false,
    connectionTimeout: CONNECT_LIMIT_MS,
    greetingTimeout: CONNECT_LIMIT_MS,
    socketTimeout: SILENCE_LIMIT_MS,
    maxLiteralSize: 4 * MOST_BYTES,
    disableAutoIdle: true,
  });
  // Without a listener a broken line would end the process; whoever waits for an answer gets the error.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

/** `settle` answers whether the mail was about one of ours. */
export async function readReturned(
  place: MailboxPlace,
  egress: Egress,
  mark: MailboxMark,
  settle: (reports: readonly BounceReport[]) => Promise<boolean>,
  signal: AbortSignal,
): Promise<Look> {
  const client = await connect(place, egress);
  try {
    const box = await client.mailboxOpen('INBOX');
    const uidValidity = String(box.uidValidity);
    let lastUid = mark.uidValidity === uidValidity ? mark.lastUid : 0;
    const found = await client.search({ seen: false, uid: `${String(lastUid + 1)}:*` }, { uid: true });
    // The last mail is in every such range.
    const uids = (found === false || found === undefined ? [] : found)
      .filter((uid) => uid > lastUid)
      .toSorted((left, right) => left - right);
    let taken = 0;
    let unsigned = 0;
    for (const uid of uids.slice(0, MOST_MAILS)) {
      if (signal.aborted) return { uidValidity, lastUid, taken, unsigned, hasMore: true };
      const mail = await client.fetchOne(String(uid), { source: { maxLength: MOST_BYTES } }, { uid: true });
      const source = mail === false || mail === undefined ? undefined : mail.source;
      const reports = source === undefined ? [] : readBounce(source.toString('utf8'));
      if (reports.length > 0 && (await settle(reports))) {
        await client.messageFlagsAdd(String(uid), [String.raw`\Seen`], { uid: true });
        taken += 1;
      } else if (reports.some(({ kind }) => kind === 'bounce' || kind === 'complaint')) unsigned += 1;
      lastUid = uid;
    }
    return { uidValidity, lastUid, taken, unsigned, hasMore: uids.length > MOST_MAILS };
  } finally {
    await client.logout().catch(() => client.close());
  }
}

const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ALTNAME/;

/** Who has to do something about it, and what the server said. */
export function toMailboxTrouble(error: unknown): { readonly trouble: MailboxTrouble; readonly detail: string } {
  const { code, message, responseText, authenticationFailed } = (
    typeof error === 'object' && error !== null ? error : {}
  ) as Readonly<Record<string, unknown>>;
  const said = [responseText, message].find((text): text is string => typeof text === 'string' && text !== '') ?? '';
  const detail = shortDetail(said);
  if (error instanceof OutpostError)
    return { trouble: error.code === 'address_forbidden' ? 'address_forbidden' : 'noHost', detail };
  if (authenticationFailed === true) return { trouble: 'signIn', detail };
  if (typeof code === 'string' && untrusted.test(code)) return { trouble: 'certificate', detail };
  return { trouble: typeof responseText === 'string' ? 'answer' : 'unreachable', detail };
}
