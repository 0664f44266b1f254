// What a condition compares with, entered as the field is: an amount, a day, some of its choices, records by name.
import { MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { DayInput } from '#renderer/blocks/day-input.tsx';
import { isStage, listOf, valueKindOf } from '#renderer/blocks/filter-conditions.ts';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import { ReferencesInput } from '#renderer/blocks/references-input.tsx';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { usePipelines } from '#renderer/blocks/use-pipelines.ts';
import { keyOf, useTitles } from '#renderer/blocks/use-titles.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { FieldFilter } from '#shared/query/filter.ts';
import { namedPeriods } from '#shared/query/named-periods.ts';

export function ConditionValue(props: {
  readonly definition: EntityDefinition;
  readonly condition: FieldFilter;
  readonly onChange: (value: Required<FieldFilter>['value']) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const pipelines = usePipelines();
  const { currency } = useOrganization().figures;
  const field = props.definition.fields[props.condition.field];
  const { value } = props.condition;
  const label = t('filter.value');
  const kind = valueKindOf(props.condition.op);
  if (kind === 'period') {
    return (
      <Select
        size="xs"
        aria-label={label}
        data={namedPeriods.map((period) => ({ value: period, label: t(`filter.period.${period}`) }))}
        value={typeof value === 'string' ? value : null}
        onChange={props.onChange}
      />
    );
  }
  if (kind === 'days') {
    return (
      <NumberInput
        size="xs"
        aria-label={label}
        suffix={` ${t('filter.days')}`}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => props.onChange(next === '' ? null : Number(next))}
      />
    );
  }
  if (isStage(props.condition.field)) {
    const stages = new Map(
      pipelines.flatMap((pipeline) => pipeline.stages.map((stage) => [stage.id, stage.name] as const)),
    );
    return <ChoiceValue {...props} choices={[...stages].map(([id, name]) => ({ value: id, label: name }))} />;
  }
  if (field?.type === 'select' || field?.type === 'multiSelect') {
    const choices = (field.options ?? []).map((option) => ({
      value: option.value,
      label: names.option(props.definition, props.condition.field, option.value),
    }));
    return <ChoiceValue {...props} choices={choices} />;
  }
  if (field?.type === 'reference' && field.to !== undefined) {
    return <ReferenceValue {...props} entity={field.to} />;
  }
  if (field?.type === 'boolean') {
    return (
      <Select
        size="xs"
        aria-label={label}
        data={[
          { value: 'true', label: t('common.yes') },
          { value: 'false', label: t('common.no') },
        ]}
        value={typeof value === 'boolean' ? String(value) : null}
        onChange={(next) => props.onChange(next === null ? null : next === 'true')}
      />
    );
  }
  if (field?.type === 'money' || field?.type === 'integer') {
    return (
      <TypedNumberInput
        size="xs"
        aria-label={label}
        value={value}
        currency={field.type === 'money' ? currency : null}
        onChange={props.onChange}
      />
    );
  }
  if (field?.type === 'number' || field?.type === 'percent') {
    return (
      <NumberInput
        size="xs"
        aria-label={label}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => props.onChange(next === '' ? null : Number(next))}
      />
    );
  }
  if (field?.type === 'date' || field?.type === 'dateTime') {
    return (
      <DayInput
        size="xs"
        aria-label={label}
        clearable
        value={typeof value === 'string' ? value.slice(0, 10) : null}
        onChange={props.onChange}
      />
    );
  }
  return (
    <TextInput
      size="xs"
      aria-label={label}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => props.onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    />
  );
}

interface ValueProps {
  readonly condition: FieldFilter;
  readonly onChange: (value: Required<FieldFilter>['value']) => void;
}

function ChoiceValue(
  props: ValueProps & { readonly choices: readonly { readonly value: string; readonly label: string }[] },
) {
  const { t } = useTranslation();
  const { value, op } = props.condition;
  if (valueKindOf(op) === 'list') {
    const chosen = listOf(value);
    return (
      <MultiSelect
        size="xs"
        aria-label={t('filter.value')}
        data={[...props.choices]}
        value={[...chosen]}
        onChange={(next) => props.onChange(next.length === 0 ? null : next)}
        placeholder={chosen.length === 0 ? t('filter.several') : ''}
        searchable
        hidePickedOptions
        nothingFoundMessage={t('common.nothingFound')}
      />
    );
  }
  return (
    <Select
      size="xs"
      aria-label={t('filter.value')}
      data={[...props.choices]}
      value={typeof value === 'string' ? value : null}
      onChange={props.onChange}
    />
  );
}

function ReferenceValue(props: ValueProps & { readonly entity: EntityName }) {
  const { t } = useTranslation();
  const { value, op } = props.condition;
  const ids = typeof value === 'string' ? [value] : listOf(value);
  const { collection } = entities[props.entity];
  const titles = useTitles(ids.map((id) => ({ coll: collection, id })));
  const labels = Object.fromEntries(
    ids.flatMap((id) => {
      const title = titles.get(keyOf({ coll: collection, id }))?.title;
      return title === undefined ? [] : [[id, title]];
    }),
  );
  if (valueKindOf(op) === 'list')
    return (
      <ReferencesInput
        entity={props.entity}
        size="xs"
        ariaLabel={t('filter.value')}
        value={ids}
        labels={labels}
        onChange={(next) => props.onChange(next.length === 0 ? null : next)}
      />
    );
  return (
    <ReferenceInput
      entity={props.entity}
      size="xs"
      ariaLabel={t('filter.value')}
      value={ids[0] ?? null}
      valueLabel={labels[ids[0] ?? '']}
      onChange={props.onChange}
    />
  );
}
