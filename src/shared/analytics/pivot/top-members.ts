// The members with the largest values, and the others as one. Ranked within their parent by records that pass the filter, before
// anything else is counted; records of members that are left out are out of every total, so that totals are those of what stands there.
import type { ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import { OTHERS } from '#shared/analytics/pivot-result.ts';
import type { PivotMeasure } from '#shared/analytics/pivot-spec.ts';
import { compactAxis, directAxis, roomOf } from '#shared/analytics/pivot/axis.ts';
import type { CodedDimension } from '#shared/analytics/pivot/coded-dimension.ts';
import { createGrid } from '#shared/analytics/pivot/grid.ts';
import { planMeasures } from '#shared/analytics/pivot/measures.ts';
import { compareLabels, compareValues } from '#shared/analytics/pivot/members.ts';
import { placeRecords } from '#shared/analytics/pivot/place-records.ts';

/** An axis of codes with its top members chosen, and the slots that are left. */
interface Chosen {
  readonly dimensions: readonly CodedDimension[];
  readonly chosen: Uint8Array;
}

/** Applies the `top` of every dimension of an axis, from the outer to the inner. */
export function chooseTop(
  table: ColumnTable,
  dimensions: readonly CodedDimension[],
  measures: readonly PivotMeasure[],
  context: PivotContext,
  chosen: Uint8Array,
): Chosen {
  let left = chosen;
  const done: CodedDimension[] = [];
  for (const dimension of dimensions) {
    if (dimension.dimension.top === undefined) {
      done.push(dimension);
      continue;
    }
    const result = keepTop(table, [...done, dimension], measures, context, left);
    done.push(result.dimension);
    left = result.chosen;
  }
  return { dimensions: done, chosen: left };
}

/** Up to this many groups they are numbered by arithmetic. */
const MOST_DIRECT = 1 << 16;

function keepTop(
  table: ColumnTable,
  dimensions: readonly CodedDimension[],
  measures: readonly PivotMeasure[],
  context: PivotContext,
  chosen: Uint8Array,
): { readonly dimension: CodedDimension; readonly chosen: Uint8Array } {
  const own = dimensions.at(-1) as CodedDimension;
  const { count, measure, others } = own.dimension.top ?? { count: 0, measure: '', others: false };
  const axis =
    roomOf(dimensions, false) <= MOST_DIRECT ? directAxis(dimensions, false) : compactAxis(dimensions, chosen, false);
  const grid = createGrid(axis, directAxis([], false));
  const planned = planMeasures(table, measures, context, grid, false, [measure]);
  const groups = [...planned.groups, { chosen: null, tallies: [], isKept: true }];
  const placements = placeRecords(grid, table.slots, chosen, groups);
  const cells = placements.at(-1)?.cells ?? new Int32Array(0);
  const reader = planned.readerOf(measure);
  const depth = dimensions.length;
  const byLabel = compareLabels(own, context);
  const codes = axis.codes[depth] ?? new Int32Array(0);
  const parents = axis.parents[depth] ?? new Int32Array(0);
  const candidates = [...codes.keys()].filter(
    (group) => (codes[group] ?? -1) >= 0 && planned.records.read(depth, group) > 0,
  );
  candidates.sort(
    (left, right) =>
      compareValues(reader(depth, left), reader(depth, right), -1) || byLabel(codes[left] ?? -1, codes[right] ?? -1),
  );
  const isTop = new Uint8Array(grid.leaves + 1);
  const taken = new Map<number, number>();
  for (const group of candidates) {
    const parent = parents[group] ?? 0;
    const before = taken.get(parent) ?? 0;
    if (before < count) isTop[group] = 1;
    taken.set(parent, before + 1);
  }
  return remap(own, cells, isTop, others, chosen);
}

function remap(
  dimension: CodedDimension,
  cells: Int32Array,
  isTop: Uint8Array,
  others: boolean,
  chosen: Uint8Array,
): { readonly dimension: CodedDimension; readonly chosen: Uint8Array } {
  const othersCode = dimension.size();
  const left = chosen.slice();
  const codes = new Int32Array(cells.length).fill(-1);
  for (let slot = 0; slot < cells.length; slot += 1) {
    if (chosen[slot] !== 1) continue;
    const stays = isTop[cells[slot] ?? 0] === 1;
    if (!stays && !others) left[slot] = 0;
    codes[slot] = stays ? (dimension.codes[slot] ?? -1) : othersCode;
  }
  const remapped: CodedDimension = {
    dimension: dimension.dimension,
    unit: dimension.unit,
    codes,
    size: () => othersCode + 1,
    keyOf: (code) => (code === othersCode ? OTHERS : dimension.keyOf(code)),
    orderOf: (code) => (code === othersCode ? null : dimension.orderOf(code)),
    codeAt: (slot) => codes[slot] ?? -1,
  };
  return { dimension: remapped, chosen: left };
}
