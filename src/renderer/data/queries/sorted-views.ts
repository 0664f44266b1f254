// Filtered and sorted lists that stay so: built once, then each change moves only the rows it concerns. A view that a
// burst of changes would make expensive is built anew at the next question instead.
import type { ListQuery, LocalRecord } from '#renderer/data/data-contract.ts';
import { createSortOrder, type SortEntry, type SortOrder } from '#renderer/data/queries/sort-keys.ts';
import type { SearchIndex } from '#renderer/data/queries/search-index.ts';
import type { RecordChange, RecordSource } from '#renderer/data/record-mirror.ts';
import { definitionsIn } from '#shared/entities/custom-field/custom-definitions.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import { matchesFilter } from '#shared/query/evaluate-filter.ts';
import type { AskedOn } from '#shared/query/filter.ts';

export type ViewQuery = Pick<ListQuery, 'entity' | 'filter' | 'search' | 'sort'>;

export interface SortedViews {
  /** Rows of the query in order. The array belongs to the view and changes with it: copy what must stay. */
  rowsOf(query: ViewQuery): { readonly length: number; slice(start: number, end: number): LocalRecord[] };
}

interface View {
  readonly entity: EntityName;
  readonly order: SortOrder;
  readonly matches: (record: LocalRecord) => boolean;
  readonly asked: AskedOn;
  entries: SortEntry[];
  isStale: boolean;
}

const KEPT_VIEWS = 12;
export const INCREMENTAL_LIMIT = 400;

/** Place of the entry, or where it would have to go. */
export function findPlace(entries: readonly SortEntry[], entry: SortEntry, order: SortOrder): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = entries[middle];
    if (at !== undefined && order.compare(at, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function updateView(view: View, change: RecordChange): void {
  const { before, after } = change;
  if (before !== undefined && view.matches(before)) {
    const place = findPlace(view.entries, view.order.toEntry(before), view.order);
    if (view.entries[place]?.record !== before) {
      // The order was made with other titles or another search state; start over.
      view.isStale = true;
      return;
    }
    view.entries.splice(place, 1);
  }
  if (after !== undefined && view.matches(after)) {
    const entry = view.order.toEntry(after);
    view.entries.splice(findPlace(view.entries, entry, view.order), 0, entry);
  }
}

export function createSortedViews(source: RecordSource, search: SearchIndex, askedOn: () => AskedOn): SortedViews {
  const views = new Map<string, View>();

  function build(query: ViewQuery, asked: AskedOn): View {
    const definition = entities[query.entity];
    const { filter } = query;
    const order = createSortOrder(source, definitionsIn(source)[query.entity], query.sort);
    const matchesWords = search.createMatcher(query.entity, query.search ?? '');
    const matches = (record: LocalRecord): boolean =>
      matchesWords(record) && (filter === undefined || matchesFilter(definition, filter, record, asked));
    const entries: SortEntry[] = [];
    const found = search.candidates(query.entity, query.search ?? '');
    const records = found?.flatMap((id) => source.get(query.entity, id) ?? []) ?? source.all(query.entity).values();
    for (const record of records) if (matches(record)) entries.push(order.toEntry(record));
    entries.sort(order.compare);
    return { entity: query.entity, order, matches, asked, entries, isStale: false };
  }

  source.subscribe((changes) => {
    for (const view of views.values()) {
      if (view.isStale) continue;
      const own = changes.filter((change) => change.entity === view.entity);
      if (own.length > INCREMENTAL_LIMIT || changes.some((change) => view.order.dependsOn.has(change.entity))) {
        view.isStale = true;
        continue;
      }
      for (const change of own) if (!view.isStale) updateView(view, change);
    }
  });

  return {
    rowsOf(query) {
      const asked = askedOn();
      const { entity, filter, sort } = query;
      const key = toCanonicalJson({ entity, filter, search: query.search ?? '', sort });
      let view = views.get(key);
      views.delete(key);
      if (view === undefined || view.isStale || view.asked !== asked) view = build(query, asked);
      views.set(key, view);
      const oldest = views.keys().next();
      if (views.size > KEPT_VIEWS && oldest.done !== true) views.delete(oldest.value);
      const { entries } = view;
      return {
        length: entries.length,
        slice: (start, end) => entries.slice(start, end).map((entry) => entry.record),
      };
    },
  };
}
