// The cells of a pivot on all levels at once: every depth of the rows with every depth of the columns. The leaves are
// counted from records; everything above is rolled up from them, so that a subtotal is always that of its records.
import type { Axis } from '#shared/analytics/pivot/axis.ts';

export interface Grid {
  readonly rows: Axis;
  readonly columns: Axis;
  /** Number of depths: levels are numbered row depth × columnDepths + column depth. */
  readonly rowDepths: number;
  readonly columnDepths: number;
  /** Cells of each level. */
  readonly sizes: readonly number[];
  /** The level of the leaves. */
  readonly leafLevel: number;
  /** Cells of the leaf level; also the place of a record that is in none of them. */
  readonly leaves: number;
}

export function createGrid(rows: Axis, columns: Axis): Grid {
  const sizes = rows.sizes.flatMap((rowSize) => columns.sizes.map((columnSize) => rowSize * columnSize));
  return {
    rows,
    columns,
    rowDepths: rows.sizes.length,
    columnDepths: columns.sizes.length,
    sizes,
    leafLevel: sizes.length - 1,
    leaves: sizes.at(-1) ?? 1,
  };
}

/** The leaf cell of a slot is an offset plus the sum of `codes[slot] × stride` over all parts. */
export interface Part {
  readonly codes: Int32Array;
  readonly stride: number;
}

export function partsOf({ rows, columns }: Grid): { readonly parts: readonly Part[]; readonly offset: number } {
  const width = columns.sizes.at(-1) ?? 1;
  return {
    parts: [...rows.parts.map(({ codes, stride }) => ({ codes, stride: stride * width })), ...columns.parts],
    offset: rows.offset * width + columns.offset,
  };
}

/** One step from a level to the next coarser one: rows first, then columns. */
export interface RollUpStep {
  readonly from: number;
  readonly to: number;
  /** Groups of the folded axis → their parents. */
  readonly parents: Int32Array;
  /** Rows are folded into each other; otherwise columns. */
  readonly foldsRows: boolean;
  /** Groups of the axis that stays. */
  readonly across: number;
  /** Groups of the columns of the coarser level. */
  readonly width: number;
}

/** Every level but that of the leaves, each once, after the level it is made from. */
export function rollUpSteps(grid: Grid): readonly RollUpStep[] {
  const steps: RollUpStep[] = [];
  for (let rowDepth = grid.rowDepths - 1; rowDepth >= 0; rowDepth -= 1) {
    for (let columnDepth = grid.columnDepths - 1; columnDepth >= 0; columnDepth -= 1) {
      const to = rowDepth * grid.columnDepths + columnDepth;
      const width = grid.columns.sizes[columnDepth] ?? 1;
      const foldsRows = rowDepth < grid.rowDepths - 1;
      if (!foldsRows && columnDepth === grid.columnDepths - 1) continue;
      const parents = foldsRows ? grid.rows.parents[rowDepth + 1] : grid.columns.parents[columnDepth + 1];
      steps.push({
        from: foldsRows ? to + grid.columnDepths : to + 1,
        to,
        parents: parents ?? new Int32Array(0),
        foldsRows,
        across: foldsRows ? width : (grid.rows.sizes[rowDepth] ?? 1),
        width,
      });
    }
  }
  return steps;
}

/** Visits every cell of the finer level with the cell of the coarser one it belongs to. */
export function eachPair(step: RollUpStep, visit: (from: number, to: number) => void): void {
  const { parents, across, width } = step;
  for (let other = 0; other < across; other += 1) {
    for (let group = 0; group < parents.length; group += 1) {
      const parent = parents[group] ?? 0;
      if (step.foldsRows) visit(group * width + other, parent * width + other);
      else visit(other * parents.length + group, other * width + parent);
    }
  }
}

/** Adds the cells of the finer level up. */
export function addUp(step: RollUpStep, finer: Float64Array, coarser: Float64Array): void {
  const { parents, across, width } = step;
  if (step.foldsRows) {
    for (let row = 0; row < parents.length; row += 1) {
      const from = row * width;
      const to = (parents[row] as number) * width;
      for (let column = 0; column < width; column += 1) {
        coarser[to + column] = (coarser[to + column] as number) + (finer[from + column] as number);
      }
    }
    return;
  }
  for (let row = 0; row < across; row += 1) {
    const from = row * parents.length;
    const to = row * width;
    for (let column = 0; column < parents.length; column += 1) {
      const target = to + (parents[column] as number);
      coarser[target] = (coarser[target] as number) + (finer[from + column] as number);
    }
  }
}

/** The cell of every level that a leaf cell belongs to, written into `cells`. */
export function cellsAbove(grid: Grid, leaf: number, cells: Int32Array): void {
  const width = grid.columns.sizes.at(-1) ?? 1;
  let row = Math.floor(leaf / width);
  for (let rowDepth = grid.rowDepths - 1; rowDepth >= 0; rowDepth -= 1) {
    let column = leaf % width;
    for (let columnDepth = grid.columnDepths - 1; columnDepth >= 0; columnDepth -= 1) {
      const level = rowDepth * grid.columnDepths + columnDepth;
      cells[level] = row * (grid.columns.sizes[columnDepth] ?? 1) + column;
      column = grid.columns.parents[columnDepth]?.[column] ?? 0;
    }
    row = grid.rows.parents[rowDepth]?.[row] ?? 0;
  }
}

/** Leaf cell → cell of a level. */
export function tableAbove(grid: Grid, level: number): Int32Array {
  const rowDepth = Math.floor(level / grid.columnDepths);
  const columnDepth = level % grid.columnDepths;
  const rows = leavesTo(grid.rows, rowDepth);
  const columns = leavesTo(grid.columns, columnDepth);
  const width = grid.columns.sizes[columnDepth] ?? 1;
  const table = new Int32Array(grid.leaves);
  let leaf = 0;
  for (const row of rows) {
    for (const column of columns) {
      table[leaf] = row * width + column;
      leaf += 1;
    }
  }
  return table;
}

/** Leaf group → group of a depth. */
function leavesTo(axis: Axis, depth: number): Int32Array {
  const groups = Int32Array.from({ length: axis.sizes.at(-1) ?? 1 }, (_, leaf) => leaf);
  for (let deeper = axis.sizes.length - 1; deeper > depth; deeper -= 1) {
    const parents = axis.parents[deeper];
    for (let leaf = 0; leaf < groups.length; leaf += 1) groups[leaf] = parents?.[groups[leaf] ?? 0] ?? 0;
  }
  return groups;
}
