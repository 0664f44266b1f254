// The translations of the application, for what the server says itself: mails and the pages it shows in a browser.
import type { Translate } from '#shared/words/names.ts';
import { createTranslate } from '#shared/words/translate.ts';

export type Language = 'en' | 'de';

const known = new Map<Language, Translate>();

/** German for every kind of German, English for everything else; also for what no program wrote. */
export function languageOf(locale: unknown): Language {
  return typeof locale === 'string' && locale.trim().toLowerCase().startsWith('de') ? 'de' : 'en';
}

export async function openTexts(language: Language): Promise<Translate> {
  const found = known.get(language);
  if (found !== undefined) return found;
  const { default: texts } =
    language === 'de'
      ? await import('../../../resources/translations/de.json', { with: { type: 'json' } })
      : await import('../../../resources/translations/en.json', { with: { type: 'json' } });
  const made = createTranslate(texts, language);
  known.set(language, made);
  return made;
}
