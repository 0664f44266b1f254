import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineEntity } from '#shared/entities/define-entity.ts';
import { compareBySort } from '#shared/query/compare-by-sort.ts';
import type { Sort } from '#shared/query/filter.ts';
import { propertyRuns } from '../../../support/sample-entities.ts';

const definition = defineEntity({
  name: 'task',
  collection: 'tasks',
  label: 'Task',
  labelPlural: 'Tasks',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: { type: 'text', label: 'Name' },
    amount: { type: 'number', label: 'Amount' },
    priority: {
      type: 'select',
      label: 'Priority',
      options: [
        { value: 'high', label: 'High' },
        { value: 'low', label: 'Low' },
      ],
    },
    accountId: { type: 'reference', to: 'account', label: 'Account' },
    due: { type: 'date', label: 'Due' },
  },
  mergePolicies: {},
});

function order(
  field: string,
  direction: Sort['direction'],
  values: readonly unknown[],
  labels: Readonly<Record<string, string>> = {},
): readonly unknown[] {
  const rows = values.map((value, index) => ({ id: `id${index}`, [field]: value }));
  return rows
    .sort(compareBySort(definition, [{ field, direction }], labels))
    .map((row) => (row as Record<string, unknown>)[field]);
}

describe('order of rows', () => {
  it('CRM-14 numbers sort as numbers and empty values come last both ways', () => {
    expect(order('amount', 'asc', [10, null, 9, undefined, -1])).toEqual([-1, 9, 10, null, undefined]);
    expect(order('amount', 'desc', [10, null, 9])).toEqual([10, 9, null]);
  });

  it('CRM-14 text sorts without case and diacritics', () => {
    expect(order('name', 'asc', ['Zoe', 'äpfel', 'Apfel 2', '', 'birne'])).toEqual([
      'äpfel',
      'Apfel 2',
      'birne',
      'Zoe',
      '',
    ]);
  });

  it('CRM-14 closed lists follow their options, references their labels', () => {
    expect(order('priority', 'asc', ['low', 'high', 'gone'])).toEqual(['high', 'low', 'gone']);
    expect(order('accountId', 'asc', ['a1', 'a2', 'a3'], { a1: 'Zeta', a2: 'alpha' })).toEqual(['a2', 'a1', 'a3']);
  });

  it('CRM-14 the second column decides between equals, then the id', () => {
    const rows = [
      { id: 'c', name: 'a', due: '2026-01-02' },
      { id: 'b', name: 'A', due: '2026-01-01' },
      { id: 'a', name: 'a', due: '2026-01-02' },
    ];
    const sort: readonly Sort[] = [
      { field: 'name', direction: 'asc' },
      { field: 'due', direction: 'desc' },
    ];
    expect([...rows].sort(compareBySort(definition, sort)).map(({ id }) => id)).toEqual(['a', 'c', 'b']);
  });

  it('CRM-14 the order does not depend on the order before', () => {
    const value = fc.constantFrom<unknown[]>(null, 1, 2, 'a', 'Ä', true, ['x']);
    const rows = fc.uniqueArray(
      fc.record({
        id: fc.string({ minLength: 1, maxLength: 3 }),
        name: value,
        amount: value,
        priority: value,
        due: value,
      }),
      { selector: ({ id }) => id, maxLength: 12 },
    );
    const sorts = fc.array(
      fc.record({
        field: fc.constantFrom('name', 'amount', 'priority', 'due'),
        direction: fc.constantFrom<Sort['direction'][]>('asc', 'desc'),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(rows, sorts, (rows, sorts) => {
        const forward = [...rows].sort(compareBySort(definition, sorts));
        const backward = [...rows].reverse().sort(compareBySort(definition, sorts));
        expect(backward.map(({ id }) => id)).toEqual(forward.map(({ id }) => id));
      }),
      propertyRuns,
    );
  });
});
