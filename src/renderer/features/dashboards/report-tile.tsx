import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppDispatch, useAppSelector } from '#renderer/app/store/store.ts';
import { emptyListView, listViewChanged } from '#renderer/app/store/view-slice.ts';
import { DrawnPivot } from '#renderer/blocks/charts/drawn-pivot.tsx';
import { pathOfList } from '#renderer/blocks/record-paths.ts';
import { usePivotNames } from '#renderer/blocks/use-pivot-names.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { narrowingOf, startOfDayHere, usePlaces } from '#renderer/features/dashboards/places-below.ts';
import { lookOfTile, narrowedRemarks } from '#renderer/features/dashboards/report-look.ts';
import type { MetricFilter, MetricsResult } from '#shared/analytics/metrics/metric-question.ts';
import { narrowPivot } from '#shared/analytics/narrow-pivot.ts';
import type { ChartMark } from '#shared/analytics/chart-data.ts';
import { entityOfSource } from '#shared/analytics/pivot-source.ts';
import { isPivotSpec, missingFields } from '#shared/analytics/check-pivot.ts';
import type { ReportTile as ReportTileData } from '#shared/entities/dashboard/tiles.ts';
import classes from './dashboards.module.css';

/** A saved report on a dashboard, worked out from the records of whoever looks. */
export function ReportTile(props: {
  readonly tile: ReportTileData;
  readonly title: string;
  readonly filters: MetricFilter;
  readonly result: MetricsResult;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const pivotNames = usePivotNames();
  const format = useFormat();
  const errorText = useErrorText();
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const { tile, title, filters, result } = props;
  const policy = useAppSelector((state) =>
    state.device.session?.status === 'signedIn' ? state.device.session.actor.fields : undefined,
  );
  const { data: found } = useLive('record', { entity: 'report', id: tile.report });
  const stored = found?.record?.['spec'];
  const spec = isPivotSpec(stored) ? stored : null;
  const isSeen = spec !== null && missingFields(spec, policy).length === 0;
  const places = usePlaces(filters);
  const narrowed = isSeen
    ? narrowPivot(spec, narrowingOf(filters, places, result.range), policy, startOfDayHere)
    : null;
  const { data, error } = useLive('pivot', narrowed === null ? null : { spec: narrowed.spec });
  if (found === undefined) return null;
  if (spec === null) return <p className={classes.message}>{t('dashboards.reportGone')}</p>;
  if (narrowed === null) return <p className={classes.message}>{t('dashboards.unavailable.field')}</p>;
  if (error !== undefined) return <p className={classes.message}>{errorText(error)}</p>;
  if (data === undefined) return null;

  function drill({ rows, columns }: ChartMark): void {
    if (narrowed === null) return;
    const path = pathOfList(entityOfSource(narrowed.spec.source));
    if (path === null) return;
    const cell = { spec: narrowed.spec, row: rows, column: columns };
    dispatch(listViewChanged({ list: path.slice(1), change: { ...emptyListView, cell } }));
    void navigate(path);
  }

  const { asOf } = spec;
  const remarks = [
    ...(asOf === undefined ? [] : [t('past.asOf', { day: format.day(asOf) })]),
    ...pivotNames.remarks(spec),
    ...narrowedRemarks(t, names, narrowed),
  ];
  return (
    <>
      {remarks.length === 0 ? null : <p className={classes.facts}>{remarks.join(' · ')}</p>}
      <DrawnPivot
        spec={narrowed.spec}
        answer={data}
        chart={lookOfTile(tile, found.record?.['look'])}
        name={title}
        onMark={drill}
      />
    </>
  );
}
