import { Group, MultiSelect, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import {
  barVariants,
  chartTypes,
  singleSeriesTypes,
  type ChartLevel,
  type ChartSpec,
} from '#shared/analytics/chart-spec.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import classes from './pivot.module.css';

const keyOf = ({ axis, level }: ChartLevel): string => `${axis} ${String(level)}`;

/** What is drawn along, by colour, by size: levels and values of the pivot. */
export function ChartSettings(props: {
  readonly spec: PivotSpec;
  readonly chart: ChartSpec;
  readonly names: PivotNames;
  readonly onChange: (chart: ChartSpec) => void;
}) {
  const { t } = useTranslation();
  const { spec, chart, names } = props;
  const levels = (['rows', 'columns'] as const).flatMap((axis) =>
    spec[axis].map((dimension, index) => ({
      level: { axis, level: index + 1 } satisfies ChartLevel,
      name: names.dimension(spec.source, dimension),
    })),
  );
  const find = (key: string | null): ChartLevel | undefined => levels.find(({ level }) => keyOf(level) === key)?.level;
  const x = chart.x ?? levels[0]?.level;
  const options = levels.map(({ level, name }) => ({ value: keyOf(level), label: name }));
  const across = levels.filter(({ level }) => level.axis !== x?.axis);
  const values = spec.values.map((measure) => ({ value: measure.id, label: names.measure(spec, measure) }));
  const hasSeries = !singleSeriesTypes.has(chart.type) && chart.type !== 'scatter';
  const { x: _x, colorBy, y, sizeBy, ...rest } = chart;
  const kept = {
    ...(chart.x === undefined ? {} : { x: chart.x }),
    ...(colorBy === undefined ? {} : { colorBy }),
    ...(y === undefined ? {} : { y }),
    ...(sizeBy === undefined ? {} : { sizeBy }),
  };
  return (
    <Group gap={6} className={classes.chartTools}>
      <Select
        size="xs"
        w={140}
        aria-label={t('analytics.chart.type')}
        data={chartTypes.map((value) => ({ value, label: t(`charts.types.${value}`) }))}
        value={chart.type}
        allowDeselect={false}
        onChange={(value) => {
          const type = chartTypes.find((known) => known === value);
          if (type !== undefined) props.onChange({ ...chart, type });
        }}
      />
      {chart.type === 'bar' || chart.type === 'area' ? (
        <Select
          size="xs"
          w={140}
          aria-label={t('analytics.chart.variant')}
          data={barVariants.map((value) => ({ value, label: t(`analytics.chart.variants.${value}`) }))}
          value={chart.variant ?? 'grouped'}
          allowDeselect={false}
          onChange={(value) => {
            const variant = barVariants.find((known) => known === value);
            if (variant !== undefined) props.onChange({ ...chart, variant });
          }}
        />
      ) : null}
      <Select
        size="xs"
        w={170}
        aria-label={t('analytics.chart.along')}
        title={t('analytics.chart.along')}
        data={options}
        value={x === undefined ? null : keyOf(x)}
        allowDeselect={false}
        onChange={(key) => {
          const level = find(key);
          const { colorBy: _, ...others } = kept;
          if (level !== undefined) props.onChange({ ...rest, ...others, x: level });
        }}
      />
      {hasSeries && across.length > 0 ? (
        <Select
          size="xs"
          w={170}
          aria-label={t('analytics.chart.color')}
          title={t('analytics.chart.color')}
          data={[
            { value: '', label: t('analytics.chart.byValue') },
            ...across.map(({ level, name }) => ({ value: keyOf(level), label: name })),
          ]}
          value={colorBy === null ? '' : keyOf(colorBy ?? across[0]?.level ?? { axis: 'columns', level: 1 })}
          allowDeselect={false}
          onChange={(key) => props.onChange({ ...rest, ...kept, colorBy: find(key) ?? null })}
        />
      ) : null}
      <MultiSelect
        size="xs"
        maw={320}
        aria-label={t('analytics.chart.values')}
        placeholder={y === undefined ? t('analytics.chart.allValues') : ''}
        data={values}
        value={[...(y ?? [])]}
        onChange={(ids) => {
          const { y: _, ...others } = kept;
          props.onChange({ ...rest, ...others, ...(ids.length === 0 ? {} : { y: ids }) });
        }}
      />
      {chart.type === 'scatter' ? (
        <Select
          size="xs"
          w={160}
          clearable
          aria-label={t('analytics.chart.size')}
          placeholder={t('analytics.chart.size')}
          data={values}
          value={sizeBy ?? null}
          onChange={(id) => {
            const { sizeBy: _, ...others } = kept;
            props.onChange({ ...rest, ...others, ...(id === null ? {} : { sizeBy: id }) });
          }}
        />
      ) : null}
    </Group>
  );
}
