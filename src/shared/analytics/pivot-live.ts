// A pivot that follows its records: one that changed is taken out as it was and put in as it is, and the totals are there
// without counting a million others again. What does not fit in (a new kind of member, other members on top) is noticed,
// and everything is counted again: the result is always that of `calculatePivot` over the table as it is.
import type { ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import type { PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { assemble } from '#shared/analytics/pivot/assemble.ts';
import { settle, takeOut, type Counting } from '#shared/analytics/pivot/counting.ts';
import { layOut, type Layout } from '#shared/analytics/pivot/lay-out.ts';
import { countLevels, putInOnce, type CountedLevels } from '#shared/analytics/pivot-split.ts';
import type { Ranking } from '#shared/analytics/pivot/top-members.ts';

export interface LivePivot {
  /** The record of a slot is going to change or to be removed. Called before the table does it, for all slots of a record. */
  remove(slot: number): void;
  /** The record of a slot is new or changed. Called after the table did it, in the order of its slots. */
  add(slot: number): void;
  /** @throws OutpostError as `calculatePivot`. */
  result(): PivotResult;
}

/** @throws OutpostError as `calculatePivot`. */
export function createLivePivot(table: ColumnTable, spec: PivotSpec, context: PivotContext): LivePivot {
  let state = start(table, spec, context);
  let isStale = false;
  return {
    remove(slot) {
      if (isStale) return;
      for (const counting of state.all) isStale = !takeOut(counting, slot) || isStale;
    },
    add(slot) {
      if (isStale || table.live[slot] !== 1) return;
      const { filter, rankings } = state.layout;
      if (filter !== null && !filter.test(slot)) return;
      const rows = putInRanked(table, rankings.rows, slot);
      const columns = putInRanked(table, rankings.columns, slot);
      if (rows === 'stale' || columns === 'stale') isStale = true;
      else if (rows === 'in' && columns === 'in')
        isStale = !state.main.countings.every((counted) => putInOnce(table, counted, slot));
    },
    result() {
      if (!isStale) {
        for (const counting of state.all) settle(counting);
        const { rows, columns } = state.layout.rankings;
        isStale = [...rows, ...columns].some((ranking) => ranking.hasChanged());
      }
      if (isStale) state = start(table, spec, context);
      isStale = false;
      return assemble(state.main.whole, spec, context);
    },
  };
}

interface State {
  readonly layout: Layout;
  readonly main: CountedLevels;
  /** Rankings and the pivot itself. */
  readonly all: readonly Counting[];
}

function start(table: ColumnTable, spec: PivotSpec, context: PivotContext): State {
  const layout = layOut(table, spec, context, { isLive: true, isKept: true });
  const main = countLevels(table, layout);
  const rankings = [...layout.rankings.rows, ...layout.rankings.columns].map(({ counting }) => counting);
  return { layout, main, all: [...rankings, ...main.countings.map(({ counting }) => counting)] };
}

/** A record counts in the ranking of every level until it is left out. */
function putInRanked(table: ColumnTable, rankings: readonly Ranking[], slot: number): 'in' | 'out' | 'stale' {
  for (const ranking of rankings) {
    if (!putInOnce(table, ranking, slot)) return 'stale';
    if (ranking.isLeftOut(slot)) return 'out';
  }
  return 'in';
}
