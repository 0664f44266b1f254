import type { RecordSource } from '#renderer/data/record-mirror.ts';
import type { FieldIndex } from '#renderer/data/queries/field-index.ts';
import type { SearchIndex } from '#renderer/data/queries/search-index.ts';
import type { SortedViews } from '#renderer/data/queries/sorted-views.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { AskedOn } from '#shared/query/filter.ts';

/** What queries are answered from. */
export interface QueryContext {
  readonly source: RecordSource;
  readonly views: SortedViews;
  readonly index: FieldIndex;
  readonly search: SearchIndex;
  /** Today in the time zone of this computer. */
  readonly today: () => Day;
  /** When filters are asked; the same object as long as they mean the same. */
  readonly askedOn: () => AskedOn;
}
