// One condition of a filter: field, operator, value.
import { ActionIcon, Group, NumberInput, Select, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { DayInput } from '#renderer/blocks/day-input.tsx';
import { operatorsOf } from '#renderer/blocks/filter-conditions.ts';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { usePipelines } from '#renderer/blocks/use-pipelines.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import type { FieldFilter } from '#shared/query/filter.ts';

export function ConditionRow(props: {
  readonly definition: EntityDefinition;
  readonly fields: readonly string[];
  readonly condition: FieldFilter;
  readonly onChange: (condition: FieldFilter) => void;
  readonly onRemove: () => void;
  /** One below the other, where there is little room. */
  readonly isStacked?: boolean;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const { condition } = props;
  const type = props.definition.fields[condition.field]?.type;
  return (
    <Group gap={props.isStacked === true ? 3 : 6} wrap={props.isStacked === true ? 'wrap' : 'nowrap'} align="center">
      <Select
        size="xs"
        w={props.isStacked === true ? '100%' : 170}
        aria-label={t('filter.field')}
        searchable
        data={props.fields.map((value) => ({ value, label: names.field(props.definition, value) }))}
        value={condition.field}
        onChange={(field) => {
          if (field !== null)
            props.onChange({ field, op: operatorsOf(props.definition.fields[field]?.type)[0] ?? 'eq', value: null });
        }}
      />
      <Select
        size="xs"
        w={props.isStacked === true ? 106 : 140}
        aria-label={t('filter.operator')}
        data={operatorsOf(type).map((value) => ({ value, label: t(`filter.op.${value}`) }))}
        value={condition.op}
        onChange={(op) => {
          if (op !== null) props.onChange({ ...condition, op });
        }}
      />
      <div style={{ flex: 1, minWidth: 0 }}>
        {condition.op === 'isEmpty' || condition.op === 'isNotEmpty' ? null : (
          <ConditionValue
            definition={props.definition}
            condition={condition}
            onChange={(value) => props.onChange({ ...condition, value })}
          />
        )}
      </div>
      <ActionIcon aria-label={t('filter.remove')} onClick={props.onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </Group>
  );
}

function ConditionValue(props: {
  readonly definition: EntityDefinition;
  readonly condition: FieldFilter;
  readonly onChange: (value: string | number | boolean | null) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const pipelines = usePipelines();
  const { currency } = useOrganization().figures;
  const field = props.definition.fields[props.condition.field];
  const { value } = props.condition;
  const label = t('filter.value');
  const isDays = props.condition.op === 'withinDays' || props.condition.op === 'olderThanDays';
  if (props.condition.field === 'stageId') {
    const stages = new Map(
      pipelines.flatMap((pipeline) => pipeline.stages.map((stage) => [stage.id, stage.name] as const)),
    );
    return (
      <Select
        size="xs"
        aria-label={label}
        data={[...stages].map(([id, name]) => ({ value: id, label: name }))}
        value={typeof value === 'string' ? value : null}
        onChange={props.onChange}
      />
    );
  }
  if (field?.type === 'select' || field?.type === 'multiSelect') {
    return (
      <Select
        size="xs"
        aria-label={label}
        data={(field.options ?? []).map((option) => ({
          value: option.value,
          label: names.option(props.definition, props.condition.field, option.value),
        }))}
        value={typeof value === 'string' ? value : null}
        onChange={props.onChange}
      />
    );
  }
  if (field?.type === 'reference' && field.to !== undefined) {
    return (
      <ReferenceInput
        entity={field.to}
        size="xs"
        ariaLabel={label}
        value={typeof value === 'string' ? value : null}
        onChange={props.onChange}
      />
    );
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
  if (field?.type === 'money' || (field?.type === 'integer' && !isDays)) {
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
  if (isDays || field?.type === 'number' || field?.type === 'percent') {
    return (
      <NumberInput
        size="xs"
        aria-label={label}
        {...(isDays ? { suffix: ` ${t('filter.days')}` } : {})}
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
