// A forecast as somebody stood for it at one moment: every number with the deals it was made of, frozen. Nothing changes it
// and nobody deletes it; it is what the accuracy of forecasts is measured by.
import { validateNode } from '#shared/entities/forecast-adjustment/forecast-adjustment.ts';
import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';

export const forecastSubmission = defineEntity({
  name: 'forecastSubmission',
  collection: 'reports',
  label: 'Submitted forecast',
  labelPlural: 'Submitted forecasts',
  titleField: 'periodStart',
  audience: 'owner',
  fields: {
    hierarchy: {
      type: 'select',
      label: 'Through',
      required: true,
      options: toOptions({ managers: 'Managers', territories: 'Territories' }),
    },
    periodStart: { type: 'date', label: 'From', required: true, indexed: true },
    periodEnd: { type: 'date', label: 'To', required: true },
    userId: { type: 'reference', to: 'user', label: 'Person' },
    forTeamId: { type: 'reference', to: 'team', label: 'Team whose number it is' },
    territoryId: { type: 'reference', to: 'territory', label: 'Territory' },
    submittedAt: { type: 'dateTime', label: 'Submitted at', required: true, system: true },
    /** Commit with what was closed, after all adjustments: what accuracy looks at. */
    commit: { type: 'money', label: 'Commit', required: true, derivedFrom: ['deal.amount'] },
    currency: { type: 'currency', label: 'Currency', required: true },
    numbers: { type: 'json', label: 'Numbers', required: true, derivedFrom: ['deal.amount', 'deal.probability'] },
    /** `id:revision` of each deal, the largest amounts first. There may be none. */
    deals: { type: 'json', label: 'Deals', noisy: true },
    dealCount: { type: 'integer', label: 'Number of deals', required: true },
    note: { type: 'text', label: 'Note', maxLength: 500 },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    hierarchy: 'immutable',
    periodStart: 'immutable',
    periodEnd: 'immutable',
    userId: 'immutable',
    forTeamId: 'immutable',
    territoryId: 'immutable',
    submittedAt: 'immutable',
    commit: 'immutable',
    currency: 'immutable',
    numbers: 'immutable',
    deals: 'immutable',
    dealCount: 'immutable',
    note: 'immutable',
  },
  validate: validateNode,
});
export type ForecastSubmission = RecordOf<typeof forecastSubmission>;
