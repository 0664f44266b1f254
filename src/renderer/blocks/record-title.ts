import { maskedTextOf } from '#shared/access/field-policy.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** The name of a record to show, masked where it is masked; empty where there is none. Never a value to save. */
export function recordTitle(record: AnyRecord | null | undefined): string {
  if (record === null || record === undefined) return '';
  const title = record[entities[record.kind].titleField];
  return maskedTextOf(title) ?? textOf(title);
}
