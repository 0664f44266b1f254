import { useMemo } from 'react';
import { Chart } from '#renderer/blocks/charts/chart.tsx';
import type { PivotAnswer } from '#renderer/data/data-contract.ts';
import { ChartSettings } from '#renderer/features/pivot/chart-settings.tsx';
import type { PivotNames } from '#renderer/features/pivot/use-pivot-names.ts';
import { chartDataOf } from '#shared/analytics/chart-data.ts';
import type { ChartSpec } from '#shared/analytics/chart-spec.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import classes from './pivot.module.css';

type Path = readonly (string | null)[];

/** A pivot drawn; a click on a mark leads to its records. */
export function PivotChart(props: {
  readonly spec: PivotSpec;
  readonly chart: ChartSpec;
  readonly answer: PivotAnswer;
  readonly names: PivotNames;
  /** What a total is called. */
  readonly total: string;
  readonly name: string;
  /** The table stands below it. */
  readonly isBeside: boolean;
  readonly onDrill: (row: Path, column: Path) => void;
  readonly onChange: (chart: ChartSpec) => void;
}) {
  const { spec, chart, answer, names, total } = props;
  const data = useMemo(
    () =>
      chartDataOf(answer.result, chart, {
        member(axis, path) {
          const dimension = spec[axis][path.length - 1];
          return dimension === undefined
            ? total
            : names.member(spec.source, dimension, path[path.length - 1] ?? null, answer);
        },
        level({ axis, level }) {
          const dimension = spec[axis][level - 1];
          return dimension === undefined ? '' : names.dimension(spec.source, dimension);
        },
        value(id) {
          const measure = spec.values.find((known) => known.id === id);
          return measure === undefined ? id : names.measure(spec, measure);
        },
      }),
    [answer, chart, spec, names, total],
  );
  return (
    <section className={classes.chart} aria-label={props.name} data-beside={props.isBeside}>
      <ChartSettings spec={spec} chart={chart} names={names} onChange={props.onChange} />
      <Chart
        spec={chart}
        data={data}
        name={props.name}
        format={(number, value, style) => {
          const measure = spec.values.find(({ id }) => id === value);
          return measure === undefined ? '' : names.cell(spec, measure, number, answer.currency, style);
        }}
        onMark={({ rows, columns }) => props.onDrill(rows, columns)}
      />
    </section>
  );
}
