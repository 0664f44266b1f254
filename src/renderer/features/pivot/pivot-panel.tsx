import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconArrowsExchange, IconPlus } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ConditionRow } from '#renderer/blocks/condition-row.tsx';
import { conditionsOf, newCondition, operatorsOf } from '#renderer/blocks/filter-conditions.ts';
import {
  addField,
  addMeasure,
  countMeasure,
  formulaMeasure,
  moveItem,
  transpose,
  type Place,
  withConditions,
} from '#shared/analytics/edit-spec.ts';
import { DimensionSettings } from '#renderer/features/pivot/dimension-settings.tsx';
import { FieldList, type Target } from '#renderer/features/pivot/field-list.tsx';
import { MeasureSettings } from '#renderer/features/pivot/measure-settings.tsx';
import { useDropTarget, type Carried } from '#renderer/features/pivot/pivot-drag.ts';
import type { PivotDraft } from '#renderer/features/pivot/use-pivot-draft.ts';
import { useFilterDefinition } from '#renderer/features/pivot/use-filter-definition.ts';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import { ZoneBox, type ZoneItem } from '#renderer/features/pivot/zone.tsx';
import { fieldsOfSpec } from '#shared/analytics/check-pivot.ts';
import type { PivotField } from '#shared/analytics/pivot-fields.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { FieldFilter } from '#shared/query/filter.ts';
import classes from './pivot.module.css';

/** The field of an item in a zone. */
function pathAt(spec: PivotSpec, { zone, index }: Place): string | undefined {
  if (zone !== 'values') return spec[zone][index]?.field;
  const measure = spec.values[index];
  return measure?.kind === 'field' ? measure.field : undefined;
}

/** Where a pivot is put together: fields above, what is made of them below. */
export function PivotPanel(props: {
  readonly draft: PivotDraft;
  readonly fields: readonly PivotField[];
  readonly names: PivotNames;
  readonly currency: string;
  readonly onChange: (part: Partial<PivotDraft>) => void;
}) {
  const { t } = useTranslation();
  const { draft, names, fields } = props;
  const { spec } = draft;
  const filterDefinition = useFilterDefinition(spec.source, fields, names);
  const conditions = conditionsOf(spec.filter);
  const setSpec = (next: PivotSpec): void => props.onChange({ spec: next });
  const setConditions = (next: readonly FieldFilter[]): void => setSpec(withConditions(spec, next));

  function add(field: PivotField, target: Target): void {
    if (target !== 'filter') setSpec(addField(spec, field, target));
    else
      setConditions([
        ...conditions,
        { field: field.path, op: operatorsOf(field.path, field.type)[0] ?? 'eq', value: null },
      ]);
  }

  const filterZone = useRef<HTMLElement>(null);
  const fieldOf = (carried: Carried): PivotField | undefined => {
    const path = 'field' in carried ? carried.field : pathAt(spec, carried.from);
    return fields.find((field) => field.path === path);
  };
  const isOverFilter =
    useDropTarget(
      filterZone,
      (carried) => fieldOf(carried) !== undefined,
      (carried) => {
        const field = fieldOf(carried);
        if (field !== undefined) add(field, 'filter');
      },
    ) !== null;

  function drop(carried: Carried, to: Place): void {
    if ('from' in carried) {
      setSpec(moveItem(spec, carried.from, to));
      return;
    }
    const field = fields.find(({ path }) => path === carried.field);
    if (field !== undefined) setSpec(addField(spec, field, to.zone, to.index));
  }

  const dimensions = (zone: 'rows' | 'columns'): readonly ZoneItem[] =>
    spec[zone].map((dimension, index) => ({
      key: dimension.field,
      name: names.dimension(spec.source, dimension),
      settings: (
        <DimensionSettings
          spec={spec}
          zone={zone}
          index={index}
          currency={props.currency}
          names={names}
          onChange={setSpec}
        />
      ),
    }));
  const values: readonly ZoneItem[] = spec.values.map((measure, index) => ({
    key: measure.id,
    name: names.measure(spec, measure),
    settings: (
      <MeasureSettings
        spec={spec}
        index={index}
        look={draft.look}
        currency={props.currency}
        names={names}
        onChange={setSpec}
        onLook={(look) => props.onChange({ look })}
      />
    ),
  }));

  return (
    <aside className={classes.panel} aria-label={t('analytics.pivot.panel')}>
      <FieldList source={spec.source} fields={fields} names={names} used={new Set(fieldsOfSpec(spec))} onAdd={add} />
      <div className={classes.zones}>
        <section
          ref={filterZone}
          className={classes.zone}
          aria-label={t('analytics.pivot.zones.filter')}
          data-testid="zone-filter"
          data-over={isOverFilter}
        >
          <div className={classes.zoneTitle}>
            <span>{t('analytics.pivot.zones.filter')}</span>
            <ActionIcon
              size="xs"
              variant="subtle"
              color="gray"
              aria-label={t('filter.add')}
              onClick={() => {
                const added = newCondition(filterDefinition, conditions);
                if (added !== null) setConditions([...conditions, added]);
              }}
            >
              <IconPlus size={13} />
            </ActionIcon>
          </div>
          {conditions.map((condition, index) => (
            <div key={`${condition.field}-${String(index)}`} className={classes.condition}>
              <ConditionRow
                definition={filterDefinition}
                fields={Object.keys(filterDefinition.fields)}
                condition={condition}
                isStacked
                onChange={(next) => setConditions(conditions.map((part, at) => (at === index ? next : part)))}
                onRemove={() => setConditions(conditions.filter((_, at) => at !== index))}
              />
            </div>
          ))}
          {conditions.length === 0 ? (
            <span className={classes.zoneHint}>{t('analytics.pivot.hints.filter')}</span>
          ) : null}
        </section>
        <ZoneBox
          zone="rows"
          items={dimensions('rows')}
          onDrop={drop}
          action={
            <ActionIcon
              size="xs"
              variant="subtle"
              color="gray"
              aria-label={t('analytics.pivot.transpose')}
              title={t('analytics.pivot.transpose')}
              onClick={() => setSpec(transpose(spec))}
            >
              <IconArrowsExchange size={13} />
            </ActionIcon>
          }
        />
        <ZoneBox zone="columns" items={dimensions('columns')} onDrop={drop} />
        <ZoneBox
          zone="values"
          items={values}
          onDrop={drop}
          action={
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={12} />}>
                  {t('analytics.pivot.addValue')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => setSpec(addMeasure(spec, countMeasure(spec)))}>
                  {t('analytics.pivot.aggregations.count')}
                </Menu.Item>
                <Menu.Item onClick={() => setSpec(addMeasure(spec, formulaMeasure(spec)))}>
                  {t('analytics.pivot.formula')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          }
        />
      </div>
    </aside>
  );
}
