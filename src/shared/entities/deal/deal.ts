// Amount, close date and owner are never overwritten silently: a clash keeps the server's value and asks.
// Everything a stage move changes is one group, so a merge never shows the stage of one person with the
// probability of another. A closed deal leaves its final stage only through reopenDeal, which stamps reopenedAt.
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import {
  audienceFields,
  audiencePolicies,
  extraFields,
  extraPolicies,
  ownershipFields,
  sourceOptions,
  toOptions,
} from '#shared/entities/record-fields.ts';

export const forecastCategories = ['pipeline', 'best_case', 'most_likely', 'commit', 'closed', 'omitted'] as const;
export type ForecastCategory = (typeof forecastCategories)[number];

export const forecastCategoryOptions = toOptions({
  pipeline: 'Pipeline',
  best_case: 'Best case',
  most_likely: 'Most likely',
  commit: 'Commit',
  closed: 'Closed',
  omitted: 'Omitted',
});

export const lostReasonOptions = toOptions({
  price: 'Price',
  competitor: 'Competitor',
  no_budget: 'No budget',
  no_decision: 'No decision',
  timing: 'Timing',
  missing_feature: 'Missing feature',
  no_contact: 'No contact any more',
  imported: 'Not recorded (imported)',
  other: 'Other',
});

/** Reasons for winning; together with the lost reasons the closed list of `wonLostReason`. */
export const wonReasonOptions = toOptions({
  best_fit: 'Best fit',
  best_price: 'Best price',
  relationship: 'Relationship',
  service: 'Service',
  speed: 'Speed',
});

/** One line of a deal: a product, how many, and the price of one in minor units of the deal's currency. */
export interface DealLine {
  readonly productId: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discountPercent: number;
}

/** A chance to sell, also called opportunity (CRM-03, CRM-04). */
export const deal = defineEntity({
  name: 'deal',
  collection: 'deals',
  label: 'Deal',
  labelPlural: 'Deals',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: { type: 'text', label: 'Name', required: true, searchable: true, indexed: true, listed: true },
    accountId: { type: 'reference', to: 'account', label: 'Account', indexed: true, listed: true },
    primaryContactId: { type: 'reference', to: 'contact', label: 'Primary contact', indexed: true },
    contactIds: { type: 'references', to: 'contact', label: 'Contacts' },
    pipelineId: { type: 'reference', to: 'pipeline', label: 'Pipeline', group: 'stage', required: true, indexed: true },
    stageId: {
      type: 'text',
      label: 'Stage',
      group: 'stage',
      required: true,
      maxLength: 64,
      indexed: true,
      listed: true,
    },
    stageChangedAt: { type: 'dateTime', label: 'In stage since', group: 'stage', system: true },
    status: {
      type: 'select',
      label: 'Status',
      group: 'stage',
      system: true,
      indexed: true,
      options: toOptions({ open: 'Open', won: 'Won', lost: 'Lost' }),
    },
    probability: { type: 'percent', label: 'Probability', group: 'stage', listed: true },
    probabilitySource: {
      type: 'select',
      label: 'Probability set by',
      group: 'stage',
      system: true,
      options: toOptions({ stage: 'Stage', manual: 'Hand' }),
    },
    forecastCategory: {
      type: 'select',
      label: 'Forecast category',
      group: 'stage',
      options: forecastCategoryOptions,
      indexed: true,
    },
    categorySource: {
      type: 'select',
      label: 'Category set by',
      group: 'stage',
      system: true,
      options: toOptions({ stage: 'Stage', manual: 'Hand' }),
    },
    wonLostReason: {
      type: 'select',
      label: 'Reason',
      group: 'stage',
      options: [...wonReasonOptions, ...lostReasonOptions],
    },
    wonLostNotes: { type: 'longText', label: 'Notes on the outcome', group: 'stage', maxLength: 4000 },
    closedAt: { type: 'dateTime', label: 'Closed at', group: 'stage', system: true, indexed: true },
    reopenedAt: { type: 'dateTime', label: 'Reopened at', group: 'stage', system: true },
    amount: { type: 'money', label: 'Amount', group: 'amount', listed: true, indexed: true },
    currency: { type: 'currency', label: 'Currency', group: 'amount' },
    closeDate: { type: 'date', label: 'Close date', indexed: true, listed: true },
    openedAt: { type: 'date', label: 'Opened on' },
    productIds: { type: 'references', to: 'product', label: 'Products' },
    lines: { type: 'json', label: 'Lines' },
    ...audienceFields,
    leadSource: { type: 'select', label: 'Source', options: sourceOptions },
    leadId: { type: 'reference', to: 'lead', label: 'From lead', system: true },
    nextStep: { type: 'text', label: 'Next step', listed: true },
    nextStepDate: { type: 'date', label: 'Next step on', listed: true },
    competitor: { type: 'text', label: 'Competitor' },
    description: { type: 'longText', label: 'Description' },
    ...ownershipFields,
    ...extraFields,
  },
  mergePolicies: {
    ...extraPolicies,
    ...audiencePolicies,
    amount: 'manual',
    closeDate: 'manual',
    stage: 'machine',
    contactIds: 'set',
    productIds: 'set',
    lines: 'manual',
    description: 'text3',
    leadId: 'immutable',
  },
  transitions(from, to) {
    const isClosed = from['status'] === 'won' || from['status'] === 'lost';
    if (!isClosed || to['status'] === from['status']) return true;
    const reopenedAt = to['reopenedAt'] ?? null;
    return to['status'] === 'open' && reopenedAt !== null && reopenedAt !== (from['reopenedAt'] ?? null);
  },
  validate: validateDeal,
});
export type Deal = RecordOf<typeof deal>;

function validateDeal(record: Readonly<Record<string, unknown>>): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const amount = record['amount'];
  if (typeof amount === 'number' && amount < 0) {
    problems.push({ field: 'amount', code: 'negative', message: 'The amount cannot be negative.' });
  }
  if (typeof amount === 'number' && typeof record['currency'] !== 'string') {
    problems.push({ field: 'currency', code: 'required', message: 'An amount needs a currency.' });
  }
  const isLost = record['status'] === 'lost';
  if (isLost && typeof record['wonLostReason'] !== 'string') {
    problems.push({ field: 'wonLostReason', code: 'lostReason', message: 'Say why the deal was lost.' });
  }
  const notes = record['wonLostNotes'];
  if (isLost && record['wonLostReason'] === 'other' && (typeof notes !== 'string' || notes.trim() === '')) {
    problems.push({ field: 'wonLostNotes', code: 'lostNotes', message: 'The reason “Other” needs a note.' });
  }
  return problems;
}
