import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

const finished = new Set(['done', 'cancelled']);

/** True for the day an open deal was to close on, or a task was due, when that day is over. */
export function isOverdue(record: AnyRecord, field: string, today = toLocalDay(new Date())): boolean {
  const day = record[field];
  if (typeof day !== 'string' || day === '' || day.slice(0, 10) >= today) return false;
  if (record.kind === 'deal' && field === 'closeDate') return record['status'] === 'open';
  return record.kind === 'task' && field === 'dueDate' && !finished.has(textOf(record['status']));
}
