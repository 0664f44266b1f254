import { entityNames, defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';

const countFields = ['readCount', 'createdCount', 'updatedCount', 'skippedCount', 'failedCount', 'totalCount'] as const;

/** The protocol of one import. When it is done, read = created + updated + skipped + failed. */
export const importJob = defineEntity({
  name: 'importJob',
  collection: 'reports',
  label: 'Import',
  labelPlural: 'Imports',
  titleField: 'fileName',
  audience: 'owner',
  fields: {
    fileName: { type: 'text', label: 'File', required: true, listed: true },
    entity: {
      type: 'select',
      label: 'Records',
      required: true,
      listed: true,
      options: entityNames.map((name) => ({ value: name, label: name })),
    },
    state: {
      type: 'select',
      label: 'State',
      required: true,
      defaultValue: 'running',
      listed: true,
      options: toOptions({
        running: 'Running',
        done: 'Done',
        failed: 'Failed',
        undoing: 'Being undone',
        undone: 'Undone',
      }),
    },
    startedAt: { type: 'dateTime', label: 'Started', listed: true },
    finishedAt: { type: 'dateTime', label: 'Finished' },
    readCount: { type: 'integer', label: 'Rows read', group: 'counts', listed: true },
    createdCount: { type: 'integer', label: 'Created', group: 'counts', listed: true },
    updatedCount: { type: 'integer', label: 'Updated', group: 'counts', listed: true },
    skippedCount: { type: 'integer', label: 'Skipped', group: 'counts', listed: true },
    failedCount: { type: 'integer', label: 'Failed', group: 'counts', listed: true },
    totalCount: { type: 'integer', label: 'Rows in the file', group: 'counts' },
    plan: { type: 'json', label: 'Mapping' },
    rowErrors: { type: 'json', label: 'Row errors' },
    ...ownershipFields,
  },
  mergePolicies: { owner: 'manual', entity: 'immutable', fileName: 'immutable' },
  validate(record) {
    const problems: FieldProblem[] = [];
    for (const field of countFields) {
      const value = record[field];
      if (typeof value === 'number' && value < 0) {
        problems.push({ field, code: 'negative', message: 'A count cannot be negative.' });
      }
    }
    return problems;
  },
});
export type ImportJob = RecordOf<typeof importJob>;
