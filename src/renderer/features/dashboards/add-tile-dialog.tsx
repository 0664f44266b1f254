import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetricWords } from '#renderer/features/dashboards/metric-words.ts';
import {
  metricCatalogue,
  metricIds,
  type MetricDefinition,
  type MetricId,
} from '#shared/analytics/metrics/metric-catalogue.ts';
import { tileLists, type Tile, type TileList } from '#shared/entities/dashboard/tiles.ts';
import classes from './dashboards.module.css';

/** What a tile looks like; charts of figures are the kinds that suit parts. */
const looks = ['number', 'bar', 'line', 'area', 'pie', 'funnel', 'gauge', 'table', 'list', 'feed'] as const;
type Look = (typeof looks)[number];

const groups: readonly MetricDefinition['group'][] = ['deals', 'pipeline', 'leads', 'team', 'work'];

const sizes: Readonly<Record<'number' | 'table' | 'other', { readonly w: number; readonly h: number }>> = {
  number: { w: 3, h: 2 },
  table: { w: 8, h: 5 },
  other: { w: 4, h: 5 },
};

/** Figures this look can show. */
function suits(look: Look, metric: MetricId): boolean {
  const { keys, unit } = metricCatalogue[metric];
  if (look === 'gauge') return unit === 'percent' || unit === 'score';
  return look === 'number' ? true : keys !== undefined;
}

function tileOf(look: Look, metric: MetricId, list: TileList, title: string, id: string): Tile {
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
  const isOfMetric = look !== 'list' && look !== 'feed';
  const suitable = metricIds.filter((id) => suits(look, id));
  const chosen = suitable.includes(metric) ? metric : (suitable[0] ?? metric);

  return (
    <Modal opened onClose={props.onClose} title={t('dashboards.addTile.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onAdd(tileOf(look, chosen, list, title, crypto.randomUUID()));
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
          <TextInput
            label={t('dashboards.addTile.name')}
            maxLength={80}
            placeholder={isOfMetric ? words.name(chosen) : t(`dashboards.lists.${look === 'feed' ? 'feed' : list}`)}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit">{t('dashboards.addTile.add')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
