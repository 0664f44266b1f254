// What a person or a territory should close in a period. A period that begins on any other day than a month, quarter or
// year of the organization does would match nothing and be lost silently, so it is refused; the quota remembers in which
// fiscal year it was meant, and every side can check it alone. A manager's quota is the own one, never a sum.
import { isPeriodStart, periodTypes } from '#shared/kernel/periods.ts';
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';

export const quota = defineEntity({
  name: 'quota',
  collection: 'reports',
  label: 'Quota',
  labelPlural: 'Quotas',
  titleField: 'periodStart',
  audience: 'owner',
  fields: {
    userId: { type: 'reference', to: 'user', label: 'Person', indexed: true, listed: true },
    territoryId: { type: 'reference', to: 'territory', label: 'Territory', indexed: true, listed: true },
    periodType: {
      type: 'select',
      label: 'Period',
      required: true,
      listed: true,
      options: toOptions({ month: 'Month', quarter: 'Quarter', year: 'Year' }),
    },
    periodStart: { type: 'date', label: 'Begins on', required: true, indexed: true, listed: true },
    fiscalYearStart: { type: 'integer', label: 'First month of the fiscal year', required: true, defaultValue: 1 },
    amount: { type: 'money', label: 'Quota', group: 'amount', required: true, listed: true },
    currency: { type: 'currency', label: 'Currency', group: 'amount', required: true },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    userId: 'immutable',
    territoryId: 'immutable',
    periodType: 'immutable',
    periodStart: 'immutable',
    fiscalYearStart: 'immutable',
    amount: 'incoming',
  },
  validate(record): readonly FieldProblem[] {
    const problems: FieldProblem[] = [];
    const { userId, territoryId, fiscalYearStart, amount } = record;
    if ((userId ?? null) === null ? (territoryId ?? null) === null : (territoryId ?? null) !== null) {
      problems.push({ field: 'userId', code: 'quotaOf', message: 'A quota is for one person or one territory.' });
    }
    if (typeof amount === 'number' && amount <= 0) {
      problems.push({ field: 'amount', code: 'aboveZero', message: 'A quota is above zero.' });
    }
    if (typeof fiscalYearStart !== 'number' || fiscalYearStart < 1 || fiscalYearStart > 12) {
      problems.push({ field: 'fiscalYearStart', code: 'month', message: 'Enter a month from 1 to 12.' });
      return problems;
    }
    const type = periodTypes.find((known) => known === record['periodType']);
    if (type !== undefined && !isPeriodStart(type, record['periodStart'], fiscalYearStart)) {
      problems.push({ field: 'periodStart', code: 'periodStart', message: 'No such period begins on this day.' });
    }
    return problems;
  },
});
export type Quota = RecordOf<typeof quota>;
