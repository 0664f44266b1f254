// What sentences about notifications are filled with, where no screen formats it: messages of the desktop, and mails.
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { fractionDigits } from '#shared/words/currency-digits.ts';
import type { NotificationWords } from '#shared/notifications/word-notification.ts';
import type { Translate } from '#shared/words/names.ts';

export interface PlainWordsDeps {
  readonly locale: string;
  readonly t: Translate;
  readonly person: (id: string) => string;
  /** Default: that of the computer. */
  readonly timeZone?: string;
}

export function createPlainWords({ locale, t, person, timeZone }: PlainWordsDeps): NotificationWords {
  const zone = timeZone === undefined ? {} : { timeZone };
  const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: 'short', ...zone });
  const numbers = new Intl.NumberFormat(locale);
  return {
    t,
    person,
    money(minorUnits, currency) {
      const options = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
      return new Intl.NumberFormat(locale, options).format(minorUnits / 10 ** fractionDigits(currency));
    },
    percent: (value) => `${numbers.format(value)} %`,
    day: (day) => days.format(toEpochMs(day.slice(0, 10))),
    time: (instant) => times.format(toEpochMs(instant)),
  };
}
