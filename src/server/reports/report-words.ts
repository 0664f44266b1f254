// Texts for one recipient: in the language and the time zone of their profile.
import { createPivotNames, type PivotNames } from '#shared/analytics/pivot-names.ts';
import { isTimeZone } from '#shared/analytics/time-zone.ts';
import type { Definitions } from '#shared/entities/custom-field/custom-definitions.ts';
import type { ExportStyle } from '#shared/export/export-table.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { fractionDigits } from '#shared/words/currency-digits.ts';
import { createNames, type Translate } from '#shared/words/names.ts';
import { exportWordsOf } from '#shared/words/export-words.ts';
import { languageOf, openTexts, type Language } from '#server/words/open-texts.ts';

export interface ReportWords {
  readonly t: Translate;
  readonly names: PivotNames;
  readonly style: ExportStyle;
  readonly timeZone: string;
  instant(epochMs: number): string;
  day(epochMs: number): string;
  money(minorUnits: number, currency: string): string;
}

const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };
/** `zone`: where the profile says none. `definitions`: what the organization defined. */
export async function wordsFor(
  profile: Readonly<Record<string, unknown>>,
  zone: string,
  definitions: Definitions,
): Promise<ReportWords> {
  const { locale: chosen, timeZone: own } = profile;
  const language = languageOf(chosen);
  const timeZone = typeof own === 'string' && isTimeZone(own) ? own : zone;
  const locale = locales[language];
  const t = await openTexts(language);
  const instants = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone });
  const plainDays = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const numbers = new Intl.NumberFormat(locale);
  const format = {
    day: (day: string) => plainDays.format(toEpochMs(day.slice(0, 10))),
    money(minorUnits: number, currency: string) {
      const digits = fractionDigits(currency);
      const options = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
      return new Intl.NumberFormat(locale, options).format(minorUnits / 10 ** digits);
    },
    percent: (value: number) => `${numbers.format(value)} %`,
  };
  return {
    t,
    names: createPivotNames(t, createNames(t, definitions), format, language),
    timeZone,
    instant: (epochMs) => instants.format(epochMs),
    day: (epochMs) => days.format(epochMs),
    money: (minorUnits, currency) => format.money(minorUnits, currency),
    style: {
      locale,
      timeZone,
      words: exportWordsOf(t, t('export.page')),
    },
  };
}
