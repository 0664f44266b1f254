import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '#renderer/data/use-data.ts';
import type { MetricWords } from '#renderer/features/dashboards/metric-words.ts';
import { reportsQuery } from '#renderer/features/dashboards/use-tile-title.ts';
import { chartTypes } from '#shared/analytics/chart-spec.ts';
import {
  metricCatalogue,
  metricIds,
  type MetricDefinition,
  type MetricId,
} from '#shared/analytics/metrics/metric-catalogue.ts';
import { tileLists, type ReportTile, type Tile, type TileList } from '#shared/entities/dashboard/tiles.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './dashboards.module.css';

/** What a tile looks like; charts of figures are the kinds that suit parts. */
const looks = [
  'number',
  'bar',
  'line',
  'area',
  'pie',
  'funnel',
  'gauge',
  'table',
  'list',
  'feed',
  'report',
  'forecast',
  'goals',
] as const;
type Look = (typeof looks)[number];

const groups: readonly MetricDefinition['group'][] = ['deals', 'pipeline', 'leads', 'team', 'work'];

const sizes: Readonly<Record<'number' | 'table' | 'report' | 'other', { readonly w: number; readonly h: number }>> = {
  number: { w: 3, h: 2 },
  table: { w: 8, h: 5 },
  report: { w: 6, h: 5 },
  other: { w: 4, h: 5 },
};

/** Looks of what is no figure. */
const others: ReadonlySet<Look> = new Set(['list', 'feed', 'report', 'forecast', 'goals']);

const reportCharts = ['saved', 'table', ...chartTypes] as const;

/** Figures this look can show. */
function suits(look: Look, metric: MetricId): boolean {
  const { keys, unit } = metricCatalogue[metric];
  if (look === 'gauge') return unit === 'percent' || unit === 'score';
  return look === 'number' ? true : keys !== undefined;
}

interface Choice {
  readonly metric: MetricId;
  readonly list: TileList;
  readonly report: string;
  readonly chart: ReportTile['chart'];
}

function tileOf(look: Look, { metric, list, report, chart }: Choice, title: string, id: string): Tile {
  const base = { id, x: 0, y: 0, ...(title.trim() === '' ? {} : { title: title.trim() }) };
  switch (look) {
    case 'number':
      return { ...base, ...sizes.number, kind: 'number', metric };
    case 'table':
      return { ...base, ...sizes.table, kind: 'table', metric };
    case 'list':
      return { ...base, ...sizes.other, kind: 'list', list };
    case 'feed':
      return { ...base, ...sizes.other, kind: 'feed' };
    case 'report':
      return { ...base, ...sizes.report, kind: 'report', report, chart };
    case 'forecast':
      return { ...base, ...sizes.report, kind: 'forecast' };
    case 'goals':
      return { ...base, ...sizes.other, kind: 'goals' };
    case 'bar':
    case 'line':
    case 'area':
    case 'pie':
    case 'funnel':
    case 'gauge':
      return { ...base, ...sizes.other, kind: 'chart', metric, chart: look };
  }
}

export function AddTileDialog(props: {
  readonly words: MetricWords;
  readonly onAdd: (tile: Tile) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { words } = props;
  const [look, setLook] = useState<Look>('number');
  const [metric, setMetric] = useState<MetricId>('wonValue');
  const [list, setList] = useState<TileList>('closingSoon');
  const [title, setTitle] = useState('');
  const [chart, setChart] = useState<ReportTile['chart']>('saved');
  const [report, setReport] = useState<string | null>(null);
  const reports = useLive('list', reportsQuery).data?.rows ?? [];
  const reportId = report ?? reports[0]?.id ?? '';
  const isOfMetric = !others.has(look);
  const isMissing = look === 'report' && reportId === '';
  const suitable = metricIds.filter((id) => suits(look, id));
  const chosen = suitable.includes(metric) ? metric : (suitable[0] ?? metric);

  return (
    <Modal opened onClose={props.onClose} title={t('dashboards.addTile.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onAdd(tileOf(look, { metric: chosen, list, report: reportId, chart }, title, crypto.randomUUID()));
        }}
      >
        <Stack gap="sm">
          <Select
            label={t('dashboards.addTile.look')}
            allowDeselect={false}
            data-autofocus
            data={looks.map((value) => ({ value, label: t(`dashboards.looks.${value}`) }))}
            value={look}
            onChange={(value) => setLook(looks.find((known) => known === value) ?? look)}
          />
          {isOfMetric ? (
            <>
              <Select
                label={t('dashboards.addTile.metric')}
                searchable
                allowDeselect={false}
                nothingFoundMessage={t('common.nothingFound')}
                data={groups.flatMap((group) => {
                  const items = suitable
                    .filter((id) => metricCatalogue[id].group === group)
                    .map((id) => ({ value: id, label: words.name(id) }));
                  return items.length === 0 ? [] : [{ group: t(`metrics.groups.${group}`), items }];
                })}
                value={chosen}
                onChange={(value) => setMetric(metricIds.find((known) => known === value) ?? metric)}
              />
              <Text size="xs" className={classes.definition}>
                {words.definition(chosen)}
              </Text>
            </>
          ) : null}
          {look === 'list' ? (
            <Select
              label={t('dashboards.addTile.list')}
              allowDeselect={false}
              data={tileLists.map((value) => ({ value, label: t(`dashboards.lists.${value}`) }))}
              value={list}
              onChange={(value) => setList(tileLists.find((known) => known === value) ?? list)}
            />
          ) : null}
          {look === 'report' ? (
            <>
              <Select
                label={t('dashboards.report')}
                allowDeselect={false}
                searchable
                description={reports.length === 0 ? t('dashboards.noReports') : undefined}
                disabled={reports.length === 0}
                data={reports.map((row) => ({ value: row.id, label: textOf(row['name']) }))}
                value={reportId}
                onChange={setReport}
              />
              <Select
                label={t('dashboards.addTile.chart')}
                allowDeselect={false}
                data={reportCharts.map((value) => ({
                  value,
                  label:
                    value === 'saved' || value === 'table'
                      ? t(`dashboards.reportLooks.${value}`)
                      : t(`charts.types.${value}`),
                }))}
                value={chart}
                onChange={(value) => setChart(reportCharts.find((known) => known === value) ?? chart)}
              />
            </>
          ) : null}
          <TextInput
            label={t('dashboards.addTile.name')}
            maxLength={80}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" disabled={isMissing}>
              {t('dashboards.addTile.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
