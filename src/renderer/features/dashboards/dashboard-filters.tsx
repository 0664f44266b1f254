import { Group, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DayInput } from '#renderer/blocks/day-input.tsx';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { usePipelines } from '#renderer/blocks/use-pipelines.ts';
import { isMetricPeriod, periodNames, type MetricPeriod } from '#shared/analytics/metrics/period.ts';
import { entities } from '#shared/entities/registry.ts';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';

type Named = 'owner' | 'team' | 'territory' | 'pipeline';

/** What all tiles are about. */
export function DashboardFilters(props: {
  readonly filters: MetricFilter;
  readonly range: { readonly from: string; readonly to: string };
  readonly onChange: (filters: MetricFilter) => void;
}) {
  const { t } = useTranslation();
  const pipelines = usePipelines();
  const seesTerritories = useFieldModes().isKnown(entities.deal, 'territoryId');
  const { filters, range, onChange } = props;
  const { period } = filters;
  const isCustom = typeof period !== 'string';

  function choose(name: Named, id: string | null): void {
    const { [name]: _left, ...others } = filters;
    onChange(id === null || id === '' ? others : { ...others, [name]: id });
  }

  function choosePeriod(value: string | null): void {
    if (value === 'custom') onChange({ ...filters, period: { from: range.from, to: range.to } });
    else if (isMetricPeriod(value)) onChange({ ...filters, period: value });
  }

  function changeDay(end: 'from' | 'to', day: string | null): void {
    if (!isCustom || day === null) return;
    const next: MetricPeriod = { ...period, [end]: day };
    onChange({ ...filters, period: next });
  }

  return (
    <Group gap={8} role="group" aria-label={t('dashboards.filters.label')}>
      <Select
        size="xs"
        w={170}
        aria-label={t('dashboards.filters.period')}
        allowDeselect={false}
        data={[...periodNames, 'custom' as const].map((value) => ({ value, label: t(`dashboards.periods.${value}`) }))}
        value={isCustom ? 'custom' : period}
        onChange={choosePeriod}
      />
      {isCustom
        ? (['from', 'to'] as const).map((end) => (
            <DayInput
              key={end}
              size="xs"
              w={120}
              aria-label={t(`dashboards.filters.${end}`)}
              value={period[end]}
              onChange={(day) => changeDay(end, day)}
            />
          ))
        : null}
      {(['user', 'team', ...(seesTerritories ? (['territory'] as const) : [])] as const).map((entity) => {
        const name = entity === 'user' ? 'owner' : entity;
        return (
          <div key={entity} style={{ width: 160 }}>
            <ReferenceInput
              entity={entity}
              size="xs"
              placeholder={t(`dashboards.filters.${name}`)}
              ariaLabel={t(`dashboards.filters.${name}`)}
              value={filters[name] ?? null}
              onChange={(id) => choose(name, id)}
            />
          </div>
        );
      })}
      {pipelines.length > 1 ? (
        <Select
          size="xs"
          w={150}
          clearable
          placeholder={t('dashboards.filters.pipeline')}
          aria-label={t('dashboards.filters.pipeline')}
          data={pipelines.map(({ id, name }) => ({ value: id, label: name }))}
          value={filters.pipeline ?? null}
          onChange={(id) => choose('pipeline', id)}
        />
      ) : null}
    </Group>
  );
}
