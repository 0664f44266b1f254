import { describe, expect, it } from 'vitest';
import { checkPivot, fieldsOfSpec, isPivotSpec, missingFields } from '#shared/analytics/check-pivot.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { FieldMode, FieldPolicy } from '#shared/access/field-policy.ts';
import { entities } from '#shared/entities/registry.ts';
import { toErrorData } from '#shared/kernel/errors.ts';

const spec: PivotSpec = {
  source: 'deal',
  filter: { or: [{ field: 'accountId.industry', op: 'eq', value: 'retail' }] },
  rows: [{ field: 'ownerId.teamId' }],
  columns: [{ field: 'closeDate', bucket: { kind: 'date', unit: 'quarter' } }],
  values: [
    { id: 'a', kind: 'field', aggregation: 'last', field: 'amount', orderBy: 'createdAt' },
    { id: 'b', kind: 'formula', formula: 'a * 2' },
    { id: 'c', kind: 'field', aggregation: 'count', filter: { field: 'status', op: 'eq', value: 'won' } },
  ],
};

/** Everything of deals and accounts as it is, but for these fields. */
function policy(modes: Readonly<Record<string, FieldMode>>): FieldPolicy {
  const of = (name: 'deal' | 'account'): Record<string, FieldMode> =>
    Object.fromEntries(
      Object.keys(entities[name].fields).map((field) => [field, modes[`${name}.${field}`] ?? ('edit' as const)]),
    );
  return { deal: of('deal'), account: of('account') };
}

function refusal(value: unknown, fields?: FieldPolicy): readonly unknown[] {
  try {
    checkPivot(value, fields);
    return ['ok'];
  } catch (error) {
    const { code, details } = toErrorData(error);
    return [code, details['problems'] ?? null];
  }
}

describe('checking a pivot that comes from outside', () => {
  it('ANA-14 knows every field it names', () => {
    expect(fieldsOfSpec(spec)).toEqual([
      'ownerId.teamId',
      'closeDate',
      'amount',
      'createdAt',
      'status',
      'accountId.industry',
    ]);
    expect(refusal(spec)).toEqual(['ok']);
  });

  it.each([
    ['nothing', null],
    ['a text', 'deal'],
    ['records nobody asks about', { ...spec, source: 'role' }],
    ['no list of rows', { ...spec, rows: {} }],
    ['too many rows', { ...spec, rows: Array.from({ length: 9 }, () => ({ field: 'stageId' })) }],
    ['a bucket without a size', { ...spec, rows: [{ field: 'amount', bucket: { kind: 'bins', size: 0 } }] }],
    ['an unknown aggregation', { ...spec, values: [{ id: 'a', kind: 'field', aggregation: 'eval' }] }],
    ['two values of one name', { ...spec, values: [spec.values[0], spec.values[0]] }],
    ['a filter that is none', { ...spec, filter: { field: 'status', op: 'like' } }],
    ['a day that is none', { ...spec, asOf: '2023-02-29' }],
  ])('ANA-14 refuses %s', (_name, value) => {
    expect(isPivotSpec(value)).toBe(false);
    expect(refusal(value)).toEqual(['invalid', null]);
  });

  it('PER-12 a field that is masked or hidden is refused like one that nobody defined, also on the way of a path', () => {
    for (const mode of ['mask', 'hidden'] as const) {
      expect(refusal(spec, policy({ 'account.industry': mode }))).toEqual(['invalid', ['accountId.industry:unknown']]);
      expect(missingFields(spec, policy({ 'deal.amount': mode }))).toEqual(['amount']);
    }
    expect(refusal({ ...spec, rows: [{ field: 'accountId.nothing' }] })).toEqual([
      'invalid',
      ['accountId.nothing:unknown'],
    ]);
  });

  it('PER-12 a figure that is made of a masked field is not there either', () => {
    const weighted: PivotSpec = {
      ...spec,
      values: [{ id: 'w', kind: 'field', aggregation: 'sum', field: 'weighted' }],
    };
    expect(missingFields(weighted, policy({}))).toEqual([]);
    expect(missingFields(weighted, policy({ 'deal.probability': 'mask' }))).toEqual(['weighted']);
    // What an amount is worth is not known without its currency.
    expect(missingFields(weighted, policy({ 'deal.currency': 'hidden' }))).toEqual(['weighted']);
  });
});
