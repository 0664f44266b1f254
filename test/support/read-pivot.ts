// A pivot result as tests compare it: by the keys of its members.
import type { PivotResult } from '#shared/analytics/pivot-result.ts';

type Path = readonly (string | null)[];

/** The figure of a cell; null for empty, and an error for a cell that is not there. */
export function cellOf(result: PivotResult, row: Path, column: Path, value: string): number | null {
  const same = (path: Path) => (member: { readonly path: Path }) =>
    JSON.stringify(member.path) === JSON.stringify(path);
  const rowAt = result.rows.findIndex(same(row));
  const columnAt = result.columns.findIndex(same(column));
  const valueAt = result.values.indexOf(value);
  if (rowAt < 0 || columnAt < 0 || valueAt < 0) {
    throw new Error(`there is no cell ${JSON.stringify([row, column, value])}`);
  }
  const figure =
    result.cells[(rowAt * result.columns.length + columnAt) * result.values.length + valueAt] ?? Number.NaN;
  return Number.isNaN(figure) ? null : figure;
}

export const rowKeys = (result: PivotResult): readonly string[] => result.rows.map(({ path }) => path.join(' › '));
export const columnKeys = (result: PivotResult): readonly string[] =>
  result.columns.map(({ path }) => path.join(' › '));
