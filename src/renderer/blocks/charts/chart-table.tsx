import { UnstyledButton } from '@mantine/core';
import type { ChartData, ChartMark } from '#shared/analytics/chart-data.ts';
import type { FormatChartNumber } from '#shared/charts/chart-look.ts';
import classes from './charts.module.css';

/** The same numbers to read, to hear and to reach by keyboard: a mark is a button in its cell. */
export function ChartTable(props: {
  readonly name: string;
  readonly data: ChartData;
  readonly format: FormatChartNumber;
  readonly onMark?: ((mark: ChartMark) => void) | undefined;
}) {
  const { data, format, onMark } = props;
  const { across, sizes } = data;
  const columns = [
    ...(across === undefined ? [] : [{ id: 'across', ...across, marks: [] }]),
    ...data.series,
    ...(sizes === undefined ? [] : [{ id: 'sizes', ...sizes, marks: [] }]),
  ];
  return (
    // A region that scrolls is reached by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.tableScroll} role="region" aria-label={props.name} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{data.axis}</th>
            {columns.map(({ id, label }) => (
              <th key={id} scope="col" className="op-number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.categories.map(({ label }, index) => (
            <tr key={`${label} ${String(index)}`}>
              <th scope="row">{label}</th>
              {columns.map(({ id, value, numbers, marks }) => {
                const number = numbers[index] ?? Number.NaN;
                const text = Number.isNaN(number) ? '–' : format(number, value, 'full');
                const mark = marks[index] ?? null;
                return (
                  <td key={id} className="op-number">
                    {/* An empty cell (nothing was counted) opens nothing. */}
                    {mark === null || onMark === undefined || text === '' ? (
                      text
                    ) : (
                      <UnstyledButton className={classes.cellButton} onClick={() => onMark(mark)}>
                        {text}
                      </UnstyledButton>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
