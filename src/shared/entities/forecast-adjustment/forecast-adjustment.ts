// One number that somebody put in place of a forecast. Never changed: another number is another record, and of those with
// the same key (hierarchy, way of counting, period, node, column, adjuster) the one the server received last holds. So two
// devices of one person never collide, the older numbers are their own history, and deleting the last one brings back the
// one before. It belongs to whoever wrote it: what a manager thinks of a number is seen by the managers above, not below.
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { textOf } from '#shared/kernel/text-of.ts';

export const forecastAdjustment = defineEntity({
  name: 'forecastAdjustment',
  collection: 'reports',
  label: 'Forecast adjustment',
  labelPlural: 'Forecast adjustments',
  titleField: 'category',
  audience: 'owner',
  fields: {
    hierarchy: {
      type: 'select',
      label: 'Through',
      required: true,
      options: toOptions({ managers: 'Managers', territories: 'Territories' }),
    },
    columnMode: {
      type: 'select',
      label: 'Columns',
      required: true,
      options: toOptions({ single: 'Single', cumulative: 'Cumulative' }),
    },
    periodStart: { type: 'date', label: 'From', required: true, indexed: true },
    periodEnd: { type: 'date', label: 'To', required: true },
    userId: { type: 'reference', to: 'user', label: 'Person' },
    forTeamId: { type: 'reference', to: 'team', label: 'Team whose number it is' },
    territoryId: { type: 'reference', to: 'territory', label: 'Territory' },
    category: {
      type: 'select',
      label: 'Column',
      required: true,
      options: toOptions({
        pipeline: 'Pipeline',
        best_case: 'Best case',
        most_likely: 'Most likely',
        commit: 'Commit',
      }),
    },
    value: { type: 'money', label: 'Number', required: true, derivedFrom: ['deal.amount'] },
    baseValue: { type: 'money', label: 'In place of', required: true, derivedFrom: ['deal.amount'] },
    currency: { type: 'currency', label: 'Currency', required: true },
    note: { type: 'text', label: 'Note', maxLength: 500 },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    hierarchy: 'immutable',
    columnMode: 'immutable',
    periodStart: 'immutable',
    periodEnd: 'immutable',
    userId: 'immutable',
    forTeamId: 'immutable',
    territoryId: 'immutable',
    category: 'immutable',
    value: 'immutable',
    baseValue: 'immutable',
    currency: 'immutable',
    note: 'immutable',
  },
  validate: validateNode,
});
export type ForecastAdjustment = RecordOf<typeof forecastAdjustment>;

/** An adjustment or a submission is about exactly one node of its hierarchy. */
export function validateNode(record: Readonly<Record<string, unknown>>): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const [user, team, territory] = ['userId', 'forTeamId', 'territoryId'].map(
    (field) => (record[field] ?? null) !== null,
  );
  const named = [user, team, territory].filter((is) => is === true).length;
  if (named !== 1 || (record['hierarchy'] === 'territories') !== territory) {
    problems.push({ field: 'userId', code: 'forecastNode', message: 'This is about one person, team or territory.' });
  }
  if (String(record['periodEnd']) < String(record['periodStart'])) {
    problems.push({ field: 'periodEnd', code: 'periodEnd', message: 'A period ends after it begins.' });
  }
  return problems;
}

/** Where an adjustment belongs; two with the same key replace each other. */
export function adjustmentKey(record: Readonly<Record<string, unknown>>): string {
  const parts = ['hierarchy', 'columnMode', 'periodStart', 'periodEnd', 'userId', 'forTeamId', 'territoryId'];
  return [...parts, 'category', 'ownerId'].map((field) => textOf(record[field])).join(' ');
}

/** Newest first: what the server has not seen yet is the newest of all. */
export function compareByReceipt(
  a: { readonly rev: number; readonly createdAt: string; readonly id: string },
  b: { readonly rev: number; readonly createdAt: string; readonly id: string },
): number {
  const [left, right] = [a.rev === 0 ? Infinity : a.rev, b.rev === 0 ? Infinity : b.rev];
  if (left !== right) return right > left ? 1 : -1;
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}
