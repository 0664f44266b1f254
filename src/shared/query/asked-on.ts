import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { AskedOn } from '#shared/query/filter.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

/** When filters over these records are asked: the same object until the day or the organization's year is another. */
export function createAskedOn(source: RecordSource, today: () => Day): () => AskedOn {
  let asked: AskedOn | null = null;
  return () => {
    const next = { today: today(), fiscalYearStart: yearStartOf(source) };
    if (asked?.today !== next.today || asked.fiscalYearStart !== next.fiscalYearStart) asked = next;
    return asked;
  };
}

/** First month of the organization's year, 1 to 12. */
export function yearStartOf(source: RecordSource): number {
  return figuresOf(source.get('organization', ORGANIZATION_ID)).fiscalYearStart;
}
