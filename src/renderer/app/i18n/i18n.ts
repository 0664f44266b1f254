import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import de from '../../../../resources/translations/de.json';
import en from '../../../../resources/translations/en.json';

/** Languages of the screens; `pseudo` stretches every text and is used by tests only. */
export type Language = 'en' | 'de' | 'pseudo';

type Tree = { readonly [key: string]: string | Tree };

const accents: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ó',
  U: 'Ú',
};

function toPseudo(tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      typeof value === 'string'
        ? `[${value.replaceAll(/\{\{.*?\}\}|[aeiouAEIOU]/g, (part) => accents[part] ?? part)}~~]`
        : toPseudo(value),
    ]),
  );
}

export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: {
      en: { translation: en },
      de: { translation: de },
      pseudo: { translation: toPseudo(en as Tree) },
    },
    interpolation: { escapeValue: false },
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
