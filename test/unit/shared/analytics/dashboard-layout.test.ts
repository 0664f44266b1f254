import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addTile,
  compactTiles,
  GRID_COLUMNS,
  overlaps,
  placeTile,
  type Placed,
} from '#shared/analytics/dashboard-layout.ts';

const tile = (id: string, x: number, y: number, w: number, h: number): Placed => ({ id, x, y, w, h });
const places = (tiles: readonly Placed[]): unknown =>
  tiles.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, x, y }) => [id, x, y]);

/** Any tiles as a dashboard could hold them. */
const anyTiles = fc
  .array(
    fc.record({ x: fc.nat(11), y: fc.nat(20), w: fc.integer({ min: 1, max: 12 }), h: fc.integer({ min: 1, max: 6 }) }),
    { maxLength: 12 },
  )
  .map((boxes) =>
    compactTiles(
      boxes.map((box, index) => ({ ...box, id: `t${String(index)}`, x: Math.min(box.x, GRID_COLUMNS - box.w) })),
    ),
  );

function isInOrder(tiles: readonly Placed[]): boolean {
  const apart = tiles.every((one, index) => tiles.slice(index + 1).every((other) => !overlaps(one, other)));
  const inside = tiles.every(({ x, y, w, h }) => x >= 0 && y >= 0 && w >= 1 && h >= 1 && x + w <= GRID_COLUMNS);
  const atRest = tiles.every(
    (one) => one.y === 0 || tiles.some((other) => other !== one && overlaps({ ...one, y: one.y - 1 }, other)),
  );
  return apart && inside && atRest;
}

describe('tiles of a dashboard', () => {
  test('ANA-13 a moved tile makes room, and the others close up', () => {
    const before = [tile('a', 0, 0, 6, 2), tile('b', 6, 0, 6, 2), tile('c', 0, 2, 12, 3)];
    expect(places(placeTile(before, 'c', { y: 0 }))).toEqual([
      ['a', 0, 3],
      ['b', 6, 3],
      ['c', 0, 0],
    ]);
    expect(places(placeTile(before, 'a', { y: 5 }))).toEqual([
      ['a', 0, 5],
      ['b', 6, 0],
      ['c', 0, 2],
    ]);
  });

  test('ANA-13 a new tile lies where it fits first', () => {
    const before = [tile('a', 0, 0, 6, 2), tile('b', 0, 2, 12, 2)];
    expect(addTile(before, tile('c', 0, 0, 4, 2)).find(({ id }) => id === 'c')).toMatchObject({ x: 6, y: 0 });
    expect(addTile(before, tile('d', 0, 0, 12, 1)).find(({ id }) => id === 'd')).toMatchObject({ x: 0, y: 4 });
    expect(addTile([], tile('e', 3, 9, 3, 2))).toEqual([tile('e', 0, 0, 3, 2)]);
  });

  test('ANA-13 whatever is moved or resized, tiles never overlap, leave the grid, float, or get lost', () => {
    const anyBox = fc.record({
      x: fc.integer({ min: -5, max: 20 }),
      y: fc.integer({ min: -5, max: 30 }),
      w: fc.integer({ min: -3, max: 20 }),
      h: fc.integer({ min: -3, max: 12 }),
    });
    fc.assert(
      fc.property(anyTiles, fc.nat(11), anyBox, (tiles, index, box) => {
        expect(isInOrder(tiles)).toBe(true);
        const id = `t${String(index)}`;
        const after = placeTile(tiles, id, box);
        expect(isInOrder(after)).toBe(true);
        expect(after.map((one) => one.id).sort()).toEqual(tiles.map((one) => one.id).sort());
        const added = addTile(after, tile('new', 0, 0, 4, 3));
        expect(isInOrder(added)).toBe(true);
        expect(added).toHaveLength(tiles.length + 1);
      }),
    );
  });
});
