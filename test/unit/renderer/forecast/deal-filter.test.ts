import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ForecastQuery, ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { filterOfCell } from '#renderer/features/forecast/deal-filter.ts';
import { periodName } from '#renderer/blocks/period-name.ts';
import { categoriesOf, categoryOf, columnModes, forecastColumns } from '#shared/analytics/forecast-sums.ts';
import { forecastCategories } from '#shared/entities/deal/deal.ts';
import { entities } from '#shared/entities/registry.ts';
import { matchesFilter } from '#shared/query/evaluate-filter.ts';
import { createRecord, propertyRuns } from '../../../support/sample-entities.ts';

const asked = { today: '2026-05-01', fiscalYearStart: 1 };

const period = { start: '2026-04-01', end: '2026-06-30' };

const rowOf = (dealsOf: ForecastRow['dealsOf']): ForecastRow => ({ dealsOf }) as ForecastRow;
const queryOf = (parts: Partial<ForecastQuery>): ForecastQuery =>
  ({ hierarchy: 'managers', columnMode: 'single', period, ...parts }) as ForecastQuery;

test('ANA-20 the deals behind a number are exactly those that were added up', () => {
  const deals = fc.record({
    status: fc.constantFrom('open', 'won', 'lost'),
    forecastCategory: fc.constantFrom(...forecastCategories, null),
    closeDate: fc.constantFrom('2026-03-31', '2026-04-01', '2026-06-30', '2026-07-01', null),
    ownerId: fc.constantFrom('rick', 'rosa', 'nobody', null),
  });
  const rows = fc.constantFrom(null, ['rick'], ['rick', 'rosa'], [null]);
  fc.assert(
    fc.property(
      deals,
      rows,
      fc.constantFrom(...forecastColumns),
      fc.constantFrom(...columnModes),
      (values, dealsOf, column, columnMode) => {
        const filter = filterOfCell(queryOf({ columnMode }), rowOf(dealsOf), column);
        const { closeDate, ownerId } = values;
        const isIn = closeDate !== null && closeDate >= period.start && closeDate <= period.end;
        const isTheirs = dealsOf === null || (dealsOf as readonly (string | null)[]).includes(ownerId);
        const isCounted = categoriesOf(column, columnMode).includes(categoryOf(values));
        const found = matchesFilter(entities.deal, filter, createRecord(values), asked);
        expect(found).toBe(isIn && isTheirs && isCounted);
      },
    ),
    propertyRuns,
  );
});

test('TER-04 behind the number of a territory are the deals of the territory', () => {
  const filter = filterOfCell(queryOf({ hierarchy: 'territories' }), rowOf(['dach']), 'closed');
  const deal = createRecord({ status: 'won', closeDate: '2026-05-01', territoryId: 'dach' });
  expect(matchesFilter(entities.deal, filter, deal, asked)).toBe(true);
  expect(matchesFilter(entities.deal, filter, { ...deal, territoryId: 'uk' }, asked)).toBe(false);
});

test.each([
  ['month', '2026-11-01', '2026-11-30', 1, 'November 2026'],
  ['quarter', '2026-10-01', '2026-12-31', 1, 'Q4 2026'],
  ['quarter', '2026-10-01', '2026-12-31', 4, 'Q3 2026/27'],
  ['quarter', '2026-01-01', '2026-03-31', 4, 'Q4 2025/26'],
  ['year', '2025-04-01', '2026-03-31', 4, '2025/26'],
] as const)(
  'ANA-20 the %s from %s to %s of a year that begins in month %i is named',
  (type, start, end, first, name) => {
    expect(periodName(type, { start, end }, 'en', first)).toBe(name);
  },
);
