import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import de from '../../../../resources/translations/de.json';
import en from '../../../../resources/translations/en.json';

/** Languages of the screens. */
export type Language = 'en' | 'de';

export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: {
      en: { translation: en },
      de: { translation: de },
    },
    interpolation: { escapeValue: false },
    // Making a format of a number costs more than the text around it.
    cacheInBuiltFormats: true,
    returnNull: false,
  });
  document.documentElement.lang = language === 'de' ? 'de' : 'en';
}

export async function changeLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === 'de' ? 'de' : 'en';
}

export function toLanguage(preference: 'system' | 'en' | 'de', locale: string): Language {
  if (preference !== 'system') return preference;
  return locale.toLowerCase().startsWith('de') ? 'de' : 'en';
}
