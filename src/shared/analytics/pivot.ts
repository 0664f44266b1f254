// The pivot engine: any number of fields against any number of fields, over columns. What a pivot is asked for is
// `PivotSpec`, what comes out `PivotResult`; the same specification over the same records gives the same result everywhere.
import type { ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import type { PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { assemble } from '#shared/analytics/pivot/assemble.ts';
import { layOut } from '#shared/analytics/pivot/lay-out.ts';
import { countLevels } from '#shared/analytics/pivot-split.ts';

/**
 * Works a pivot out.
 * @throws OutpostError `unknown_field` for a field that does not exist (any more), `wrong_formula`, `too_many_cells` before
 * anything large is made, `invalid` for what does not fit.
 */
export function calculatePivot(table: ColumnTable, spec: PivotSpec, context: PivotContext): PivotResult {
  const layout = layOut(table, spec, context, { isLive: false, isKept: false });
  return assemble(countLevels(table, layout).whole, spec, context);
}
