import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '#shared/kernel/calendar.ts';
import { defineEntity } from '#shared/entities/define-entity.ts';
import { matchesFilter } from '#shared/query/evaluate-filter.ts';
import type { AskedOn, FieldFilter, Filter, FilterOperator } from '#shared/query/filter.ts';
import { propertyRuns } from '../../../support/sample-entities.ts';

const today = '2026-11-21';
const asked: AskedOn = { today, fiscalYearStart: 1 };
const definition = defineEntity({
  name: 'deal',
  collection: 'deals',
  label: 'Deal',
  labelPlural: 'Deals',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: { type: 'text', label: 'Name' },
    amount: { type: 'money', label: 'Amount' },
    stageId: { type: 'select', label: 'Stage' },
    closeDate: { type: 'date', label: 'Close date' },
    closedAt: { type: 'dateTime', label: 'Closed at' },
    isHot: { type: 'boolean', label: 'Hot' },
    tags: { type: 'tags', label: 'Tags' },
  },
  mergePolicies: {},
});

const record = {
  id: 'd1',
  name: 'Größe & Söhne',
  amount: 10_050,
  stageId: 'Won',
  closeDate: '2026-11-25',
  closedAt: '2026-11-21T22:30:00.000Z',
  tags: ['vip', 'Südwest'],
  ownerId: 'me',
};

function matches(
  field: string,
  op: FilterOperator,
  value?: FieldFilter['value'],
  row: Readonly<Record<string, unknown>> = record,
): boolean {
  return matchesFilter(definition, value === undefined ? { field, op } : { field, op, value }, row, asked);
}

describe('comparisons', () => {
  it('CRM-14 free text is compared without case and diacritics, ids and options exactly', () => {
    expect(matches('name', 'eq', 'GROSSE & SOHNE')).toBe(true);
    expect(matches('name', 'contains', 'sohn')).toBe(true);
    expect(matches('name', 'startsWith', 'gro')).toBe(true);
    expect(matches('name', 'startsWith', 'sohn')).toBe(false);
    expect(matches('stageId', 'eq', 'won')).toBe(false);
    expect(matches('ownerId', 'eq', 'me')).toBe(true);
  });

  it('CRM-14 numbers are compared as numbers', () => {
    expect(matches('amount', 'gt', 9_999)).toBe(true);
    expect(matches('amount', 'lte', 10_050)).toBe(true);
    expect(matches('amount', 'lt', 10_050)).toBe(false);
    expect(matches('amount', 'gte', '9')).toBe(false);
  });

  it('CRM-14 a whole day holds every instant of it', () => {
    expect(matches('closedAt', 'eq', today)).toBe(true);
    expect(matches('closedAt', 'lte', today)).toBe(true);
    expect(matches('closedAt', 'lt', today)).toBe(false);
    expect(matches('closedAt', 'gt', '2026-11-21T22:00:00.000Z')).toBe(true);
  });

  it('CRM-14 relative days look ahead or back from today, today included', () => {
    expect(matches('closeDate', 'withinDays', 4)).toBe(true);
    expect(matches('closeDate', 'withinDays', 3)).toBe(false);
    expect(matches('closeDate', 'withinDays', -30)).toBe(false);
    expect(matches('closedAt', 'withinDays', 0)).toBe(true);
    expect(matches('closeDate', 'olderThanDays', 0, { closeDate: '2026-11-20' })).toBe(true);
    expect(matches('closeDate', 'olderThanDays', 1, { closeDate: '2026-11-20' })).toBe(false);
  });

  it('CRM-14 named periods are whole weeks, months, quarters and years around today', () => {
    const within = (period: string, day: string, fiscalYearStart = 1): boolean =>
      matchesFilter(
        definition,
        { field: 'closeDate', op: 'inPeriod', value: period },
        { closeDate: day },
        { today, fiscalYearStart },
      );
    const both = (period: string, first: string, last: string, fiscalYearStart = 1): void => {
      expect(within(period, first, fiscalYearStart), first).toBe(true);
      expect(within(period, last, fiscalYearStart), last).toBe(true);
      expect(within(period, addDays(first, -1), fiscalYearStart), `before ${first}`).toBe(false);
      expect(within(period, addDays(last, 1), fiscalYearStart), `after ${last}`).toBe(false);
    };
    // 21 November 2026 is a Saturday.
    both('yesterday', '2026-11-20', '2026-11-20');
    both('tomorrow', '2026-11-22', '2026-11-22');
    both('lastWeek', '2026-11-09', '2026-11-15');
    both('thisWeek', '2026-11-16', '2026-11-22');
    both('nextMonth', '2026-12-01', '2026-12-31');
    both('thisQuarter', '2026-10-01', '2026-12-31');
    both('nextQuarter', '2027-01-01', '2027-03-31');
    both('lastYear', '2025-01-01', '2025-12-31');
    both('thisQuarter', '2026-11-01', '2027-01-31', 2);
    both('thisYear', '2026-02-01', '2027-01-31', 2);
    expect(within('sometime', today)).toBe(false);
    expect(matches('closedAt', 'inPeriod', 'today')).toBe(true);
    expect(matches('closeDate', 'inPeriod', 'thisYear', {})).toBe(false);
  });

  it('CRM-14 one of several values, or none of them: empty is none', () => {
    expect(matches('stageId', 'in', ['Lost', 'Won'])).toBe(true);
    expect(matches('stageId', 'notIn', ['Lost', 'Won'])).toBe(false);
    expect(matches('stageId', 'notIn', ['Lost'])).toBe(true);
    expect(matches('stageId', 'notIn', ['Lost'], {})).toBe(true);
    expect(matches('tags', 'notIn', ['vip'])).toBe(false);
  });

  it('CRM-14 lists match by what they hold, a box nobody touched is not ticked', () => {
    expect(matches('tags', 'eq', 'sudwest')).toBe(true);
    expect(matches('tags', 'in', ['other', 'vip'])).toBe(true);
    expect(matches('tags', 'contains', 'west')).toBe(true);
    expect(matches('tags', 'ne', 'vip')).toBe(false);
    expect(matches('isHot', 'eq', false)).toBe(true);
    expect(matches('stageId', 'in', [])).toBe(false);
  });

  it('CRM-14 an empty field fails every comparison but isEmpty, ne and eq null', () => {
    const comparisons: FilterOperator[] = [
      'eq',
      'lt',
      'lte',
      'gt',
      'gte',
      'contains',
      'startsWith',
      'withinDays',
      'olderThanDays',
      'inPeriod',
      'isNotEmpty',
    ];
    for (const empty of [{}, { closeDate: null }, { closeDate: '' }]) {
      for (const op of comparisons)
        expect(matches('closeDate', op, op === 'withinDays' ? 1 : '2026-01-01', empty), op).toBe(false);
      expect(matches('closeDate', 'isEmpty', undefined, empty)).toBe(true);
      expect(matches('closeDate', 'ne', '2026-01-01', empty)).toBe(true);
      expect(matches('closeDate', 'eq', null, empty)).toBe(true);
    }
  });

  it('CRM-14 a field that does not exist matches nothing, not even ne', () => {
    for (const field of ['secret', '__proto__', 'constructor']) {
      for (const op of ['eq', 'ne', 'isEmpty', 'isNotEmpty'] as const)
        expect(matches(field, op, 'x', { secret: 'x' })).toBe(false);
    }
  });
});

const leaf: fc.Arbitrary<Filter> = fc.record({
  field: fc.constantFrom('name', 'amount', 'closeDate', 'closedAt', 'isHot', 'tags', 'nothing'),
  op: fc.constantFrom<FilterOperator[]>(
    'eq',
    'ne',
    'lt',
    'lte',
    'gt',
    'gte',
    'in',
    'notIn',
    'contains',
    'startsWith',
    'isEmpty',
    'isNotEmpty',
    'withinDays',
    'olderThanDays',
    'inPeriod',
  ),
  value: fc.oneof(
    fc.constantFrom<(string | number | boolean | null)[]>('vip', 'gro', today, 4, -1, 0.5, true, null),
    fc.constant(['vip', 1]),
  ),
});
const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('tree'), { maxLength: 3 }).map((or) => ({ or })),
    tie('tree').map((not) => ({ not })),
  ),
}));
const rows = fc.dictionary(
  fc.constantFrom('name', 'amount', 'closeDate', 'closedAt', 'isHot', 'tags'),
  fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(today, 'vip')),
);

describe('laws of the tree', () => {
  it('CRM-14 any tree on any stored values answers, never fails, and obeys De Morgan', () => {
    fc.assert(
      fc.property(tree, tree, rows, (left, right, row) => {
        const test = (filter: Filter) => matchesFilter(definition, filter, row, asked);
        expect(test({ not: { and: [left, right] } })).toBe(test({ or: [{ not: left }, { not: right }] }));
        expect(test({ not: { not: left } })).toBe(test(left));
        expect(test({ and: [] })).toBe(true);
        expect(test({ or: [] })).toBe(false);
      }),
      propertyRuns,
    );
  });
});
