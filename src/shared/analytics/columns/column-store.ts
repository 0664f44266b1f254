// The rows of sources as columns, made when first asked for and moved by each change: what pivots and charts are
// calculated from. A column that runs over other records is made anew when one of those changed on the way.
import type { LiveSplitTable, LiveTable } from '#shared/analytics/columns/live-table.ts';
import type { ConvertMoney } from '#shared/analytics/columns/read-path.ts';
import { listsOf, takeRows } from '#shared/analytics/columns/record-parts.ts';
import { RecordTable } from '#shared/analytics/columns/record-table.ts';
import { RecordSplitTable } from '#shared/analytics/columns/split-table.ts';
import type { PivotSource } from '#shared/analytics/pivot-source.ts';
import type { RecordChange, RecordSource } from '#shared/query/record-source.ts';

/** Tables by lists nobody follows that are kept for the next question. */
const KEPT_SPLITS = 2;

export interface ColumnStore {
  table(source: PivotSource): LiveTable;
  /** The same with a slot for each value of the lists among these fields; null when there is none among them. */
  split(source: PivotSource, fields: readonly string[]): LiveSplitTable | null;
  /** What money is worth has changed. */
  resetMoney(): void;
  stop(): void;
}

export function createColumnStore(source: RecordSource, convert: ConvertMoney): ColumnStore {
  const tables = new Map<PivotSource, RecordTable>();
  const splits = new Map<string, RecordSplitTable>();
  const all = (): readonly RecordTable[] => [...tables.values(), ...splits.values()];

  const unsubscribe = source.subscribe((changes) => {
    for (const table of all()) {
      const others: RecordChange[] = [];
      for (const change of changes) {
        if (change.entity === table.entity) table.change(change);
        else others.push(change);
      }
      if (others.length > 0) table.changeOther(others);
    }
    for (const [key, split] of splits) if (split.isOutdated) splits.delete(key);
  });

  function forgetSplits(): void {
    for (const [key, split] of splits) {
      if (splits.size <= KEPT_SPLITS) return;
      if (!split.isFollowed) splits.delete(key);
    }
  }

  return {
    table(asked) {
      let table = tables.get(asked);
      if (table === undefined) {
        table = new RecordTable(asked, source, convert, takeRows(asked));
        table.fill();
        tables.set(asked, table);
      }
      return table;
    },
    split(asked, fields) {
      const lists = listsOf(asked, fields);
      if (lists.length === 0) return null;
      const key = [asked, ...lists.map(({ path }) => path)].join(' ');
      let split = splits.get(key);
      if (split === undefined) {
        split = new RecordSplitTable(asked, source, convert, lists);
        split.fill();
      }
      splits.delete(key);
      splits.set(key, split);
      forgetSplits();
      return split;
    },
    resetMoney() {
      for (const table of all()) table.resetMoney();
    },
    stop: unsubscribe,
  };
}
