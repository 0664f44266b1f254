// Days put into years, quarters, months, weeks … A bucket is a whole number that grows with time, so that buckets are
// sorted, counted and shifted by arithmetic; its key is the text of it that a result carries. Weeks are those of ISO 8601.
import type { DateUnit } from '#shared/analytics/pivot-spec.ts';
import type { Day } from '#shared/kernel/calendar.ts';

interface CivilDay {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
}

/** Days since 1970-01-01 of a day of the Gregorian calendar. */
export function toDayNumber(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function toCivilDay(dayNumber: number): CivilDay {
  const shifted = dayNumber + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

/** `YYYY-MM-DD` of days since 1970-01-01. */
export function toDayText(dayNumber: number): Day {
  const { year, month, day } = toCivilDay(dayNumber);
  return `${yearText(year)}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** Days since 1970-01-01 of `YYYY-MM-DD`. */
export function readDay(day: Day): number {
  return toDayNumber(Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10)));
}

/** The bucket a day lies in. `fiscalYearStart`: month the fiscal year begins with. */
export function bucketOf(dayNumber: number, unit: DateUnit, fiscalYearStart: number): number {
  if (unit === 'day') return dayNumber;
  if (unit === 'week') return Math.floor((dayNumber + 3) / 7);
  if (unit === 'weekday') return dayNumber + 3 - Math.floor((dayNumber + 3) / 7) * 7 + 1;
  const { year, month } = toCivilDay(dayNumber);
  if (unit === 'year') return year;
  if (unit === 'month') return year * 12 + month - 1;
  if (unit === 'quarter') return year * 4 + Math.floor((month - 1) / 3);
  const isLater = fiscalYearStart > 1 && month >= fiscalYearStart;
  const fiscalYear = isLater ? year + 1 : year;
  if (unit === 'fiscalYear') return fiscalYear;
  return fiscalYear * 4 + Math.floor(((month - fiscalYearStart + 12) % 12) / 3);
}

/** `2026`, `2026-Q3`, `2026-07`, `2026-W31`, `2026-07-14`, weekday `1` (Monday) to `7`. */
export function keyOfBucket(bucket: number, unit: DateUnit): string {
  switch (unit) {
    case 'year':
    case 'fiscalYear': {
      return yearText(bucket);
    }
    case 'quarter':
    case 'fiscalQuarter': {
      return `${yearText(Math.floor(bucket / 4))}-Q${String((bucket % 4) + 1)}`;
    }
    case 'month': {
      return `${yearText(Math.floor(bucket / 12))}-${twoDigits((bucket % 12) + 1)}`;
    }
    case 'week': {
      const { year, week } = isoWeek(bucket);
      return `${yearText(year)}-W${twoDigits(week)}`;
    }
    case 'day': {
      return toDayText(bucket);
    }
    case 'weekday': {
      return String(bucket);
    }
  }
}

/**
 * The same period of the year before: null for a weekday, which has none. What that year does not have becomes the last of
 * its kind: 29 February looks at 28 February, week 53 at week 52.
 */
export function yearBefore(bucket: number, unit: DateUnit): number | null {
  switch (unit) {
    case 'year':
    case 'fiscalYear': {
      return bucket - 1;
    }
    case 'quarter':
    case 'fiscalQuarter': {
      return bucket - 4;
    }
    case 'month': {
      return bucket - 12;
    }
    case 'week': {
      const { year, week } = isoWeek(bucket);
      const last = weekOfDay(toDayNumber(year - 1, 12, 28));
      return Math.min(weekOfDay(toDayNumber(year - 1, 1, 4)) + week - 1, last);
    }
    case 'day': {
      const { year, month, day } = toCivilDay(bucket);
      return toDayNumber(year - 1, month, month === 2 && day === 29 ? 28 : day);
    }
    case 'weekday': {
      return null;
    }
  }
}

const weekOfDay = (dayNumber: number): number => Math.floor((dayNumber + 3) / 7);

/** The year of a week is the one its Thursday lies in; days count from a Thursday, so that is seven times the bucket. */
function isoWeek(bucket: number): { readonly year: number; readonly week: number } {
  const { year } = toCivilDay(bucket * 7);
  return { year, week: bucket - weekOfDay(toDayNumber(year, 1, 4)) + 1 };
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
const yearText = (year: number): string => String(year).padStart(4, '0');
