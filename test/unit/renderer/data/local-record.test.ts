import { expect, test } from 'vitest';
import { projectionOf, toLocalRecord, toStoredRecord } from '#renderer/data/local-record.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

const conflict: AnyRecord = {
  id: 'conflict-1',
  kind: 'conflict',
  rev: 7,
  ownerId: 'user-1',
  teamId: null,
  createdAt: '2026-03-01T08:00:00.000Z',
  createdBy: 'user-1',
  updatedAt: '2026-03-01T08:00:00.000Z',
  updatedBy: 'user-1',
  subjectEntity: 'deal',
  subjectId: 'deal-1',
  group: 'nextStep',
  base: { nextStep: 'Call' },
  kept: { nextStep: 'Write' },
  lost: { nextStep: 'Visit' },
  state: 'open',
};

test('SYNC-20 a conflict shows what stood before both, and its projection is the conflict itself', () => {
  const stored = toStoredRecord(conflict, [], 'user-1');
  if (stored === null) throw new Error('a record without operations is always to be seen');
  expect(toLocalRecord(stored)['base']).toEqual({ nextStep: 'Call' });
  expect(projectionOf(stored)).toEqual(conflict);
});

test('SYNC-20 no entity has a field that the local database uses for itself', () => {
  const fields = Object.values(entities).flatMap((definition) => Object.keys(definition.fields));
  expect(fields.filter((field) => ['schema', 'projection', 'pending'].includes(field))).toEqual([]);
});
