import i18next, { type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';

/** Languages of the screens. */
export type Language = 'en' | 'de';

type Texts = Readonly<Record<string, unknown>>;

/** A window reads the texts of its own language only: they are a fifth of all it would start with. */
const readers: Readonly<Record<Language, () => Promise<{ readonly default: Texts }>>> = {
  de: () => import('../../../../resources/translations/de.json'),
  en: () => import('../../../../resources/translations/en.json'),
};

async function readTexts(language: Language): Promise<Texts> {
  const { default: texts } = await readers[language]();
  return texts;
}

const LAST_LANGUAGE = 'outpost.language';

function showLanguage(language: Language): void {
  document.documentElement.lang = language;
  localStorage.setItem(LAST_LANGUAGE, language);
}

/** Begins to read the texts of last time, before anybody has said which language it is to be. */
export function readAhead(): void {
  void readTexts(localStorage.getItem(LAST_LANGUAGE) === 'de' ? 'de' : 'en');
}

export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: await readTexts(language) } },
    interpolation: { escapeValue: false },
    // Making a format of a number costs more than the text around it.
    cacheInBuiltFormats: true,
    returnNull: false,
  });
  showLanguage(language);
}

async function holdTexts(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation'))
    i18next.addResourceBundle(language, 'translation', await readTexts(language));
}

/** For what is written in a language of its own, whatever the screens speak. */
export async function textsIn(language: Language): Promise<TFunction> {
  await holdTexts(language);
  return i18next.getFixedT(language);
}

/** The screens change once the texts are there. */
export async function changeLanguage(language: Language): Promise<void> {
  await holdTexts(language);
  await i18next.changeLanguage(language);
  showLanguage(language);
}

export function toLanguage(preference: 'system' | 'en' | 'de', locale: string): Language {
  if (preference !== 'system') return preference;
  return locale.toLowerCase().startsWith('de') ? 'de' : 'en';
}
