import { expect, it } from 'vitest';
import { isOverdue } from '#renderer/blocks/overdue.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

const record = (values: Readonly<Record<string, unknown>>): AnyRecord => values as unknown as AnyRecord;

it('CRM-08 only the past day of an open deal or an unfinished task is overdue', () => {
  const isLate = (values: Readonly<Record<string, unknown>>, field: string): boolean =>
    isOverdue(record(values), field, '2026-11-26');
  expect(isLate({ kind: 'deal', status: 'open', closeDate: '2026-11-25' }, 'closeDate')).toBe(true);
  expect(isLate({ kind: 'deal', status: 'open', closeDate: '2026-11-26' }, 'closeDate')).toBe(false);
  expect(isLate({ kind: 'deal', status: 'won', closeDate: '2026-11-25' }, 'closeDate')).toBe(false);
  expect(isLate({ kind: 'deal', status: 'open', nextStepDate: '2026-11-25' }, 'nextStepDate')).toBe(false);
  expect(isLate({ kind: 'task', status: 'waiting', dueDate: '2026-11-25' }, 'dueDate')).toBe(true);
  expect(isLate({ kind: 'task', status: 'cancelled', dueDate: '2026-11-25' }, 'dueDate')).toBe(false);
  expect(isLate({ kind: 'task', status: 'open', dueDate: null }, 'dueDate')).toBe(false);
});
