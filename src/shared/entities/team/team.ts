import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';

/** A group of users with a lead; teams form a tree. */
export const team = defineEntity({
  name: 'team',
  collection: 'people',
  label: 'Team',
  labelPlural: 'Teams',
  titleField: 'name',
  audience: 'tenant',
  fields: {
    name: { type: 'text', label: 'Name', required: true, searchable: true, indexed: true, listed: true },
    parentId: { type: 'reference', to: 'team', label: 'Parent team', indexed: true, listed: true },
    leadId: { type: 'reference', to: 'user', label: 'Team lead', indexed: true, listed: true },
    territoryId: { type: 'reference', to: 'territory', label: 'Territory', listed: true },
    description: { type: 'longText', label: 'Description' },
    externalId: { type: 'text', label: 'External id', maxLength: 128, indexed: true },
    ...ownershipFields,
  },
  mergePolicies: { owner: 'manual', parentId: 'manual', leadId: 'manual', description: 'text3', externalId: 'current' },
  validate(record) {
    if (record['parentId'] !== record['id'] || record['id'] === undefined) return [];
    return [{ field: 'parentId', code: 'cycle', message: 'A team cannot be its own parent.' }];
  },
});
export type Team = RecordOf<typeof team>;
