import { IconEyeOff, IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useAppDispatch } from '#renderer/app/store/store.ts';
import { emptyListView, listViewChanged } from '#renderer/app/store/view-slice.ts';
import { ChartTable } from '#renderer/blocks/charts/chart-table.tsx';
import { Chart } from '#renderer/blocks/charts/chart.tsx';
import { GoalsTile } from '#renderer/features/dashboards/goals-tile.tsx';
import { ForecastTile } from '#renderer/features/dashboards/forecast-tile.tsx';
import { ListTile } from '#renderer/features/dashboards/list-tile.tsx';
import { drillOf } from '#renderer/features/dashboards/metric-drill.ts';
import {
  chartDataOfMetric,
  useMetricFormat,
  type MetricWords,
  type ReadyMetric,
} from '#renderer/features/dashboards/metric-words.ts';
import { ReportTile } from '#renderer/features/dashboards/report-tile.tsx';
import { NumberTile } from '#renderer/features/dashboards/number-tile.tsx';
import { usePermissionName } from '#renderer/blocks/use-permission-name.ts';
import type { ChartMark } from '#shared/analytics/chart-data.ts';
import { columnsOfMetric } from '#shared/analytics/metrics/metric-catalogue.ts';
import type { ChartTile, NumberTile as NumberTileData, TableTile, Tile } from '#shared/entities/dashboard/tiles.ts';
import classes from './dashboards.module.css';
import type { MetricAnswer, MetricFilter, MetricsResult } from '#shared/analytics/metrics/metric-question.ts';

type MetricTile = NumberTileData | ChartTile | TableTile;

interface ContentProps {
  readonly filters: MetricFilter;
  readonly result: MetricsResult | undefined;
  readonly words: MetricWords;
  /** What the tile is called on the screen. */
  readonly title: string;
}

export function TileContent(props: ContentProps & { readonly tile: Tile }) {
  const { tile, filters, result, title } = props;
  if (tile.kind === 'list') return <ListTile list={tile.list} filters={filters} />;
  if (tile.kind === 'feed') return <ListTile list="feed" filters={filters} />;
  if (tile.kind === 'goals') return <GoalsTile filters={filters} />;
  if (tile.kind === 'report')
    return result === undefined ? null : <ReportTile tile={tile} title={title} filters={filters} result={result} />;
  if (tile.kind === 'forecast')
    return result === undefined ? null : <ForecastTile title={title} filters={filters} result={result} />;
  const answer = result?.metrics[tile.metric];
  if (result === undefined || answer === undefined) return null;
  if (answer.state === 'unavailable') return <Unavailable answer={answer} />;
  return <MetricContent {...props} tile={tile} result={result} answer={answer} />;
}

/** Why there is no number: never a zero, never a guess. */
function Unavailable(props: { readonly answer: Extract<MetricAnswer, { readonly state: 'unavailable' }> }) {
  const { t } = useTranslation();
  const permissionName = usePermissionName();
  const { answer } = props;
  const permission = answer.reason === 'right' ? permissionName(answer.right) : '';
  return (
    <p className={classes.message} data-unavailable={answer.reason}>
      {answer.reason === 'right' ? <IconLock size={18} aria-hidden /> : <IconEyeOff size={18} aria-hidden />}
      {answer.reason === 'right'
        ? t('dashboards.unavailable.right', { permission })
        : t('dashboards.unavailable.field')}
    </p>
  );
}

/** Shows the records behind a figure in their list. */
function useDrill(tile: MetricTile, filters: MetricFilter, result: MetricsResult) {
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const [today] = useState(() => toLocalDay(new Date()));
  return (part: { readonly key: string | null; readonly column: string } | null): (() => void) | null => {
    const drill = drillOf(tile.metric, part, filters, result.range, today);
    if (drill === null) return null;
    const { list, filter } = drill;
    return () => {
      dispatch(listViewChanged({ list, change: { ...emptyListView, filter } }));
      void navigate(`/${list}`);
    };
  };
}

function MetricContent(
  props: Omit<ContentProps, 'result'> & {
    readonly tile: MetricTile;
    readonly result: MetricsResult;
    readonly answer: ReadyMetric;
  },
) {
  const { t } = useTranslation();
  const { tile, answer, result, words, filters, title } = props;
  const format = useMetricFormat(words, tile.metric, result.currency);
  const drill = useDrill(tile, filters, result);
  if (tile.kind === 'number') {
    return <NumberTile metric={tile.metric} answer={answer} result={result} words={words} onOpen={drill(null)} />;
  }
  const columns = tile.kind === 'table' ? columnsOfMetric(tile.metric).map(({ id }) => id) : tile.columns;
  const opens = (key: string | null, column: string): boolean => drill({ key, column }) !== null;
  const data = chartDataOfMetric(words, tile.metric, answer, result.labels, columns, opens);
  if (data.categories.length === 0) return <p className={classes.message}>{t('charts.empty')}</p>;
  const onMark = ({ rows, value }: ChartMark): void => drill({ key: rows[0] ?? null, column: value })?.();
  if (tile.kind === 'table') return <ChartTable name={title} data={data} format={format} onMark={onMark} />;
  const spec = { type: tile.chart, ...(tile.variant === undefined ? {} : { variant: tile.variant }) };
  return <Chart name={title} spec={spec} data={data} format={format} onMark={onMark} />;
}
