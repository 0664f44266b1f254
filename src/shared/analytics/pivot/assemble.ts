// From tallies to the result: members in order, one figure for each cell and measure.
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import type { Member, PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotMeasure, PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { displayAs, isAdditive } from '#shared/analytics/pivot/displays.ts';
import type { Counting } from '#shared/analytics/pivot/counting.ts';
import type { Grid } from '#shared/analytics/pivot/grid.ts';
import { refuseTooMany } from '#shared/analytics/pivot/lay-out.ts';
import { countMembers, listMembers, type PlacedMember } from '#shared/analytics/pivot/members.ts';
import type { Figures } from '#shared/analytics/pivot/tally.ts';

/** @throws OutpostError `too_many_cells`. */
export function assemble(counting: Counting, spec: PivotSpec, context: PivotContext): PivotResult {
  const { grid, measures } = counting;
  const { records } = measures;
  const rowLevel = (depth: number): number => depth * grid.columnDepths;
  const countRows = (depth: number, group: number): number => records.read(rowLevel(depth), group);
  const countColumns = (depth: number, group: number): number => records.read(depth, group);
  const values = spec.values.length;
  refuseTooMany(countMembers(grid.rows, countRows), countMembers(grid.columns, countColumns), values);
  const rows = listMembers(grid.rows, context, countRows, (id, depth, group) =>
    measures.figuresOf(id).read(rowLevel(depth), group),
  );
  const columns = listMembers(grid.columns, context, countColumns, (id, depth, group) =>
    measures.figuresOf(id).read(depth, group),
  );
  const cells = new Float64Array(rows.length * columns.length * values);
  for (const [at, measure] of spec.values.entries()) {
    writeMeasure(cells, at, measure, counting, rows, columns, values);
  }
  return {
    rows: rows.map(toMember),
    columns: columns.map(toMember),
    values: spec.values.map(({ id }) => id),
    cells,
    records: records.read(0, 0),
  };
}

const toMember = ({ path, parent }: PlacedMember): Member => ({ path, parent });

function writeMeasure(
  cells: Float64Array,
  place: number,
  measure: PivotMeasure,
  { grid, measures }: Counting,
  rows: readonly PlacedMember[],
  columns: readonly PlacedMember[],
  values: number,
): void {
  const figures = measures.figuresOf(measure.id);
  const display = measure.display ?? 'value';
  if (display === 'value') {
    readFigures(cells, place, values, figures, grid, rows, columns);
    return;
  }
  const plain = new Float64Array(rows.length * columns.length);
  readFigures(plain, 0, 1, figures, grid, rows, columns);
  const shown = displayAs(display, {
    rows,
    columns,
    rowAxis: grid.rows,
    columnAxis: grid.columns,
    values: plain,
    isAdditive: measure.kind === 'field' && isAdditive(measure.aggregation),
  });
  for (const [at, value] of shown.entries()) cells[at * values + place] = value;
}

/** Row after row; of every level it is a gathering from one array. */
function readFigures(
  cells: Float64Array,
  place: number,
  step: number,
  figures: Figures,
  grid: Grid,
  rows: readonly PlacedMember[],
  columns: readonly PlacedMember[],
): void {
  const levels = grid.sizes.map((_, level) => figures.all(level));
  const depths = Int32Array.from(columns, ({ depth }) => depth);
  const groups = Int32Array.from(columns, ({ group }) => group);
  let at = place;
  for (const row of rows) {
    const first = row.depth * grid.columnDepths;
    const own = levels.slice(first, first + grid.columnDepths);
    const starts = own.map((_, depth) => row.group * (grid.columns.sizes[depth] ?? 1));
    for (let column = 0; column < depths.length; column += 1) {
      const depth = depths[column] as number;
      cells[at] = (own[depth] as Float64Array)[(starts[depth] as number) + (groups[column] as number)] as number;
      at += step;
    }
  }
}
