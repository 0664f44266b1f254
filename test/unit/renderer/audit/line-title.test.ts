import { expect, test } from 'vitest';
import { titleOfLine } from '#renderer/features/audit/line-title.ts';
import type { AuditLine } from '#shared/sync/audit-messages.ts';

const words = {
  names: { option: (_definition: unknown, field: string, value: string) => `${field} in words: ${value}` },
  day: (day: string) => `day ${day}`,
  unseen: 'out of sight',
};
const titleOf = (line: Partial<AuditLine>) =>
  titleOfLine({ isWithheld: false, name: null, entity: 'account', ...line } as AuditLine, words);

test('AUD-07 an entry names its record in words, also where the name is a choice or a day', () => {
  expect(titleOf({ entity: 'report', name: 'Won by month' })).toBe('Won by month');
  expect(titleOf({ entity: 'forecastAdjustment', name: 'best_case' })).toBe('category in words: best_case');
  expect(titleOf({ entity: 'quota', name: '2026-10-01' })).toBe('day 2026-10-01');
  // Masked, or no day any more.
  expect(titleOf({ entity: 'quota', name: '•••' })).toBe('•••');
});

test('AUD-07 a record the reader does not see, as a private report of somebody else, is said to be one', () => {
  expect(titleOf({ entity: 'report', isWithheld: true })).toBe('out of sight');
  expect(titleOf({ entity: 'policies' })).toBe('');
});
