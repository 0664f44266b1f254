// What the mail engine of the main process asks of the records: who is known here, and to keep a mail with them. Both in the
// queue of everything that writes, like a command of a screen.
import type { ProfileSession } from '#renderer/data/profile-session.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import {
  domainOf,
  domainOfSite,
  isCompanyDomain,
  matchMail,
  type MailLinks,
  type MailPeople,
} from '#shared/mail/match-mail.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { textOf } from '#shared/kernel/text-of.ts';

type Asked<Kind extends HostRequest['kind']> = Extract<HostRequest, { readonly kind: Kind }>;

const idOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function* addressesOf(record: LocalRecord): Generator<string> {
  const { email } = record;
  if (typeof email === 'string' && email.includes('@')) yield email.trim().toLowerCase();
}

/** Records by address, made once for each request: a request asks for hundreds of mails. */
function byAddress(records: Iterable<LocalRecord>): ReadonlyMap<string, readonly LocalRecord[]> {
  const found = new Map<string, LocalRecord[]>();
  for (const record of records)
    for (const address of addressesOf(record)) {
      const known = found.get(address);
      if (known === undefined) found.set(address, [record]);
      else known.push(record);
    }
  return found;
}

function peopleOf({ context }: Pick<ProfileSession, 'context'>): MailPeople {
  const { source, index } = context;
  const contacts = byAddress(source.all('contact').values());
  const leads = byAddress(source.all('lead').values());
  const users = byAddress(source.all('user').values());
  const domains = new Map<string, string[]>();
  const addDomain = (domain: string, id: string): void => {
    if (!isCompanyDomain(domain)) return;
    const known = domains.get(domain);
    if (known === undefined) domains.set(domain, [id]);
    else if (!known.includes(id)) known.push(id);
  };
  for (const account of source.all('account').values()) {
    addDomain(domainOfSite(account['website']), account.id);
    for (const address of addressesOf(account)) addDomain(domainOf(address), account.id);
  }
  const isOpen = (deal: LocalRecord): boolean => deal['status'] === 'open';
  return {
    contacts: (address) =>
      (contacts.get(address) ?? []).map((record) => ({ id: record.id, accountId: idOrNull(record['accountId']) })),
    leads: (address) =>
      (leads.get(address) ?? []).filter((record) => record['status'] !== 'converted').map(({ id }) => id),
    users: (address) => (users.get(address) ?? []).map(({ id }) => id),
    accounts: (domain) => domains.get(domain) ?? [],
    openDeals(contactIds, accountId) {
      const ofContacts = contactIds.flatMap((id) => index.find('deal', 'primaryContactId', id)).filter(isOpen);
      if (ofContacts.length > 0 || accountId === null) return ofContacts.map(({ id }) => id);
      return index
        .find('deal', 'accountId', accountId)
        .filter(isOpen)
        .map(({ id }) => id);
    },
  };
}

export function matchMails(
  session: ProfileSession,
  { mails, own }: Asked<'matchMails'>,
): readonly (MailLinks | null)[] {
  const people = peopleOf(session);
  const owned = new Set(own);
  return mails.map((mail) => matchMail(people, mail, owned));
}

export async function keepMail(
  session: ProfileSession,
  { mail }: Asked<'keepMail'>,
): Promise<{ readonly isKept: boolean; readonly wasThere: boolean }> {
  try {
    const dealId = mail.dealId ?? dealOfConversation(session, mail.threadKey);
    const { operationIds } = await session.execute('keepMail', { ...mail, dealId });
    return { isKept: true, wasThere: operationIds.length === 0 };
  } catch (error) {
    // A rule that refuses it will refuse it again: the mail stays in the mailbox.
    if (error instanceof OutpostError && refusals.has(error.code)) return { isKept: false, wasThere: false };
    throw error;
  }
}

/** Where it does not follow from the people, a mail belongs to the deal of the conversation it is part of. */
function dealOfConversation({ context }: Pick<ProfileSession, 'context'>, threadKey: string): string | null {
  if (threadKey === '') return null;
  const named = context.index
    .find('mailMessage', 'threadKey', threadKey)
    .toSorted((a, b) => textOf(b['sentAt']).localeCompare(textOf(a['sentAt'])))
    .map((kept) => idOrNull(kept['dealId']));
  const dealId = named.find((id) => id !== null) ?? null;
  return dealId !== null && context.source.get('deal', dealId) !== undefined ? dealId : null;
}

const refusals: ReadonlySet<string> = new Set([
  'invalid',
  'action_forbidden',
  'field_forbidden',
  'not_visible',
  'duplicate',
]);

/** A task when nobody answered. The same one on every computer of the person. */
export async function remindOfMail(
  session: ProfileSession,
  { id, subject, dueDate, messageId }: Asked<'remindOfMail'>,
): Promise<null> {
  const { source } = session.context;
  if (source.get('task', id) !== undefined) return null;
  const kept = source.get('mailMessage', messageId);
  const links = ['dealId', 'leadId', 'contactId', 'accountId'].flatMap((field) => {
    const value = textOf(kept?.[field]);
    return value === '' ? [] : [[field, value] as const];
  });
  const values = { subject, dueDate, category: 'follow_up', ...Object.fromEntries(links) };
  await session.execute('createRecord', { entity: 'task', id, values });
  return null;
}
