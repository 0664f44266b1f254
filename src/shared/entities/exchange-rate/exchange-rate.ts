// What one unit of a currency was worth in the organization's currency, from a day on. The rate is decimal text ("0.9213"),
// read digit by digit: a floating point number would already be another rate. Each says in which currency it is stated, so
// that an organization that changes its currency never reads old rates wrongly.
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';
import { parseRate } from '#shared/kernel/rate.ts';

export const exchangeRate = defineEntity({
  name: 'exchangeRate',
  collection: 'catalog',
  label: 'Exchange rate',
  labelPlural: 'Exchange rates',
  titleField: 'currency',
  audience: 'tenant',
  fields: {
    currency: { type: 'currency', label: 'Currency', required: true, listed: true },
    homeCurrency: { type: 'currency', label: 'Stated in', required: true, listed: true },
    day: { type: 'date', label: 'From', required: true, listed: true },
    rate: { type: 'text', label: 'Rate', required: true, maxLength: 32, listed: true },
    ...ownershipFields,
  },
  mergePolicies: { owner: 'current', currency: 'immutable', homeCurrency: 'immutable', day: 'manual', rate: 'manual' },
  validate(record): readonly FieldProblem[] {
    const problems: FieldProblem[] = [];
    if (parseRate(record['rate']) === null) {
      problems.push({ field: 'rate', code: 'rate', message: 'Enter a rate above zero with a point, like 0.9213.' });
    }
    if (record['currency'] === record['homeCurrency']) {
      problems.push({ field: 'currency', code: 'sameCurrency', message: 'A currency needs no rate against itself.' });
    }
    return problems;
  },
});
export type ExchangeRate = RecordOf<typeof exchangeRate>;
