// Where a list was left for a record: coming back, it stands where it stood, with the same cell in focus. Kept while the
// window is open; another filter or order is another place.
import type { GridApi } from 'ag-grid-community';

interface Place {
  readonly firstRow: number;
  readonly focused: { readonly row: number; readonly column: string } | null;
}

/** As the theme of the grid has it. */
const ROW_HEIGHT = 32;

const places = new Map<string, Place>();

export function rememberPlace<Row>(key: string, grid: GridApi<Row>): void {
  const cell = grid.getFocusedCell();
  places.set(key, {
    firstRow: Math.ceil(grid.getVerticalPixelRange().top / ROW_HEIGHT),
    focused: cell === null ? null : { row: cell.rowIndex, column: cell.column.getColId() },
  });
}

/** Goes to the place, once the grid knows how many rows there are. */
export function returnToPlace<Row>(key: string, grid: GridApi<Row>, root: HTMLElement): void {
  const place = places.get(key);
  if (place === undefined || grid.isDestroyed()) return;
  places.delete(key);
  grid.ensureIndexVisible(place.firstRow, 'top');
  const { focused } = place;
  if (focused !== null) whenDrawn(focused.row, root, () => grid.setFocusedCell(focused.row, focused.column));
}

/** Goes to a row, or to the last one if there are fewer by now; to the heading of the column in a list without rows. */
export function focusRow<Row>(row: number, column: string, grid: GridApi<Row>, root: HTMLElement): void {
  if (grid.isDestroyed()) return;
  const last = grid.getDisplayedRowCount() - 1;
  if (last < 0) grid.setFocusedHeader(column);
  else whenDrawn(Math.min(row, last), root, () => grid.setFocusedCell(Math.min(row, last), column));
}

/** A row can have the focus once it is drawn; who gives it up has moved on. */
function whenDrawn(row: number, root: HTMLElement, focus: () => void, framesLeft = 60): void {
  if (!root.isConnected || framesLeft === 0) return;
  if (root.querySelector(`[row-index="${row}"] [role="gridcell"]`) !== null) focus();
  else requestAnimationFrame(() => whenDrawn(row, root, focus, framesLeft - 1));
}
