import { Checkbox, NumberInput, Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { fractionDigits } from '#shared/words/currency-digits.ts';
import { changeDimension } from '#shared/analytics/edit-spec.ts';
import { ItemActions } from '#renderer/features/pivot/item-actions.tsx';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import { isDated, isMeasured, pivotFieldAt } from '#shared/analytics/pivot-fields.ts';
import { dateUnits, type PivotDimension, type PivotSpec } from '#shared/analytics/pivot-spec.ts';

/** How one row or column field is grouped, sorted and cut. */
export function DimensionSettings(props: {
  readonly spec: PivotSpec;
  readonly zone: 'rows' | 'columns';
  readonly index: number;
  readonly currency: string;
  readonly names: PivotNames;
  readonly onChange: (spec: PivotSpec) => void;
}) {
  const { t } = useTranslation();
  const { spec, zone, index, names } = props;
  const dimension = spec[zone][index];
  const field = dimension === undefined ? null : pivotFieldAt(spec.source, dimension.field);
  if (dimension === undefined) return null;
  const change = (next: PivotDimension): void => props.onChange(changeDimension(spec, { zone, index }, next));
  const { bucket, sort, top, ...plain } = dimension;
  const rest = { ...plain, ...(sort === undefined ? {} : { sort }), ...(top === undefined ? {} : { top }) };
  const unit = field?.type === 'money' ? 10 ** fractionDigits(props.currency) : 1;
  const measures = spec.values.map((measure) => ({ id: measure.id, name: names.measure(spec, measure) }));
  return (
    <Stack gap={8}>
      {field !== null && isDated(field) ? (
        <Select
          size="xs"
          label={t('analytics.pivot.groupBy')}
          data={dateUnits.map((value) => ({ value, label: t(`analytics.pivot.units.${value}`) }))}
          value={bucket?.kind === 'date' ? bucket.unit : 'day'}
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          onChange={(value) => {
            const wanted = dateUnits.find((known) => known === value);
            if (wanted !== undefined) change({ ...rest, bucket: { kind: 'date', unit: wanted } });
          }}
        />
      ) : null}
      {field !== null && isMeasured(field) ? (
        <NumberInput
          size="xs"
          label={t('analytics.pivot.binSize')}
          description={t('analytics.pivot.binHint')}
          min={0}
          value={bucket?.kind === 'bins' ? bucket.size / unit : ''}
          onChange={(value) => {
            const size = Number(value) * unit;
            change(value === '' || !(size > 0) ? rest : { ...rest, bucket: { kind: 'bins', size } });
          }}
        />
      ) : null}
      <Select
        size="xs"
        label={t('analytics.pivot.sortBy')}
        data={[
          { value: 'label asc', label: t('analytics.pivot.sortLabelAsc') },
          { value: 'label desc', label: t('analytics.pivot.sortLabelDesc') },
          ...measures.flatMap(({ id, name }) => [
            { value: `${id} desc`, label: t('analytics.pivot.sortMeasureDesc', { measure: name }) },
            { value: `${id} asc`, label: t('analytics.pivot.sortMeasureAsc', { measure: name }) },
          ]),
        ]}
        value={sort === undefined ? 'label asc' : `${sort.measure ?? 'label'} ${sort.direction}`}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => {
          const [by = 'label', direction] = (value ?? '').split(' ');
          const way = direction === 'desc' ? 'desc' : 'asc';
          const { sort: _, ...unsorted } = dimension;
          change({
            ...unsorted,
            sort: by === 'label' ? { by: 'label', direction: way } : { by: 'measure', measure: by, direction: way },
          });
        }}
      />
      <NumberInput
        size="xs"
        label={t('analytics.pivot.top')}
        description={t('analytics.pivot.topHint')}
        min={1}
        max={10_000}
        allowDecimal={false}
        disabled={measures.length === 0}
        value={top?.count ?? ''}
        onChange={(value) => {
          const { top: _, ...all } = dimension;
          const count = Number(value);
          const measure = top?.measure ?? measures[0]?.id;
          if (value === '' || count < 1 || measure === undefined) change(all);
          else change({ ...all, top: { count, measure, others: top?.others ?? true } });
        }}
      />
      {top === undefined ? null : (
        <>
          <Select
            size="xs"
            label={t('analytics.pivot.topBy')}
            data={measures.map(({ id, name }) => ({ value: id, label: name }))}
            value={top.measure}
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            onChange={(measure) => change({ ...dimension, top: { ...top, measure: measure ?? top.measure } })}
          />
          <Checkbox
            size="xs"
            label={t('analytics.pivot.showOthers')}
            checked={top.others}
            onChange={(event) => change({ ...dimension, top: { ...top, others: event.currentTarget.checked } })}
          />
        </>
      )}
      <ItemActions spec={spec} place={{ zone, index }} onChange={props.onChange} />
    </Stack>
  );
}
