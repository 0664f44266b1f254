import { useState } from 'react';
import { DrawnPivot } from '#renderer/blocks/charts/drawn-pivot.tsx';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import { ChartSettings, type MarkAction } from '#renderer/features/pivot/chart-settings.tsx';
import type { ChartSpec } from '#shared/analytics/chart-spec.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import classes from './pivot.module.css';
import type { PivotAnswer } from '#shared/analytics/pivot-question.ts';

type Path = readonly (string | null)[];

/** A pivot drawn, with what it is drawn by; a click on a mark leads to its records or filters the pivot by it. */
export function PivotChart(props: {
  readonly spec: PivotSpec;
  readonly chart: ChartSpec;
  readonly answer: PivotAnswer;
  readonly names: PivotNames;
  readonly name: string;
  /** The table stands below it. */
  readonly isBeside: boolean;
  readonly onDrill: (row: Path, column: Path) => void;
  readonly onFilter: (row: Path, column: Path) => void;
  readonly onChange: (chart: ChartSpec) => void;
}) {
  const [action, setAction] = useState<MarkAction>('records');
  const { spec, chart, answer, names } = props;
  return (
    <section className={classes.chart} aria-label={props.name} data-beside={props.isBeside}>
      <ChartSettings
        spec={spec}
        chart={chart}
        names={names}
        currency={answer.currency}
        action={action}
        onAction={setAction}
        onChange={props.onChange}
      />
      <DrawnPivot
        spec={spec}
        chart={chart}
        answer={answer}
        name={props.name}
        onMark={({ rows, columns }) => (action === 'filter' ? props.onFilter : props.onDrill)(rows, columns)}
      />
    </section>
  );
}
