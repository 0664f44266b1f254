import { ActionIcon, Button, Group, NumberInput, Popover, Select, Stack, TextInput } from '@mantine/core';
import { IconFilter, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { usePipelines } from '#renderer/blocks/use-pipelines.ts';
import type { EntityDefinition, FieldType } from '#shared/entities/define-entity.ts';
import type { FieldFilter, Filter, FilterOperator } from '#shared/query/filter.ts';

/** The conditions of a filter made here: a flat list that must all hold. */
function conditionsOf(filter: Filter | null): readonly FieldFilter[] {
  if (filter === null) return [];
  if ('and' in filter) return filter.and.filter((part): part is FieldFilter => 'field' in part);
  return 'field' in filter ? [filter] : [];
}

function operatorsOf(type: FieldType | undefined): readonly FilterOperator[] {
  switch (type) {
    case 'money':
    case 'number':
    case 'integer':
    case 'percent':
      return ['eq', 'gte', 'lte', 'isEmpty', 'isNotEmpty'];
    case 'date':
    case 'dateTime':
      return ['withinDays', 'olderThanDays', 'gte', 'lte', 'isEmpty', 'isNotEmpty'];
    case 'select':
    case 'reference':
    case 'boolean':
      return ['eq', 'ne', 'isEmpty', 'isNotEmpty'];
    case 'text':
    case 'longText':
    case 'email':
    case 'phone':
    case 'url':
    case 'currency':
    case 'multiSelect':
    case 'tags':
    case 'references':
    case 'json':
    case undefined:
      return ['contains', 'startsWith', 'eq', 'isEmpty', 'isNotEmpty'];
  }
}

export function FilterBar(props: {
  readonly definition: EntityDefinition;
  readonly filter: Filter | null;
  readonly onChange: (filter: Filter | null) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const userId = useAppSelector((state) =>
    state.device.session?.status === 'signedIn' ? state.device.session.actor.userId : null,
  );
  const fieldModes = useFieldModes();
  const conditions = conditionsOf(props.filter);
  const isMine = conditions.some((part) => part.field === 'ownerId' && part.op === 'eq' && part.value === userId);

  function set(next: readonly FieldFilter[]): void {
    props.onChange(next.length === 0 ? null : { and: next });
  }

  const fields = Object.keys(props.definition.fields).filter(
    (field) =>
      fieldModes.isKnown(props.definition, field) &&
      !['json', 'references'].includes(props.definition.fields[field]?.type ?? ''),
  );

  return (
    <Group gap={6}>
      <Button
        variant={isMine ? 'light' : 'default'}
        aria-pressed={isMine}
        onClick={() =>
          set(
            isMine
              ? conditions.filter((part) => part.field !== 'ownerId')
              : [
                  ...conditions.filter((part) => part.field !== 'ownerId'),
                  { field: 'ownerId', op: 'eq', value: userId },
                ],
          )
        }
      >
        {t('list.mine')}
      </Button>
      <Popover position="bottom-start" shadow="md" width={560} trapFocus>
        <Popover.Target>
          <Button variant={conditions.length > 0 ? 'light' : 'default'} leftSection={<IconFilter size={14} />}>
            {conditions.length > 0 ? t('filter.active', { count: conditions.length }) : t('filter.title')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap={8}>
            {conditions.map((condition, index) => (
              <ConditionRow
                key={`${condition.field}-${String(index)}`}
                definition={props.definition}
                fields={fields}
                condition={condition}
                onChange={(next) => set(conditions.map((part, at) => (at === index ? next : part)))}
                onRemove={() => set(conditions.filter((_, at) => at !== index))}
              />
            ))}
            <Group justify="space-between">
              <Button
                variant="subtle"
                leftSection={<IconPlus size={14} />}
                onClick={() => {
                  const field = fields.find((name) => !conditions.some((part) => part.field === name)) ?? fields[0];
                  if (field !== undefined)
                    set([
                      ...conditions,
                      { field, op: operatorsOf(props.definition.fields[field]?.type)[0] ?? 'eq', value: null },
                    ]);
                }}
              >
                {t('filter.add')}
              </Button>
              <Button variant="subtle" color="gray" disabled={conditions.length === 0} onClick={() => set([])}>
                {t('list.clearFilter')}
              </Button>
            </Group>
            {conditions.length === 0 ? (
              <span className="op-muted">{t('filter.hint', { entities: names.entities(props.definition) })}</span>
            ) : null}
          </Stack>
        </Popover.Dropdown>
      </Popover>
    </Group>
  );
}

function ConditionRow(props: {
  readonly definition: EntityDefinition;
  readonly fields: readonly string[];
  readonly condition: FieldFilter;
  readonly onChange: (condition: FieldFilter) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const { condition } = props;
  const type = props.definition.fields[condition.field]?.type;
  return (
    <Group gap={6} wrap="nowrap" align="center">
      <Select
        size="xs"
        w={170}
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
        w={140}
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
  if (field?.type === 'select') {
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
        currency={field.type === 'money' ? 'EUR' : null}
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
  return (
    <TextInput
      size="xs"
      aria-label={label}
      type={field?.type === 'date' || field?.type === 'dateTime' ? 'date' : 'text'}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => props.onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    />
  );
}
