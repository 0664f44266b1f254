// A forecast as a table: each line with every number as it comes from deals, with the adjustments of owners and with those of
// managers, beside what is expected, the quota and how much of it is attained.
import type { TFunction } from 'i18next';
import type { ForecastNumbers } from '#renderer/blocks/export/export-question.ts';
import type { ForecastQuery, ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { forecastColumns } from '#shared/analytics/forecast-sums.ts';
import { inBatches, type ExportColumn, type ExportRow, type ExportTable } from '#shared/export/export-table.ts';

export const forecastLevels = ['unadjusted', 'ownerAdjusted', 'managerAdjusted'] as const;

export interface ShownForecast {
  readonly numbers: ForecastNumbers;
  readonly query: ForecastQuery;
  readonly currency: string;
  readonly rows: readonly ForecastRow[];
  readonly nameOf: (row: ForecastRow) => string;
}

const levelsOf = ({ numbers }: ShownForecast): readonly (typeof forecastLevels)[number][] =>
  numbers === 'all' ? forecastLevels : ['managerAdjusted'];

function columnsOf(t: TFunction, shown: ShownForecast): readonly ExportColumn[] {
  const { query, currency, numbers } = shown;
  const money = (key: string, label: string): ExportColumn => ({ key, label, type: 'money', currency });
  return [
    { key: 'name', label: t(`forecast.names.${query.hierarchy}`), type: 'text' },
    ...forecastColumns.flatMap((column) =>
      levelsOf(shown).map((level) =>
        money(
          `${column}.${level}`,
          numbers === 'all' ? t(`forecast.levels.${level}`) : t(`forecast.columns.${query.columnMode}.${column}`),
        ),
      ),
    ),
    money('expected', t('forecast.expected')),
    money('quota', t('forecast.quotaColumns.quota')),
    { key: 'attainment', label: t('forecast.quotaColumns.attainment'), type: 'percent' },
    { key: 'coverage', label: t('forecast.quotaColumns.coverage'), type: 'number' },
    money('gap', t('forecast.quotaColumns.gap')),
    money('submitted', t('forecast.export.submitted')),
    { key: 'submittedAt', label: t('forecast.export.submittedAt'), type: 'dateTime' },
  ];
}

const rounded = (value: number | null, step: number): number | null =>
  value === null ? null : Math.round(value / step) * step;

function rowOf(shown: ShownForecast, row: ForecastRow): ExportRow {
  const { standing, submitted } = row;
  return {
    level: row.level,
    kind: row.hasChildren ? 'subtotal' : 'row',
    cells: [
      shown.nameOf(row),
      ...forecastColumns.flatMap((column) => levelsOf(shown).map((level) => rounded(row.columns[column][level], 1))),
      rounded(row.forecast, 1),
      row.quota,
      standing.attainment === null ? null : rounded(standing.attainment * 100, 0.1),
      rounded(standing.coverage, 0.1),
      rounded(standing.gap, 1),
      submitted?.commit ?? null,
      submitted?.at ?? null,
    ],
  };
}

/** All lines, whether they are folded in on the screen or not. */
export function forecastTable(
  t: TFunction,
  shown: ShownForecast,
  title: string,
  subtitle: readonly string[],
): ExportTable {
  const columns = columnsOf(t, shown);
  const rows = shown.rows.map((row) => rowOf(shown, row));
  const table: ExportTable = { title, subtitle, columns, rows: inBatches(rows), rowCount: rows.length };
  if (shown.numbers === 'standing') return table;
  const groups = forecastColumns.map((column) => ({
    label: t(`forecast.columns.${shown.query.columnMode}.${column}`),
    span: forecastLevels.length,
  }));
  const named = 1 + groups.length * forecastLevels.length;
  const headers = [[{ label: '', span: 1 }, ...groups, { label: '', span: columns.length - named }]];
  return { ...table, headers };
}
