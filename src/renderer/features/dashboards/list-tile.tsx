import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { MaskedText } from '#renderer/blocks/masked-text.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import type { ListQuery, LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import type { TileList } from '#shared/entities/dashboard/tiles.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { FieldFilter, Sort } from '#shared/query/filter.ts';
import classes from './dashboards.module.css';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';

interface ListShape {
  readonly entity: EntityName;
  readonly and: readonly FieldFilter[];
  readonly sort: Sort;
  /** Shown beside the title. */
  readonly fact: 'amount' | 'closeDate' | 'dueDate' | 'createdAt' | 'occurredAt';
}

const isOpen: FieldFilter = { field: 'status', op: 'eq', value: 'open' };

/** `today` for lists of what is over. */
function shapeOf(list: TileList | 'feed', today: string): ListShape {
  switch (list) {
    case 'closingSoon':
      return {
        entity: 'deal',
        and: [isOpen, { field: 'closeDate', op: 'withinDays', value: 30 }],
        sort: { field: 'closeDate', direction: 'asc' },
        fact: 'closeDate',
      };
    case 'overdueDeals':
      return {
        entity: 'deal',
        and: [isOpen, { field: 'closeDate', op: 'lt', value: today }],
        sort: { field: 'closeDate', direction: 'asc' },
        fact: 'closeDate',
      };
    case 'largestDeals':
      return { entity: 'deal', and: [isOpen], sort: { field: 'amount', direction: 'desc' }, fact: 'amount' };
    case 'recentlyWon':
      return {
        entity: 'deal',
        and: [{ field: 'status', op: 'eq', value: 'won' }],
        sort: { field: 'closeDate', direction: 'desc' },
        fact: 'amount',
      };
    case 'newLeads':
      return {
        entity: 'lead',
        and: [{ field: 'status', op: 'eq', value: 'new' }],
        sort: { field: 'createdAt', direction: 'desc' },
        fact: 'createdAt',
      };
    case 'dueTasks':
      return {
        entity: 'task',
        and: [{ field: 'status', op: 'in', value: ['open', 'in_progress', 'waiting'] }],
        sort: { field: 'dueDate', direction: 'asc' },
        fact: 'dueDate',
      };
    case 'feed':
      return { entity: 'activity', and: [], sort: { field: 'occurredAt', direction: 'desc' }, fact: 'occurredAt' };
  }
}

const SHOWN = 20;

interface Places {
  readonly teams: readonly string[] | null;
  readonly territories: readonly string[] | null;
}

function queryOf({ entity, and, sort }: ListShape, { owner, pipeline }: MetricFilter, places: Places): ListQuery {
  const isPlaced = Object.hasOwn(entities[entity].fields, 'territoryId');
  const filters: readonly FieldFilter[] = [
    ...and,
    ...(owner === undefined ? [] : [{ field: 'ownerId', op: 'eq', value: owner } as const]),
    ...(places.teams === null ? [] : [{ field: 'teamId', op: 'in', value: places.teams } as const]),
    ...(places.territories === null || !isPlaced
      ? []
      : [{ field: 'territoryId', op: 'in', value: places.territories } as const]),
    ...(pipeline === undefined || entity !== 'deal'
      ? []
      : [{ field: 'pipelineId', op: 'eq', value: pipeline } as const]),
  ];
  return { entity, filter: { and: filters }, sort: [sort], offset: 0, limit: SHOWN };
}

/** Ids of a team or territory and of everything below it; null for none. Figures are narrowed in the same way. */
function useBelow(entity: 'team' | 'territory', id: string | undefined): readonly string[] | null {
  const query = { entity, sort: [], offset: 0, limit: 1000 } as const;
  const { data } = useLive('list', id === undefined ? null : query);
  if (id === undefined) return null;
  const rows = data?.rows ?? [];
  const found = new Set([id]);
  for (const parent of found) {
    if (rows.find((row) => row.id === parent)?.['rollupMetrics'] === false) continue;
    for (const row of rows) if (row['parentId'] === parent) found.add(row.id);
  }
  return [...found];
}

/** Records to work on, or what was done last. */
export function ListTile(props: { readonly list: TileList | 'feed'; readonly filters: MetricFilter }) {
  const { t } = useTranslation();
  const [today] = useState(() => toLocalDay(new Date()));
  const shape = shapeOf(props.list, today);
  const places = {
    teams: useBelow('team', props.filters.team),
    territories: useBelow('territory', props.filters.territory),
  };
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
