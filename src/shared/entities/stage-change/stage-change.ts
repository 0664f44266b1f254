// The history of what a deal is worth, whose it is and where it stands. Two kinds of entries: a move between stages, made
// where the move was made (so two devices that are offline never overwrite each other's history; the first one of a deal
// has no `from`), and a change without a move, which the server writes (`fromStage` and `toStage` are the same, and so are the types).
// Only ever created, never changed. The server gives the values before and after, so that each entry goes on where the
// last one ended. Order of a deal's entries: `createdAt`, the order in which they were accepted.
import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { forecastCategoryOptions } from '#shared/entities/deal/deal.ts';

const stageTypeOptions = toOptions({ open: 'Open', won: 'Won', lost: 'Lost' });

export const stageChange = defineEntity({
  name: 'stageChange',
  collection: 'activities',
  label: 'Stage change',
  labelPlural: 'Stage changes',
  titleField: 'toStage',
  audience: 'owner',
  // What the deal was worth at the time follows the rules of what it is worth now.
  fields: {
    dealId: { type: 'reference', to: 'deal', label: 'Deal', required: true, indexed: true, listed: true },
    pipelineId: { type: 'reference', to: 'pipeline', label: 'Pipeline', required: true },
    fromStage: { type: 'text', label: 'From', maxLength: 64, listed: true },
    toStage: { type: 'text', label: 'To', required: true, maxLength: 64, listed: true },
    fromType: { type: 'select', label: 'From type', options: stageTypeOptions },
    toType: { type: 'select', label: 'To type', options: stageTypeOptions, required: true },
    currency: { type: 'currency', label: 'Currency', derivedFrom: ['deal.currency'] },
    /** Where it was another one than `currency`; entries from before there was this field have none. */
    currencyBefore: { type: 'currency', label: 'Currency before', derivedFrom: ['deal.currency'] },
    amountBefore: { type: 'money', label: 'Amount before', derivedFrom: ['deal.amount'] },
    amountAfter: { type: 'money', label: 'Amount after', derivedFrom: ['deal.amount'] },
    closeDateBefore: { type: 'date', label: 'Close date before', derivedFrom: ['deal.closeDate'] },
    closeDateAfter: { type: 'date', label: 'Close date after', derivedFrom: ['deal.closeDate'] },
    probabilityBefore: { type: 'percent', label: 'Probability before', derivedFrom: ['deal.probability'] },
    probabilityAfter: { type: 'percent', label: 'Probability after', derivedFrom: ['deal.probability'] },
    forecastCategoryBefore: {
      type: 'select',
      label: 'Category before',
      options: forecastCategoryOptions,
      derivedFrom: ['deal.forecastCategory'],
    },
    forecastCategoryAfter: {
      type: 'select',
      label: 'Category after',
      options: forecastCategoryOptions,
      derivedFrom: ['deal.forecastCategory'],
    },
    ownerBefore: { type: 'reference', to: 'user', label: 'Owner before' },
    ownerAfter: { type: 'reference', to: 'user', label: 'Owner after' },
    occurredAt: { type: 'dateTime', label: 'When', required: true, indexed: true, listed: true },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    dealId: 'immutable',
    pipelineId: 'immutable',
    fromStage: 'immutable',
    toStage: 'immutable',
    fromType: 'immutable',
    toType: 'immutable',
    currency: 'immutable',
    currencyBefore: 'immutable',
    amountBefore: 'immutable',
    amountAfter: 'immutable',
    closeDateBefore: 'immutable',
    closeDateAfter: 'immutable',
    probabilityBefore: 'immutable',
    probabilityAfter: 'immutable',
    forecastCategoryBefore: 'immutable',
    forecastCategoryAfter: 'immutable',
    ownerBefore: 'immutable',
    ownerAfter: 'immutable',
    occurredAt: 'immutable',
  },
});
export type StageChange = RecordOf<typeof stageChange>;
