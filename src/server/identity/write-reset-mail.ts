import { textOf } from '#shared/kernel/text-of.ts';
import { toOneLine } from '#server/identity/accounts.ts';
import { languageOf, openTexts } from '#server/words/open-texts.ts';

/** The mail with the link that replaces a forgotten password, in the language of the person. */
export async function writeResetMail(
  person: Readonly<Record<string, unknown>>,
  link: string,
  lifetimeMs: number,
): Promise<{ readonly to: string; readonly subject: string; readonly text: string }> {
  const t = await openTexts(languageOf(person['locale']));
  const name = toOneLine(textOf(person['name']));
  const words = { name, link, minutes: Math.round(lifetimeMs / 60_000) };
  return { to: name, subject: t('reset.mail.subject'), text: t('reset.mail.text', words) };
}
