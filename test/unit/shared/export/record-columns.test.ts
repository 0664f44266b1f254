import { expect, test } from 'vitest';
import { entities } from '#shared/entities/registry.ts';
import { neededFields, recordColumn, recordRow } from '#shared/export/record-columns.ts';

const columnOf = (field: string) => recordColumn(entities.deal, field, field, (value) => `<${value}>`);

test('IMP-01 a record becomes a row: numbers stay numbers, references and options are called by their names', () => {
  const columns = [
    'name',
    'amount',
    'probability',
    'closeDate',
    'accountId',
    'stageId',
    'ownerId',
    'tags',
    'createdAt',
  ].map(columnOf);
  expect(columns.map(({ column }) => column.type)).toEqual([
    'text',
    'money',
    'percent',
    'date',
    'text',
    'text',
    'text',
    'text',
    'dateTime',
  ]);
  expect(neededFields(columns).at(-1)).toBe('currency');
  const values = ['Big', 12_300, 35, '2026-12-01', 'a1', 's1', 'gone', ['x', 'y'], '2026-01-01T00:00:00.000Z', 'CHF'];
  expect(recordRow(columns, values, { a1: 'Acme', s1: 'Offer' }, 'not available')).toEqual({
    cells: ['Big', 12_300, 35, '2026-12-01', 'Acme', 'Offer', 'not available', 'x, y', '2026-01-01T00:00:00.000Z'],
    currency: 'CHF',
  });
});

test('IMP-17 a masked value leaves as its mask, an empty one as nothing', () => {
  const columns = ['amount', 'accountId', 'name'].map(columnOf);
  const row = recordRow(columns, [{ $masked: '•••' }, { $masked: 'A…e' }, null, 'EUR'], {}, 'not available');
  expect(row.cells).toEqual(['•••', 'A…e', null]);
});
