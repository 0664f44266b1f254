import { entityNames, defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';

/** Filter, columns and sorting of a list under a name. */
export const savedView = defineEntity({
  name: 'savedView',
  collection: 'reports',
  label: 'Saved view',
  labelPlural: 'Saved views',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: { type: 'text', label: 'Name', required: true, maxLength: 120, listed: true },
    entity: {
      type: 'select',
      label: 'Records',
      required: true,
      indexed: true,
      options: entityNames.map((name) => ({ value: name, label: name })),
    },
    layout: {
      type: 'select',
      label: 'Shown as',
      defaultValue: 'list',
      options: [
        { value: 'list', label: 'List' },
        { value: 'board', label: 'Board' },
      ],
    },
    filter: { type: 'json', label: 'Filter' },
    search: { type: 'text', label: 'Search words' },
    sort: { type: 'json', label: 'Sorting' },
    columns: { type: 'json', label: 'Columns' },
    isShared: { type: 'boolean', label: 'Shared with my team', defaultValue: false },
    position: { type: 'number', label: 'Position' },
    ...ownershipFields,
  },
  mergePolicies: { owner: 'manual', entity: 'immutable' },
});
export type SavedView = RecordOf<typeof savedView>;
