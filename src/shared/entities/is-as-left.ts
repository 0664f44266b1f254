import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';

/** True while a record stands as a change left it: with these values, or (null) deleted. Order within a list means nothing. */
export function isAsLeft(record: AnyRecord | null, left: Readonly<Record<string, unknown>> | null): boolean {
  if (left === null || record === null) return left === record;
  return Object.entries(left).every(([field, value]) => isJsonEqual(sorted(record[field]), sorted(value)));
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.map(String).sort() : (value ?? null);
}
