import { expect, test } from 'vitest';
import { narrowPivot, type Narrowing } from '#shared/analytics/narrow-pivot.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { Filter } from '#shared/query/filter.ts';

const startOf = (day: string): string => `${day}T05:00:00.000Z`;
const everything: Narrowing = {
  period: { from: '2026-10-01', to: '2026-12-31' },
  owner: 'u1',
  team: ['t1', 't2'],
  territory: ['x'],
  pipeline: 'p',
};
const spec = (source: PivotSpec['source'], filter?: Filter): PivotSpec => ({
  source,
  rows: [],
  columns: [],
  values: [{ id: 'n', kind: 'field', aggregation: 'count' }],
  ...(filter === undefined ? {} : { filter }),
});

test('ANA-11 a report is narrowed by every filter of its dashboard that its records have a field for', () => {
  const isOpen = { field: 'status', op: 'eq', value: 'open' } as const;
  const { spec: narrowed, left, dayField } = narrowPivot(spec('deal', isOpen), everything, undefined, startOf);
  expect(narrowed.filter).toEqual({
    and: [
      isOpen,
      { field: 'closeDate', op: 'gte', value: '2026-10-01' },
      { field: 'closeDate', op: 'lte', value: '2026-12-31' },
      { field: 'ownerId', op: 'eq', value: 'u1' },
      { field: 'teamId', op: 'in', value: ['t1', 't2'] },
      { field: 'territoryId', op: 'in', value: ['x'] },
      { field: 'pipelineId', op: 'eq', value: 'p' },
    ],
  });
  expect([left, dayField]).toEqual([[], 'closeDate']);
});

test('ANA-11 what a source has no field for is told instead of silently left out, and instants begin where the person is', () => {
  const { spec: narrowed, left } = narrowPivot(spec('activity'), everything, undefined, startOf);
  expect(left).toEqual(['territory', 'pipeline']);
  expect(narrowed.filter).toMatchObject({
    and: [
      { field: 'occurredAt', op: 'gte', value: '2026-10-01T05:00:00.000Z' },
      { field: 'occurredAt', op: 'lt', value: '2027-01-01T05:00:00.000Z' },
      { field: 'ownerId' },
      { field: 'teamId' },
    ],
  });
});

test('ANA-11 a report with a time of its own keeps it, and nobody narrows by a field that is hidden or masked for them', () => {
  const ownTime = { field: 'closeDate', op: 'gte', value: '2025-01-01' } as const;
  const own = narrowPivot(
    spec('deal', ownTime),
    { period: { from: '2026-01-01', to: '2026-12-31' } },
    undefined,
    startOf,
  );
  expect(own).toEqual({ spec: spec('deal', ownTime), dayField: null, left: ['period'] });
  const policy = { deal: { closeDate: 'mask', territoryId: 'hidden', pipelineId: 'view' } } as const;
  expect(narrowPivot(spec('deal'), everything, policy, startOf).left).toEqual(['period', 'territory']);
});

test('ANA-11 a dashboard that says nothing leaves a report as it is', () => {
  const plain = spec('lead');
  expect(narrowPivot(plain, {}, undefined, startOf).spec).toBe(plain);
});
