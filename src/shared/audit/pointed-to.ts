import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';

/** The kind of record a field names with ids; null for a field that holds a value of its own. A role is a built-in one or a record. */
export function pointedTo(definition: EntityDefinition | undefined, field: string): EntityName | null {
  if (field === 'ownerId') return 'user';
  if (field === 'teamId') return 'team';
  const shape = definition?.fields[field];
  if (shape?.type === 'reference' || shape?.type === 'references') return shape.to ?? null;
  return shape?.orRecordOf ?? null;
}
