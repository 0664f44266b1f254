// The currency figures are told in, and amounts of other currencies in it: the organization's own, at its dated rates.
import type { RecordSource } from '#shared/query/record-source.ts';
import { createRateTable, datedRatesOf, type RateTable } from '#shared/analytics/convert-money.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';

/** What conversions rest on. */
export const moneyEntities: readonly EntityName[] = ['organization', 'exchangeRate'];

export function organizationMoneyOf(source: RecordSource): RateTable {
  const { currency } = figuresOf(source.get('organization', ORGANIZATION_ID));
  return createRateTable(datedRatesOf(source.all('exchangeRate').values()), currency);
}
