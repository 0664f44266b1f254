// To whom a mail belongs: contacts and leads by their address, colleagues by theirs, otherwise the account by its domain; and the
// one open deal of these people, when there is exactly one. Pure: whoever asks brings the look-up.
import type { MailAddress } from '#shared/mail/mail-types.ts';

/** What belongs to somebody at these domains says nothing about a company. */
const publicDomains: ReadonlySet<string> = new Set(
  'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de freenet.de mail.com mail.ru proton.me protonmail.com fastmail.com zoho.com posteo.de mailbox.org hotmail.de yahoo.de outlook.de orange.fr free.fr laposte.net libero.it qq.com 163.com 126.com'.split(
    ' ',
  ),
);

export interface MailPeople {
  /** Ids of records with this address, small letters. */
  contacts(address: string): readonly { readonly id: string; readonly accountId: string | null }[];
  leads(address: string): readonly string[];
  users(address: string): readonly string[];
  /** Accounts at this domain. */
  accounts(domain: string): readonly string[];
  /** Open deals in which these people or this company take part. */
  openDeals(contactIds: readonly string[], accountId: string | null): readonly string[];
}

export interface MailLinks {
  readonly contactIds: readonly string[];
  readonly contactId: string | null;
  readonly leadId: string | null;
  readonly accountId: string | null;
  readonly dealId: string | null;
  /** Colleagues the mail was sent to or by. */
  readonly participantIds: readonly string[];
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** Domain of a website, without `www.`; empty when it is none, or one that everybody has. */
export function domainOfSite(site: unknown): string {
  if (typeof site !== 'string' || site === '') return '';
  const url = URL.parse(site.includes('://') ? site : `https://${site}`);
  const host = (url?.hostname ?? '').replace(/^www\./, '');
  return publicDomains.has(host) ? '' : host;
}

export function isCompanyDomain(domain: string): boolean {
  return domain.includes('.') && !publicDomains.has(domain);
}

/** Null when nobody known here takes part. `own`: addresses of the mailbox itself. */
export function matchMail(
  people: MailPeople,
  mail: { readonly from: MailAddress; readonly to: readonly MailAddress[]; readonly cc: readonly MailAddress[] },
  own: ReadonlySet<string>,
): MailLinks | null {
  const addresses = [
    ...new Set([mail.from, ...mail.to, ...mail.cc].map(({ address }) => address.trim().toLowerCase())),
  ].filter((address) => address.includes('@'));
  const participantIds = [...new Set(addresses.flatMap((address) => people.users(address)))];
  const outside = addresses.filter((address) => !own.has(address) && people.users(address).length === 0);
  const contacts = outside.flatMap((address) => people.contacts(address));
  const contactIds = [...new Set(contacts.map(({ id }) => id))];
  const leadId = contactIds.length > 0 ? null : (outside.flatMap((address) => people.leads(address))[0] ?? null);
  const companies = outside
    .map((address) => domainOf(address))
    .filter((domain) => isCompanyDomain(domain))
    .flatMap((domain) => people.accounts(domain));
  const accountId = contacts.find((each) => each.accountId !== null)?.accountId ?? companies[0] ?? null;
  if (contactIds.length === 0 && leadId === null && accountId === null) return null;
  const deals = [...new Set(people.openDeals(contactIds, accountId))];
  return {
    contactIds,
    contactId: contactIds[0] ?? null,
    leadId,
    accountId,
    dealId: deals.length === 1 ? (deals[0] ?? null) : null,
    participantIds,
  };
}
