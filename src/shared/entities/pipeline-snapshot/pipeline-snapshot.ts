// What stood open in the pipeline at the end of a day, added up for each owner and team. The server writes one once and
// nobody changes it, so a trend of the past is the same for everybody, whatever becomes of the deals. It belongs to whom
// the deals belonged: whoever sees it by owner or team saw them. It is made of amounts and dates, and as visible as they are.
import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';

export const pipelineSnapshot = defineEntity({
  name: 'pipelineSnapshot',
  collection: 'reports',
  label: 'Pipeline snapshot',
  labelPlural: 'Pipeline snapshots',
  titleField: 'day',
  audience: 'owner',
  fields: {
    day: { type: 'date', label: 'Day', required: true, indexed: true, listed: true },
    lines: {
      type: 'json',
      label: 'Open deals',
      noisy: true,
      derivedFrom: ['deal.amount', 'deal.currency', 'deal.closeDate', 'deal.probability', 'deal.forecastCategory'],
    },
    ...ownershipFields,
  },
  mergePolicies: { owner: 'immutable', day: 'immutable', lines: 'immutable' },
});
export type PipelineSnapshot = RecordOf<typeof pipelineSnapshot>;
