// What leaves Outpost with a column, as the masking log is to know it.
import { fieldModeOf, isPlainlyVisible, type FieldPolicy } from '#shared/access/field-policy.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

export interface ExportedField {
  readonly entity: EntityName;
  readonly field: string;
}

const definitionOfField = ({ entity, field }: ExportedField) => entities[entity].fields[field];

/** Leaves as its mask. */
export function isMaskedColumn(policy: FieldPolicy, column: ExportedField): boolean {
  return definitionOfField(column) !== undefined && fieldModeOf(policy, column.entity, column.field) === 'mask';
}

/** Not there for this person, or not as it is. */
export function isUnseenColumn(policy: FieldPolicy, column: ExportedField): boolean {
  return definitionOfField(column) !== undefined && !isPlainlyVisible(policy, column.entity, column.field);
}

/** Personal data that leave as they are. */
export function isPersonalColumn(policy: FieldPolicy, column: ExportedField): boolean {
  return definitionOfField(column)?.pii === true && isPlainlyVisible(policy, column.entity, column.field);
}
