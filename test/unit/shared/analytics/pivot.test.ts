import { describe, expect, it } from 'vitest';
import { calculatePivot } from '#shared/analytics/pivot.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { OutpostError } from '#shared/kernel/errors.ts';
import { columnsOf, contextOf, type Row, type Types } from '../../../support/columns-of.ts';
import { cellOf, columnKeys, rowKeys } from '../../../support/read-pivot.ts';

const types: Types = {
  region: 'text',
  owner: 'reference',
  stage: 'select',
  amount: 'money',
  rate: 'number',
  closeDate: 'date',
  isHot: 'boolean',
};
const rows: readonly Row[] = [
  { region: 'North', owner: 'u1', stage: 'won', amount: 100, rate: 0.1, closeDate: '2026-01-15', isHot: true },
  { region: 'North', owner: 'u2', stage: 'lost', amount: 50, rate: 0.2, closeDate: '2026-02-10', isHot: false },
  { region: 'South', owner: 'u1', stage: 'won', amount: 30, rate: null, closeDate: '2025-01-20', isHot: null },
  { region: 'South', owner: 'u3', stage: 'open', amount: null, rate: 0.4, closeDate: null, isHot: true },
  { region: null, owner: 'u1', stage: 'won', amount: 7, rate: 0.3, closeDate: '2026-01-31', isHot: true },
];

function pivot(spec: Partial<PivotSpec>, own: readonly Row[] = rows) {
  return calculatePivot(
    columnsOf(types, own),
    { source: 'deal', rows: [], columns: [], values: [], ...spec },
    {
      ...contextOf(types, { optionsOf: (path) => (path === 'stage' ? ['open', 'won', 'lost'] : undefined) }),
    },
  );
}

describe('ANA-15 a pivot', () => {
  it('ANA-15 counts and adds up every cell, subtotal and total from the records', () => {
    const result = pivot({
      rows: [{ field: 'region' }, { field: 'owner' }],
      columns: [{ field: 'stage' }],
      values: [
        { kind: 'field', id: 'n', aggregation: 'count' },
        { kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' },
        { kind: 'field', id: 'avg', aggregation: 'average', field: 'amount' },
        { kind: 'field', id: 'owners', aggregation: 'distinct', field: 'owner' },
        { kind: 'field', id: 'middle', aggregation: 'median', field: 'amount' },
      ],
    });
    expect(rowKeys(result)).toEqual([
      '',
      'North',
      'North › u1',
      'North › u2',
      'South',
      'South › u1',
      'South › u3',
      '',
      ' › u1',
    ]);
    expect(columnKeys(result)).toEqual(['', 'open', 'won', 'lost']);
    expect(cellOf(result, [], [], 'n')).toBe(5);
    expect(cellOf(result, [], [], 'sum')).toBe(187);
    expect(cellOf(result, [], [], 'avg')).toBe(46.75);
    expect(cellOf(result, [], [], 'owners')).toBe(3);
    expect(cellOf(result, [], ['won'], 'middle')).toBe(30);
    expect(cellOf(result, [], [], 'middle')).toBe(40);
    expect(cellOf(result, ['South', 'u3'], ['open'], 'sum')).toBeNull();
    expect(cellOf(result, ['South', 'u3'], ['won'], 'n')).toBe(0);
    expect(cellOf(result, [null], ['won'], 'sum')).toBe(7);
    expect(result.records).toBe(5);
  });

  it('ANA-15 names the field that does not exist any more', () => {
    expect(() => pivot({ rows: [{ field: 'gone' }] })).toThrow(
      expect.objectContaining({
        code: 'unknown_field',
        details: expect.objectContaining({ field: 'gone' }) as OutpostError,
      }),
    );
  });

  it('ANA-15 of nothing is one empty cell', () => {
    const result = pivot(
      { rows: [{ field: 'region' }], values: [{ kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' }] },
      [],
    );
    expect(rowKeys(result)).toEqual(['']);
    expect(cellOf(result, [], [], 'sum')).toBeNull();
  });
});
