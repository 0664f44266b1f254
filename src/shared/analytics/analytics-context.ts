import type { Day } from '#shared/kernel/calendar.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

/** What figures are made from. */
export interface AnalyticsContext {
  readonly source: RecordSource;
  /** Today in the time zone of whoever asks. */
  readonly today: () => Day;
}
