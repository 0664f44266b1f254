import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { MaskedText } from '#renderer/blocks/masked-text.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { usePlaces } from '#renderer/features/dashboards/places-below.ts';
import { queryOf, shapeOf, type ListShape } from '#renderer/features/dashboards/tile-lists.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import type { TileList } from '#shared/entities/dashboard/tiles.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from './dashboards.module.css';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';

/** Records to work on, or what was done last. */
export function ListTile(props: { readonly list: TileList | 'feed'; readonly filters: MetricFilter }) {
  const { t } = useTranslation();
  const [today] = useState(() => toLocalDay(new Date()));
  const shape = shapeOf(props.list, today);
  const places = usePlaces(props.filters);
  const { data, error } = useLive('list', queryOf(shape, props.filters, places));
  if (error !== undefined) return <p className={classes.message}>{t('dashboards.unavailable.field')}</p>;
  if (data === undefined) return null;
  if (data.rows.length === 0) return <p className={classes.message}>{t(`dashboards.emptyLists.${props.list}`)}</p>;
  return (
    <ul className={classes.list}>
      {data.rows.map((row) => (
        <li key={row.id}>
          <Row row={row} shape={shape} labels={data.labels} />
        </li>
      ))}
    </ul>
  );
}

function Row(props: {
  readonly row: LocalRecord;
  readonly shape: ListShape;
  readonly labels: Readonly<Record<string, string>>;
}) {
  const format = useFormat();
  const names = useNames();
  const { row, shape, labels } = props;
  const path = pathOfRecord(row.kind, row.id);
  const title = recordTitle(row);
  const ids = [row['accountId'], row['dealId'], row['ownerId']];
  const label = ids.flatMap((id) => (typeof id === 'string' ? (labels[id] ?? []) : []))[0];
  const type = row['activityType'];
  const context =
    typeof type === 'string'
      ? [names.option(entities.activity, 'activityType', type), label].filter(Boolean).join(' · ')
      : label;
  return (
    <div className={classes.listRow}>
      {path === null ? (
        <span className={classes.listTitle}>{title}</span>
      ) : (
        <Link className={classes.listTitle} to={path}>
          {title}
        </Link>
      )}
      <span className={classes.listContext}>{context}</span>
      <Fact row={row} fact={shape.fact} format={format} />
    </div>
  );
}

function Fact(props: {
  readonly row: LocalRecord;
  readonly fact: ListShape['fact'];
  readonly format: ReturnType<typeof useFormat>;
}) {
  const { row, fact, format } = props;
  const value = row[fact];
  const masked = maskedTextOf(value);
  if (masked !== null) return <MaskedText text={masked} />;
  if (typeof value === 'number') {
    const { currency } = row;
    return (
      <span className="op-number">{format.money(value, typeof currency === 'string' ? currency : 'EUR', 'short')}</span>
    );
  }
  if (typeof value !== 'string') return null;
  return <span className="op-number">{value.length > 10 ? format.ago(value) : format.nearDay(value)}</span>;
}
