// Where tiles lie: a grid of twelve columns, rows as many as there are. Tiles never overlap, and nothing floats: every tile
// lies as far up as it can. A tile that is moved or resized makes room for itself; the others go down and close up again.

export const GRID_COLUMNS = 12;

export interface Placed {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Box = Pick<Placed, 'x' | 'y' | 'w' | 'h'>;

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(Math.round(value), least), most);
}

/** The nearest box that lies within the columns. */
export function fitBox({ x, y, w, h }: Box): Box {
  const width = clamp(w, 1, GRID_COLUMNS);
  return {
    x: clamp(x, 0, GRID_COLUMNS - width),
    y: Math.max(0, Math.round(y)),
    w: width,
    h: Math.max(1, Math.round(h)),
  };
}

const inReadingOrder = (a: Placed, b: Placed): number => a.y - b.y || a.x - b.x;

/** The first row from `least` on where the box fits between what is placed. */
function firstFreeRow(box: Box, placed: readonly Box[], least: number): number {
  let y = least;
  for (let hit = find(y); hit !== undefined; hit = find(y)) y = hit.y + hit.h;
  return y;
  function find(row: number): Box | undefined {
    return placed.find((other) => overlaps({ ...box, y: row }, other));
  }
}

/** Everything moved up as far as it goes; the order of reading stays. */
export function compactTiles<Tile extends Placed>(tiles: readonly Tile[]): readonly Tile[] {
  const placed: Tile[] = [];
  for (const tile of tiles.toSorted(inReadingOrder)) {
    let y = firstFreeRow(tile, placed, tile.y);
    while (y > 0 && !placed.some((other) => overlaps({ ...tile, y: y - 1 }, other))) y -= 1;
    placed.push({ ...tile, y });
  }
  return placed;
}

/** The tile in its new box, the others around it. An unknown tile changes nothing. */
export function placeTile<Tile extends Placed>(tiles: readonly Tile[], id: string, box: Partial<Box>): readonly Tile[] {
  const tile = tiles.find((one) => one.id === id);
  if (tile === undefined) return tiles;
  const moved = { ...tile, ...fitBox({ ...tile, ...box }) };
  const placed: Tile[] = [moved];
  for (const other of tiles.filter((one) => one.id !== id).toSorted(inReadingOrder)) {
    placed.push({ ...other, y: firstFreeRow(other, placed, other.y) });
  }
  return compactTiles(placed);
}

/** A new tile where it fits first. */
export function addTile<Tile extends Placed>(tiles: readonly Tile[], tile: Tile): readonly Tile[] {
  const rows = tiles.reduce((most, { y, h }) => Math.max(most, y + h), 0);
  for (let y = 0; y <= rows; y += 1) {
    for (let x = 0; x + tile.w <= GRID_COLUMNS; x += 1) {
      const box = { ...tile, x, y };
      if (!tiles.some((other) => overlaps(box, other))) return compactTiles([...tiles, box]);
    }
  }
  return tiles;
}
