import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';
import { findItemProblem } from '#shared/entities/task-template/template-items.ts';

/** Tasks that come again and again in the same way, with checklists and days counted from a start. */
export const taskTemplate = defineEntity({
  name: 'taskTemplate',
  collection: 'catalog',
  label: 'Task template',
  labelPlural: 'Task templates',
  titleField: 'name',
  audience: 'tenant',
  fields: {
    name: { type: 'text', label: 'Name', required: true, indexed: true, listed: true },
    description: { type: 'longText', label: 'Description', maxLength: 2000 },
    items: { type: 'json', label: 'Tasks', required: true },
    skipsWeekends: { type: 'boolean', label: 'Not on weekends', defaultValue: true },
    ...ownershipFields,
  },
  mergePolicies: { owner: 'manual', items: 'manual', description: 'text3' },
  validate(record) {
    return findItemProblem(record['items']);
  },
});
export type TaskTemplate = RecordOf<typeof taskTemplate>;
