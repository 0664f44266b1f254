// A question that is kept: a pivot with the chart and the look that belong to it. It holds no figures, so sharing one tells
// nobody anything: everybody gets the answer from the own records.
import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { documentSharing, documentSharingPolicies } from '#shared/entities/document-sharing.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';

export const report = defineEntity({
  name: 'report',
  collection: 'reports',
  label: 'Report',
  labelPlural: 'Reports',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: {
      type: 'text',
      label: 'Name',
      required: true,
      maxLength: 120,
      searchable: true,
      indexed: true,
      listed: true,
    },
    description: { type: 'longText', label: 'Description', maxLength: 2000 },
    /** A PivotSpec. */
    spec: { type: 'json', label: 'Question', required: true },
    /** How it is shown: chart, formats, what is folded in. */
    look: { type: 'json', label: 'Look' },
    ...documentSharing,
    ...ownershipFields,
  },
  mergePolicies: { owner: 'manual', name: 'manual', description: 'text3', spec: 'manual', ...documentSharingPolicies },
});
export type Report = RecordOf<typeof report>;
