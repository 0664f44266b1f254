import type { Period, PeriodType } from '#shared/kernel/periods.ts';

/** “November 2026”, “Q4 2026”, “2026”; a fiscal year that begins in another month is named by both years. */
export function periodName(type: PeriodType, period: Period, language: string, fiscalYearStart: number): string {
  const [year, month] = [Number(period.start.slice(0, 4)), Number(period.start.slice(5, 7))];
  if (type === 'month') {
    const format = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' });
    return format.format(new Date(`${period.start}T00:00:00Z`));
  }
  const firstYear = month >= fiscalYearStart ? year : year - 1;
  const name = fiscalYearStart === 1 ? String(firstYear) : `${String(firstYear)}/${String(firstYear + 1).slice(-2)}`;
  if (type === 'year') return name;
  const quarter = Math.floor(((month - fiscalYearStart + 12) % 12) / 3) + 1;
  return `Q${String(quarter)} ${name}`;
}
