// The mail of an invitation, in the language of whoever is invited, or of whoever invites while that is not known.
import { isTimeZone } from '#shared/analytics/time-zone.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { toOneLine } from '#server/identity/accounts.ts';
import { languageOf, openTexts } from '#server/words/open-texts.ts';

type Profile = Readonly<Record<string, unknown>>;

export interface InvitationLetter {
  readonly person: Profile;
  readonly inviter: Profile;
  readonly company: string;
  readonly link: string;
  /** Instant. */
  readonly validUntil: string;
}

export async function writeInvitation({ person, inviter, company, link, validUntil }: InvitationLetter): Promise<{
  readonly name: string;
  readonly mail: { readonly subject: string; readonly text: string };
}> {
  const language = languageOf(person['locale'] ?? inviter['locale']);
  const t = await openTexts(language);
  const zone = [person['timeZone'], inviter['timeZone']].find((name) => typeof name === 'string' && isTimeZone(name));
  const until = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: typeof zone === 'string' ? zone : 'UTC',
  });
  const words = {
    name: toOneLine(textOf(person['name'])),
    inviter: toOneLine(textOf(inviter['name'])),
    company: toOneLine(company),
    link,
    until: `${until.format(toEpochMs(validUntil))}${zone === undefined ? ' (UTC)' : ''}`,
  };
  return {
    name: words.name,
    mail: { subject: t('invitations.mail.subject', words), text: t('invitations.mail.text', words) },
  };
}
