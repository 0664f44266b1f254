// The tree as a table. Arrows go from cell to cell; Enter opens what is behind a number or a line.
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ForecastTableProps } from '#renderer/features/forecast/forecast-props.ts';
import type { ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { ForecastLine } from '#renderer/features/forecast/forecast-line.tsx';
import { forecastColumns } from '#shared/analytics/forecast-sums.ts';
import classes from './forecast.module.css';

/** Rows that are not inside a closed one. */
function openRows(rows: readonly ForecastRow[], closed: ReadonlySet<string>): readonly ForecastRow[] {
  const hidden = new Set<string>();
  return rows.filter((row) => {
    const isHidden = row.parent !== null && (closed.has(row.parent) || hidden.has(row.parent));
    if (isHidden) hidden.add(row.key);
    return !isHidden;
  });
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Moves the focus from cell to cell. */
function moveFocus(event: KeyboardEvent<HTMLTableElement>): void {
  const step = STEPS[event.key];
  const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-cell]') : null;
  if (step === undefined || cell === null || event.altKey || event.ctrlKey || event.metaKey) return;
  const row = cell.closest('tr');
  const lines = [...event.currentTarget.querySelectorAll('tbody tr')];
  const at = [...(row?.querySelectorAll('[data-cell]') ?? [])].indexOf(cell);
  const line = lines[lines.indexOf(row as HTMLTableRowElement) + step[0]];
  const next = line?.querySelectorAll<HTMLElement>('[data-cell]')[at + step[1]];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

export function ForecastTable(props: ForecastTableProps) {
  const { t } = useTranslation();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());

  function toggle(key: string, isOpen: boolean): void {
    const next = new Set(closed);
    if (isOpen) next.delete(key);
    else next.add(key);
    setClosed(next);
  }

  const unpriced = props.rows.reduce((most, row) => Math.max(most, row.unpriced), 0);
  return (
    <div>
      {unpriced === 0 ? null : (
        <p className={classes.warning} role="status">
          {t('forecast.unpriced', { count: unpriced, currency: props.currency })}
        </p>
      )}
      <div className={classes.frame}>
        <table role="grid" className={classes.table} aria-label={t('forecast.table')} onKeyDown={moveFocus}>
          <thead>
            <tr>
              <th scope="col" className={classes.nameColumn}>
                {t(`forecast.names.${props.state.view.hierarchy}`)}
              </th>
              {forecastColumns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className={column === 'closed' ? classes.closedColumn : classes.amountColumn}
                  title={t(`forecast.columnHints.${props.state.view.columnMode}.${column}`)}
                >
                  <span className={column === 'closed' ? undefined : classes.amountHead}>
                    {t(`forecast.columns.${props.state.view.columnMode}.${column}`)}
                  </span>
                </th>
              ))}
              <th scope="col" title={t(`forecast.methodHints.${props.state.view.method}`)}>
                {t('forecast.expected')}
              </th>
              {(['quota', 'attainment', 'coverage', 'gap'] as const).map((name) => (
                <th
                  key={name}
                  scope="col"
                  {...(name === 'quota' ? { className: classes.amountColumn } : {})}
                  title={t(`forecast.quotaHints.${name}`)}
                >
                  {t(`forecast.quotaColumns.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {openRows(props.rows, closed).map((row) => (
              <ForecastLine
                key={row.key}
                {...props}
                row={row}
                isOpen={row.hasChildren && !closed.has(row.key)}
                onToggle={(isOpen) => toggle(row.key, isOpen)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
