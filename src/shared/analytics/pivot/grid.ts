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
  /** Cells of the leaf level; one more follows, where everything lands that is not counted. */
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

/** One step from a level to the next coarser one: rows first, then columns. */
export interface RollUpStep {
  readonly from: number;
  readonly to: number;
  /** Cell of the finer level → cell of the coarser one. */
  readonly eachPair: (visit: (from: number, to: number) => void) => void;
}

/** Every level but that of the leaves, each once, after the level it is made from. */
export function rollUpSteps(grid: Grid): readonly RollUpStep[] {
  const steps: RollUpStep[] = [];
  for (let rowDepth = grid.rowDepths - 1; rowDepth >= 0; rowDepth -= 1) {
    for (let columnDepth = grid.columnDepths - 1; columnDepth >= 0; columnDepth -= 1) {
      const to = rowDepth * grid.columnDepths + columnDepth;
      if (rowDepth < grid.rowDepths - 1) steps.push(foldRows(grid, rowDepth, columnDepth, to));
      else if (columnDepth < grid.columnDepths - 1) steps.push(foldColumns(grid, rowDepth, columnDepth, to));
    }
  }
  return steps;
}

function foldRows(grid: Grid, rowDepth: number, columnDepth: number, to: number): RollUpStep {
  const parents = grid.rows.parents[rowDepth + 1] ?? new Int32Array(0);
  const width = grid.columns.sizes[columnDepth] ?? 1;
  return {
    from: to + grid.columnDepths,
    to,
    eachPair(visit) {
      for (let row = 0; row < parents.length; row += 1) {
        const start = row * width;
        const target = (parents[row] ?? 0) * width;
        for (let column = 0; column < width; column += 1) visit(start + column, target + column);
      }
    },
  };
}

function foldColumns(grid: Grid, rowDepth: number, columnDepth: number, to: number): RollUpStep {
  const parents = grid.columns.parents[columnDepth + 1] ?? new Int32Array(0);
  const height = grid.rows.sizes[rowDepth] ?? 1;
  const width = grid.columns.sizes[columnDepth] ?? 1;
  return {
    from: to + 1,
    to,
    eachPair(visit) {
      for (let row = 0; row < height; row += 1) {
        const start = row * parents.length;
        const target = row * width;
        for (let column = 0; column < parents.length; column += 1) {
          visit(start + column, target + (parents[column] ?? 0));
        }
      }
    },
  };
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
