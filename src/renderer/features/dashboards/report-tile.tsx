import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAppDispatch, useAppSelector } from '#renderer/app/store/store.ts';
import { emptyListView, listViewChanged } from '#renderer/app/store/view-slice.ts';
import { DrawnPivot } from '#renderer/blocks/charts/drawn-pivot.tsx';
import { pathOfList } from '#renderer/blocks/record-paths.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { ChartMark } from '#shared/analytics/chart-data.ts';
import { isChartSpec, type ChartSpec } from '#shared/analytics/chart-spec.ts';
import { isPivotSpec, missingFields } from '#shared/analytics/check-pivot.ts';
import type { ReportTile as ReportTileData } from '#shared/entities/dashboard/tiles.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import classes from './dashboards.module.css';

/** As the report was saved: drawn, or as a table. */
function savedLookOf(look: unknown): ChartSpec | 'table' {
  const { show, chart } = isPlainObject(look) ? look : {};
  return (show === 'chart' || show === 'both') && isChartSpec(chart) ? chart : 'table';
}

/** A saved report on a dashboard, worked out from the records of whoever looks. */
export function ReportTile(props: { readonly tile: ReportTileData; readonly title: string }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const { tile, title } = props;
  const policy = useAppSelector((state) =>
    state.device.session?.status === 'signedIn' ? state.device.session.actor.fields : undefined,
  );
  const { data: found } = useLive('record', { entity: 'report', id: tile.report });
  const stored = found?.record?.['spec'];
  const spec = isPivotSpec(stored) ? stored : null;
  const isSeen = spec !== null && missingFields(spec, policy).length === 0;
  const { data, error } = useLive('pivot', isSeen ? { spec } : null);
  if (found === undefined) return null;
  if (spec === null) return <p className={classes.message}>{t('dashboards.reportGone')}</p>;
  if (!isSeen) return <p className={classes.message}>{t('dashboards.unavailable.field')}</p>;
  if (error !== undefined) return <p className={classes.message}>{errorText(error)}</p>;
  if (data === undefined) return null;

  function drill({ rows, columns }: ChartMark): void {
    const path = spec === null ? null : pathOfList(spec.source);
    if (path === null || spec === null) return;
    const cell = { spec, row: rows, column: columns };
    dispatch(listViewChanged({ list: path.slice(1), change: { ...emptyListView, cell } }));
    void navigate(path);
  }

  const chart =
    tile.chart === 'table'
      ? 'table'
      : tile.chart === 'saved'
        ? savedLookOf(found.record?.['look'])
        : { type: tile.chart };
  return <DrawnPivot spec={spec} answer={data} chart={chart} name={title} onMark={drill} />;
}
