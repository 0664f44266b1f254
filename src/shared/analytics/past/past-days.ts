// Past days people ask about, by what they are: a month that ended is another day next month.
import { periodOf } from '#shared/kernel/periods.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';

export const pastChoices = ['yesterday', 'week', 'monthEnd', 'quarterEnd', 'days90'] as const;
export type PastChoice = (typeof pastChoices)[number];

/** The day a choice means today. What stood at the start of a month is what stood at the end of the day before. */
export function pastDayOf(choice: PastChoice, today: Day, fiscalYearStart: number): Day {
  switch (choice) {
    case 'yesterday':
      return addDays(today, -1);
    case 'week':
      return addDays(today, -7);
    case 'monthEnd':
      return addDays(periodOf('month', today, fiscalYearStart).start, -1);
    case 'quarterEnd':
      return addDays(periodOf('quarter', today, fiscalYearStart).start, -1);
    case 'days90':
      return addDays(today, -90);
  }
}
