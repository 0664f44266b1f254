import { CheckIcon, Group, MultiSelect, NumberInput, Select, type SelectProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { scaleOf } from '#renderer/blocks/measure-kind.ts';
import { drawnValues } from '#shared/charts/pivot-drawing.ts';
import { kindOfMeasure } from '#shared/analytics/measure-kind.ts';
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

const PATH_WIDTH = 210;
/** What a field of that width shows without cutting. */
const MOST_SHOWN = 27;
const STEP = ' › ';

/** A long path without its beginning: what it ends in tells it from others. The list and the hint have all of it. */
function shortPath(name: string): string {
  if (name.length <= MOST_SHOWN) return name;
  const at = name.lastIndexOf(STEP);
  return `…${name.slice(Math.max(at, name.length - MOST_SHOWN + 1))}`;
}

const keyOf = ({ axis, level }: ChartLevel): string => `${axis} ${String(level)}`;

/** What a click on a mark does. */
export type MarkAction = 'records' | 'filter';

/** What is drawn along, by colour, by size: levels and values of the pivot. */
export function ChartSettings(props: {
  readonly spec: PivotSpec;
  readonly chart: ChartSpec;
  readonly names: PivotNames;
  readonly currency: string;
  readonly action: MarkAction;
  readonly onAction: (action: MarkAction) => void;
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
  const nameOf = (key: string): string | undefined => levels.find(({ level }) => keyOf(level) === key)?.name;
  const optionOf = ({ level, name }: (typeof levels)[number]) => ({ value: keyOf(level), label: shortPath(name) });
  const paths = {
    comboboxProps: { width: 'max-content', position: 'bottom-start' },
    renderOption: ({ option, checked }) => (
      <>
        {checked === true ? <CheckIcon size={10} className={classes.checked ?? ''} aria-hidden /> : null}
        {nameOf(option.value) ?? option.label}
      </>
    ),
  } satisfies Pick<SelectProps, 'comboboxProps' | 'renderOption'>;
  const hintOf = (label: string, key: string): string => [label, nameOf(key)].filter(Boolean).join(': ');
  const across = levels.filter(({ level }) => level.axis !== x?.axis);
  const values = spec.values.map((measure) => ({ value: measure.id, label: names.measure(spec, measure) }));
  const drawn = drawnValues(chart, spec);
  const [first] = drawn;
  const scale = first === undefined ? 1 : scaleOf(kindOfMeasure(spec, first), props.currency);
  const { most } = chart;
  const hasSeries = !singleSeriesTypes.has(chart.type) && chart.type !== 'scatter';
  const { x: _x, colorBy, y, sizeBy, ...rest } = chart;
  const kept = {
    ...(chart.x === undefined ? {} : { x: chart.x }),
    ...(colorBy === undefined ? {} : { colorBy }),
    ...(y === undefined ? {} : { y }),
    ...(sizeBy === undefined ? {} : { sizeBy }),
  };
  const color = colorBy === null ? '' : keyOf(colorBy ?? across[0]?.level ?? { axis: 'columns', level: 1 });
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
      {chart.type === 'gauge' ? null : (
        <Select
          size="xs"
          w={PATH_WIDTH}
          aria-label={t('analytics.chart.along')}
          title={hintOf(t('analytics.chart.along'), x === undefined ? '' : keyOf(x))}
          data={levels.map(optionOf)}
          value={x === undefined ? null : keyOf(x)}
          {...paths}
          allowDeselect={false}
          onChange={(key) => {
            const level = find(key);
            const { colorBy: _, ...others } = kept;
            if (level !== undefined) props.onChange({ ...rest, ...others, x: level });
          }}
        />
      )}
      {hasSeries && across.length > 0 ? (
        <Select
          size="xs"
          w={PATH_WIDTH}
          aria-label={t('analytics.chart.color')}
          title={hintOf(t('analytics.chart.color'), color)}
          data={[{ value: '', label: t('analytics.chart.byValue') }, ...across.map(optionOf)]}
          value={color}
          {...paths}
          allowDeselect={false}
          onChange={(key) => props.onChange({ ...rest, ...kept, colorBy: find(key) ?? null })}
        />
      ) : null}
      {singleSeriesTypes.has(chart.type) ? (
        <Select
          size="xs"
          w={PATH_WIDTH}
          aria-label={t('analytics.chart.value')}
          title={t('analytics.chart.value')}
          data={values}
          value={drawn[0]?.id ?? null}
          allowDeselect={false}
          onChange={(id) => props.onChange({ ...rest, ...kept, ...(id === null ? {} : { y: [id] }) })}
        />
      ) : (
        <MultiSelect
          size="xs"
          maw={320}
          aria-label={t('analytics.chart.values')}
          placeholder={y === undefined ? drawn.map((measure) => names.measure(spec, measure)).join(', ') : ''}
          data={values}
          value={[...(y ?? [])]}
          onChange={(ids) => {
            const { y: _, ...others } = kept;
            props.onChange({ ...rest, ...others, ...(ids.length === 0 ? {} : { y: ids }) });
          }}
        />
      )}
      {chart.type === 'gauge' ? (
        <NumberInput
          size="xs"
          w={170}
          aria-label={t('analytics.chart.most')}
          placeholder={t('analytics.chart.most')}
          title={t('analytics.chart.most')}
          min={0}
          hideControls
          value={most === undefined ? '' : most / scale}
          onChange={(end) => {
            const { most: _, ...others } = chart;
            const number = Number(end) * scale;
            props.onChange(end !== '' && number > 0 ? { ...others, most: number } : others);
          }}
        />
      ) : null}
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
      <Select
        size="xs"
        w={190}
        aria-label={t('analytics.chart.click')}
        title={t('analytics.chart.click')}
        data={(['records', 'filter'] as const).map((value) => ({ value, label: t(`analytics.chart.clicks.${value}`) }))}
        value={props.action}
        allowDeselect={false}
        onChange={(value) => props.onAction(value === 'filter' ? 'filter' : 'records')}
      />
    </Group>
  );
}
