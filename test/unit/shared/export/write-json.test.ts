import { expect, test } from 'vitest';
import { tableOf, write } from '#test/support/export-tools.ts';
import { inBatches } from '#shared/export/export-table.ts';

test('IMP-01 JSON keeps types: amounts are decimal text with their currency, instants stay instants', async () => {
  const types = { Name: 'text', Amount: 'money', At: 'dateTime', Open: 'boolean', Count: 'integer' } as const;
  const rows = [
    { cells: ['=1+1', 123_456, '2026-07-01T10:30:00.000Z', true, 3], currency: 'EUR' },
    { cells: ['•••', 1500, null, null, null], currency: 'JPY' },
    { cells: [null, 33.5, null, null, 3], currency: 'EUR', kind: 'total' as const, level: 0 },
  ];
  const { text } = await write('json', { ...tableOf(types, []), subtitle: ['As of today'], rows: inBatches(rows, 2) });
  const file = JSON.parse(text) as Record<string, unknown>;
  expect(file).toMatchObject({ title: 'Deals', about: ['As of today'] });
  expect(file['rows']).toEqual([
    {
      name: '=1+1',
      amount: { amount: '1234.56', currency: 'EUR' },
      at: '2026-07-01T10:30:00.000Z',
      open: true,
      count: 3,
    },
    { name: '•••', amount: { amount: '1500', currency: 'JPY' }, at: null, open: null, count: null },
    {
      $kind: 'total',
      $level: 0,
      name: null,
      amount: { amount: '0.335', currency: 'EUR' },
      at: null,
      open: null,
      count: 3,
    },
  ]);
});

test('IMP-01 an empty table is JSON, too', async () => {
  const { text } = await write('json', tableOf({ Name: 'text' }, []));
  expect(JSON.parse(text)).toMatchObject({ rows: [] });
});
