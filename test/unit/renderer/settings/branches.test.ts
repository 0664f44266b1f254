import { expect, test } from 'vitest';
import { toBranches, toggled } from '#renderer/features/settings/people/branches.ts';

const rows = [
  { id: 'ceo', above: null },
  { id: 'vp', above: 'ceo' },
  { id: 'rep', above: 'vp' },
  { id: 'left', above: 'nobody' },
  { id: 'ping', above: 'pong' },
  { id: 'pong', above: 'ping' },
] as const;
type Row = (typeof rows)[number];
const parentOf = (row: Row): string | null => row.above;
const linesOf = (options: Partial<Parameters<typeof toBranches<Row>>[2]> = {}) =>
  toBranches<Row>(rows, parentOf, { isOpen: () => true, isWanted: null, ...options }).map(
    ({ row, level, childCount }) => [row.id, level, childCount] as const,
  );

test('UI-TREE everybody is shown once below whom they report to, also with a missing parent or a stored cycle', () => {
  const lines = linesOf();
  expect(lines.slice(0, 4)).toEqual([
    ['ceo', 0, 1],
    ['vp', 1, 1],
    ['rep', 2, 0],
    ['left', 0, 0],
  ]);
  expect(lines.map(([id]) => id).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
});

test('UI-TREE what is folded hides what is below, and a search shows whom it finds with everybody above', () => {
  expect(linesOf({ isOpen: (id) => id !== 'vp' }).map(([id]) => id)).not.toContain('rep');
  const found = linesOf({ isOpen: () => false, isWanted: ({ id }) => id === 'rep' });
  expect(found.map(([id]) => id)).toEqual(['ceo', 'vp', 'rep']);
  expect([...toggled(toggled(new Set(), 'a'), 'b')]).toEqual(['a', 'b']);
  expect([...toggled(new Set(['a']), 'a')]).toEqual([]);
});
