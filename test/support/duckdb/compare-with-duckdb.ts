// Every cell of a pivot beside the same cell of DuckDB.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { pivotToSql, type Setting } from './pivot-to-sql.ts';

type Cell = Readonly<Record<string, unknown>>;

/** Differences in words; none when all cells and members are the same. */
export async function compareWithDuckDb(
  connection: DuckDBConnection,
  spec: PivotSpec,
  setting: Setting,
  result: PivotResult,
): Promise<readonly string[]> {
  const answer = await connection.runAndReadAll(pivotToSql(spec, setting));
  const cells = new Map<string, Cell>();
  for (const row of answer.getRowObjectsJS())
    cells.set(nameOf(pathOf(row, 'r', spec.rows.length), pathOf(row, 'c', spec.columns.length)), row);
  const differences: string[] = [];
  if (result.records > 0) {
    const [rows, columns] = [membersOf(cells, 0), membersOf(cells, 1)];
    const isOther = (members: PivotResult['rows'], wanted: ReadonlySet<string>): boolean =>
      members.length !== wanted.size || !members.every(({ path }) => wanted.has(JSON.stringify(path)));
    if (isOther(result.rows, rows)) differences.push('other rows');
    if (isOther(result.columns, columns)) differences.push('other columns');
  }
  let at = 0;
  for (const row of result.rows) {
    for (const column of result.columns) {
      const name = nameOf(row.path, column.path);
      const expected = cells.get(name);
      for (const id of result.values) {
        const found = result.cells[at] ?? Number.NaN;
        const wanted = numberOf(expected?.[id]);
        const isCount = spec.values.some(
          (value) => value.id === id && value.kind === 'field' && ['count', 'distinct'].includes(value.aggregation),
        );
        if (!isSame(found, Number.isNaN(wanted) && isCount ? 0 : wanted)) {
          differences.push(`${name} ${id}: ${String(found)}, DuckDB ${String(wanted)}`);
        }
        at += 1;
      }
    }
  }
  return differences;
}

function pathOf(row: Cell, axis: string, depth: number): readonly (string | null)[] {
  const path: (string | null)[] = [];
  for (let level = 0; level < depth; level += 1) {
    const name = `${axis}${String(level)}`;
    if (Number(row[`g${name}`]) === 1) break;
    path.push(row[name] as string | null);
  }
  return path;
}

const nameOf = (row: readonly (string | null)[], column: readonly (string | null)[]): string =>
  JSON.stringify([row, column]);

function membersOf(cells: ReadonlyMap<string, Cell>, axis: 0 | 1): ReadonlySet<string> {
  return new Set([...cells.keys()].map((name) => JSON.stringify((JSON.parse(name) as unknown[])[axis])));
}

function numberOf(value: unknown): number {
  return value === null || value === undefined ? Number.NaN : Number(value);
}

/** The same number; averages and sums of numbers no double holds exactly differ in the last digits. */
function isSame(found: number, wanted: number): boolean {
  if (Number.isNaN(found) || Number.isNaN(wanted)) return Number.isNaN(found) === Number.isNaN(wanted);
  return Math.abs(found - wanted) <= Math.max(1e-9, Math.abs(wanted) * 1e-12);
}
