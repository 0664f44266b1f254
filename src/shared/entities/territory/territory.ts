import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { extraFields, extraPolicies, ownershipFields } from '#shared/entities/record-fields.ts';

/** A part of the market; territories form a tree. */
export const territory = defineEntity({
  name: 'territory',
  collection: 'catalog',
  label: 'Territory',
  labelPlural: 'Territories',
  titleField: 'name',
  audience: 'tenant',
  fields: {
    name: { type: 'text', label: 'Name', required: true, searchable: true, indexed: true, listed: true },
    code: { type: 'text', label: 'Code', maxLength: 40, listed: true },
    parentId: { type: 'reference', to: 'territory', label: 'Parent territory', indexed: true, listed: true },
    description: { type: 'longText', label: 'Description' },
    ...ownershipFields,
    ...extraFields,
  },
  mergePolicies: { ...extraPolicies, parentId: 'manual', description: 'text3' },
  validate(record) {
    if (record['parentId'] !== record['id'] || record['id'] === undefined) return [];
    return [{ field: 'parentId', code: 'cycle', message: 'A territory cannot be its own parent.' }];
  },
});
export type Territory = RecordOf<typeof territory>;
