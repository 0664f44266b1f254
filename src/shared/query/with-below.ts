import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

/** Ids of a record and of everything below it in its tree, as far as `isOpen` lets through. */
export function withBelow(
  source: RecordSource,
  entity: 'team' | 'territory',
  id: string,
  isOpen: (record: AnyRecord | undefined) => boolean,
): ReadonlySet<string> {
  const found = new Set([id]);
  // A set grows while it is walked: every record added is visited once.
  for (const parent of found) {
    if (!isOpen(source.get(entity, parent))) continue;
    for (const record of source.all(entity).values()) if (record['parentId'] === parent) found.add(record.id);
  }
  return found;
}
