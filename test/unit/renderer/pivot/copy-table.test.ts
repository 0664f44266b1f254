import { describe, expect, it } from 'vitest';
import { toHtmlTable, toPlainTable, toTabbedText } from '#renderer/features/pivot/copy-table.ts';
import { columnTree, keyOfPath, rangesOf, shownRows } from '#shared/analytics/pivot-axis.ts';
import type { Member, PivotResult } from '#shared/analytics/pivot-result.ts';

const rows: readonly Member[] = [
  { path: [], parent: -1 },
  { path: ['north'], parent: 0 },
  { path: ['north', 'ada'], parent: 1 },
  { path: ['north', null], parent: 1 },
  { path: ['south'], parent: 0 },
  { path: ['south', 'bob'], parent: 4 },
];
const columns: readonly Member[] = [
  { path: [], parent: -1 },
  { path: ['2026'], parent: 0 },
];
const result: PivotResult = {
  rows,
  columns,
  values: ['sum'],
  cells: Float64Array.from([100, 100, 60, 60, 50, 50, 10, 10, 40, 40, 40, 40]),
  records: 9,
};

describe('a pivot on the screen', () => {
  it('ANA-15 shows no row below a folded one, and the folded row itself', () => {
    const names = (folded: readonly string[]): readonly string[] =>
      shownRows(rows, new Set(folded)).map(({ member }) => member.path.join('/'));
    expect(names([])).toEqual(['north', 'north/ada', 'north/', 'south', 'south/bob']);
    expect(names([keyOfPath(['north'])])).toEqual(['north', 'south', 'south/bob']);
  });

  it('ANA-15 has its columns as a tree, and measures colours by cells that are no totals', () => {
    expect(columnTree(columns)?.children.map(({ index }) => index)).toEqual([1]);
    expect(rangesOf(result, { rows: 2, columns: 1 })).toEqual([[10, 50]]);
  });

  it('ANA-15 is copied as text for spreadsheets and as a table for documents, whatever is in its names', () => {
    const shown = shownRows(rows, new Set());
    const table = toPlainTable(shown, [1, 0], ['Amount'], {
      corner: 'Team',
      row: ({ member }) => member.path.at(-1) ?? '(empty)\tcell',
      column: (column) => [column === 0 ? 'Total' : '<2026>'],
      cell: (row, column) => String(result.cells[row * 2 + column]),
    });
    expect(toTabbedText(table).split('\n').slice(0, 5)).toEqual([
      '\t<2026>\tTotal',
      'Team\tAmount\tAmount',
      'north\t60\t60',
      '  ada\t50\t50',
      '  (empty) cell\t10\t10',
    ]);
    expect(toHtmlTable(table)).toContain('<th>&lt;2026&gt;</th>');
  });
});
