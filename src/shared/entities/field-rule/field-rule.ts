// One rule: what a role may do with one field. A rule with stars in place of role, entity and field is the organization's
// default for every field nobody wrote a rule for.
import { fieldModes, type FieldMode } from '#shared/access/field-policy.ts';
import {
  ANY,
  isGovernableName,
  isGovernedEntity,
  isUnrestrictedRole,
  type FieldRule as Rule,
} from '#shared/access/governed-fields.ts';
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';

export const fieldRule = defineEntity({
  name: 'fieldRule',
  collection: 'catalog',
  label: 'Field rule',
  labelPlural: 'Field rules',
  titleField: 'field',
  audience: 'owner',
  fields: {
    role: { type: 'text', label: 'Role', required: true, maxLength: 64 },
    entity: { type: 'text', label: 'Records', required: true, maxLength: 32 },
    field: { type: 'text', label: 'Field', required: true, maxLength: 64 },
    mode: {
      type: 'select',
      label: 'May',
      required: true,
      options: toOptions({ hidden: 'Not see it', mask: 'See it masked', view: 'See it', edit: 'Change it' }),
    },
    ...ownershipFields,
  },
  mergePolicies: { owner: 'current', role: 'immutable', entity: 'immutable', field: 'immutable', mode: 'current' },
  validate(record): readonly FieldProblem[] {
    const { role, entity, field } = record;
    if (role === ANY && entity === ANY && field === ANY) return [];
    if (typeof role === 'string' && isUnrestrictedRole(role)) {
      return [{ field: 'role', code: 'administrators', message: 'Administrators see and change every field.' }];
    }
    if (role === ANY || !isGovernedEntity(String(entity)) || !isGovernableName(String(field))) {
      return [{ field: 'field', code: 'ungoverned', message: 'There can be no rule for this field.' }];
    }
    return [];
  },
});
export type FieldRule = RecordOf<typeof fieldRule>;

/** A stored rule as it is evaluated. A mode nobody knows hides. */
export function toFieldRule(record: Readonly<Record<string, unknown>>): Rule {
  const mode: FieldMode = fieldModes.find((known) => known === record['mode']) ?? 'hidden';
  return { role: String(record['role']), entity: String(record['entity']), field: String(record['field']), mode };
}
