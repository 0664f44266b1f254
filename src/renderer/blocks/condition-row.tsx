// One condition of a filter: field, operator, value.
import { ActionIcon, Group, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { ConditionValue } from '#renderer/blocks/condition-value.tsx';
import { operatorsOf, valueKindOf, withOperator } from '#renderer/blocks/filter-conditions.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import type { FieldFilter, FilterOperator } from '#shared/query/filter.ts';

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
  const isStacked = props.isStacked === true;
  const isListBelow = isStacked && valueKindOf(condition.op) === 'list';
  const isTime = type === 'date' || type === 'dateTime';
  const label = (op: FilterOperator): string =>
    t(isTime && (op === 'gte' || op === 'lte' || op === 'eq') ? `filter.dayOp.${op}` : `filter.op.${op}`);
  // A condition that was made elsewhere, by a click on a chart, may compare as no list of operators has it.
  const offered = operatorsOf(condition.field, type);
  const operators = offered.includes(condition.op) ? offered : [...offered, condition.op];
  return (
    <Group gap={isStacked ? 3 : 6} wrap={isStacked ? 'wrap' : 'nowrap'} align="start">
      <Select
        size="xs"
        w={isStacked ? '100%' : 170}
        aria-label={t('filter.field')}
        searchable
        data={props.fields.map((value) => ({ value, label: names.field(props.definition, value) }))}
        value={condition.field}
        onChange={(field) => {
          if (field !== null)
            props.onChange({
              field,
              op: operatorsOf(field, props.definition.fields[field]?.type)[0] ?? 'eq',
              value: null,
            });
        }}
      />
      <Select
        size="xs"
        {...(isListBelow ? { flex: 1 } : { w: isStacked ? 106 : 140 })}
        aria-label={t('filter.operator')}
        data={operators.map((value) => ({ value, label: label(value) }))}
        value={condition.op}
        onChange={(op) => {
          if (op !== null) props.onChange(withOperator(condition, op));
        }}
      />
      <div style={isListBelow ? { order: 1, flexBasis: '100%' } : { flex: 1, minWidth: 0 }}>
        {valueKindOf(condition.op) === 'none' ? null : (
          <ConditionValue
            definition={props.definition}
            condition={condition}
            onChange={(value) => props.onChange({ ...condition, value })}
          />
        )}
      </div>
      <ActionIcon mt={4} aria-label={t('filter.remove')} onClick={props.onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </Group>
  );
}
