import { describe, expect, it } from 'vitest';
import {
  addField,
  addMeasure,
  changeDimension,
  countMeasure,
  firstSpec,
  moveItem,
  removeItem,
  transpose,
  withoutFields,
  withoutUnfinished,
} from '#shared/analytics/edit-spec.ts';
import { entities } from '#shared/entities/registry.ts';
import { isPivotSpec } from '#shared/analytics/check-pivot.ts';
import { pivotFieldAt, pivotFieldsOf, type PivotField } from '#shared/analytics/pivot-fields.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';

function field(path: string): PivotField {
  const found = pivotFieldAt('deal', path);
  if (found === null) throw new Error(`no field ${path}`);
  return found;
}

const empty: PivotSpec = { source: 'deal', rows: [], columns: [], values: [] };
const fieldsOf = (spec: PivotSpec, zone: 'rows' | 'columns'): readonly string[] => spec[zone].map((one) => one.field);

describe('putting a pivot together', () => {
  it('ANA-15 begins with a question that can be answered, also for somebody who sees no amounts', () => {
    const all = firstSpec(() => true);
    const without = firstSpec((path) => path !== 'amount');
    expect(isPivotSpec(all) && isPivotSpec(without)).toBe(true);
    expect(all.values.map(({ id }) => id)).toEqual(['amount_sum', 'count']);
    expect(without.values.map(({ id }) => id)).toEqual(['count']);
  });

  it('ANA-15 puts a field where it is dropped, and moves one that stands elsewhere already', () => {
    let spec = addField(empty, field('ownerId'), 'rows');
    spec = addField(spec, field('stageId'), 'rows', 0);
    expect(fieldsOf(spec, 'rows')).toEqual(['stageId', 'ownerId']);
    spec = addField(spec, field('ownerId'), 'columns');
    expect([fieldsOf(spec, 'rows'), fieldsOf(spec, 'columns')]).toEqual([['stageId'], ['ownerId']]);
  });

  it('ANA-15 groups dates and numbers from the start, and adds up, averages or counts by type', () => {
    const rows = addField(addField(empty, field('closeDate'), 'rows'), field('amount'), 'rows').rows;
    expect(rows.map(({ bucket }) => bucket?.kind)).toEqual(['date', 'bins']);
    let spec = empty;
    for (const path of ['amount', 'probability', 'accountId', 'amount']) spec = addField(spec, field(path), 'values');
    expect(spec.values.map((value) => (value.kind === 'field' ? value.aggregation : ''))).toEqual([
      'sum',
      'average',
      'distinct',
      'sum',
    ]);
    expect(new Set(spec.values.map(({ id }) => id)).size).toBe(4);
  });

  it('ANA-15 moves items up, down and across, and never a value among rows', () => {
    const spec = { ...empty, rows: [{ field: 'a' }, { field: 'b' }, { field: 'c' }], values: [countMeasure(empty)] };
    const down = moveItem(spec, { zone: 'rows', index: 0 }, { zone: 'rows', index: 2 });
    expect(fieldsOf(down, 'rows')).toEqual(['b', 'a', 'c']);
    const across = moveItem(spec, { zone: 'rows', index: 1 }, { zone: 'columns', index: 0 });
    expect([fieldsOf(across, 'rows'), fieldsOf(across, 'columns')]).toEqual([['a', 'c'], ['b']]);
    expect(moveItem(spec, { zone: 'values', index: 0 }, { zone: 'rows', index: 0 })).toBe(spec);
    expect(fieldsOf(transpose(spec), 'columns')).toEqual(['a', 'b', 'c']);
  });

  it('ANA-15 forgets a sorting by a value that was removed', () => {
    let spec = addMeasure(addField(empty, field('ownerId'), 'rows'), countMeasure(empty));
    const sort = { by: 'measure', measure: 'count', direction: 'desc' } as const;
    const top = { count: 5, measure: 'count', others: true };
    spec = changeDimension(spec, { zone: 'rows', index: 0 }, { field: 'ownerId', sort, top });
    expect(removeItem(spec, { zone: 'values', index: 0 }).rows).toEqual([{ field: 'ownerId' }]);
  });

  it('ANA-13 goes on without a field that is not there any more, wherever it stood', () => {
    const spec: PivotSpec = {
      source: 'deal',
      filter: {
        and: [
          { field: 'gone', op: 'eq', value: 1 },
          { field: 'status', op: 'eq', value: 'open' },
        ],
      },
      rows: [{ field: 'gone' }, { field: 'ownerId' }],
      columns: [],
      values: [
        { id: 'a', kind: 'field', aggregation: 'sum', field: 'gone' },
        { id: 'b', kind: 'field', aggregation: 'count' },
      ],
    };
    const left = withoutFields(spec, ['gone']);
    expect(left.filter).toEqual({ and: [{ field: 'status', op: 'eq', value: 'open' }] });
    expect([fieldsOf(left, 'rows'), left.values.map(({ id }) => id)]).toEqual([['ownerId'], ['b']]);
  });

  it('ANA-15 asks nothing of a condition that has no value yet', () => {
    const spec: PivotSpec = {
      source: 'deal',
      rows: [],
      columns: [],
      values: [],
      filter: { and: [{ field: 'source', op: 'eq', value: null }] },
    };
    expect(withoutUnfinished(spec).filter).toBeUndefined();
    const more = [
      { field: 'status', op: 'eq', value: 'open' },
      { field: 'closeDate', op: 'isEmpty' },
    ] as const;
    const both = withoutUnfinished({ ...spec, filter: { and: [...more, { field: 'name', op: 'contains' }] } });
    expect(both.filter).toEqual({ and: more });
    expect(withoutUnfinished(both)).toBe(both);
  });

  it('ANA-15 offers every field of a deal once, and those of the account and the owner', () => {
    const paths = pivotFieldsOf('deal', entities).map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const path of ['amount', 'weighted', 'accountId.industry', 'ownerId.teamId', 'createdAt', 'territoryId'])
      expect(paths, path).toContain(path);
    expect(paths).not.toContain('description');
    // The record of a person belongs to that person.
    expect(paths.filter((path) => path.includes('ownerId.ownerId'))).toEqual([]);
  });
});
