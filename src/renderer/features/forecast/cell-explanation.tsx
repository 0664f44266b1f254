import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { ShownAdjustment } from '#shared/analytics/forecast/forecast-contract.ts';
import type { AmountCellProps } from '#renderer/features/forecast/forecast-props.ts';
import { useRowName } from '#renderer/features/forecast/use-row-name.ts';
import { categoriesOf } from '#shared/analytics/forecast-sums.ts';
import classes from './forecast.module.css';

/** The four numbers of a cell, who put what in whose place and why, and how many deals are behind it. */
export function CellExplanation(props: AmountCellProps & { readonly columnName: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useRowName();
  const { row, column, currency, state } = props;
  const cell = row.columns[column];
  const count = categoriesOf(column, state.view.columnMode).reduce((sum, category) => sum + row.counts[category], 0);
  const money = (amount: number | null): string => (amount === null ? '–' : format.money(amount, currency));
  return (
    <div className={classes.explanation}>
      <strong>
        {nameOf(row)} · {props.columnName}
      </strong>
      <p>{t(`forecast.columnHints.${state.view.columnMode}.${column}`)}</p>
      <dl>
        <dt>{t('forecast.levels.unadjusted')}</dt>
        <dd>{money(cell.unadjusted)}</dd>
        <dt>{t('forecast.levels.ownerAdjusted')}</dt>
        <dd>{money(cell.ownerAdjusted)}</dd>
        <dt>{t('forecast.levels.managerAdjusted')}</dt>
        <dd>{money(cell.managerAdjusted)}</dd>
        <dt>{t('forecast.quotaColumns.quota')}</dt>
        <dd>{money(row.quota)}</dd>
      </dl>
      <AdjustmentText adjustment={cell.owner} currency={currency} />
      <AdjustmentText adjustment={cell.manager} currency={currency} />
      <p>{t('forecast.dealsBehind', { count, formatted: format.number(count) })}</p>
    </div>
  );
}

function AdjustmentText(props: { readonly adjustment: ShownAdjustment | null; readonly currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { adjustment, currency } = props;
  if (adjustment === null) return null;
  const value = format.money(adjustment.value, currency);
  const base = format.money(adjustment.baseValue, currency);
  return (
    <p>
      {t('forecast.putInPlace', { name: adjustment.byName, value, base, when: format.ago(adjustment.at) })}
      {adjustment.note === null ? null : <q className={classes.note}>{adjustment.note}</q>}
      {adjustment.isStale ? <span className={classes.staleText}>{t('forecast.staleText')}</span> : null}
    </p>
  );
}
