// Conditions of something that is saved as a whole: one row each, and a word while one of them is not finished.
import { Button, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ConditionRow } from '#renderer/blocks/condition-row.tsx';
import { newCondition } from '#renderer/blocks/filter-conditions.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import type { FieldFilter } from '#shared/query/filter.ts';
import { isUnfinished } from '#shared/query/unfinished.ts';

export function ConditionList(props: {
  readonly label: string;
  readonly definition: EntityDefinition;
  readonly fields: readonly string[];
  readonly conditions: readonly FieldFilter[];
  readonly isStacked?: boolean;
  readonly onChange: (conditions: readonly FieldFilter[]) => void;
}) {
  const { t } = useTranslation();
  const { definition, conditions, onChange } = props;
  return (
    <Stack gap={6} role="group" aria-label={props.label}>
      {conditions.map((condition, index) => (
        <ConditionRow
          key={`${condition.field}-${String(index)}`}
          definition={definition}
          fields={props.fields}
          condition={condition}
          isStacked={props.isStacked ?? false}
          onChange={(next) => onChange(conditions.map((part, at) => (at === index ? next : part)))}
          onRemove={() => onChange(conditions.filter((_, at) => at !== index))}
        />
      ))}
      {conditions.some(isUnfinished) ? (
        <Text size="xs" c="dimmed" role="status">
          {t('filter.unfinished')}
        </Text>
      ) : null}
      <Button
        size="compact-sm"
        variant="subtle"
        style={{ alignSelf: 'start' }}
        leftSection={<IconPlus size={14} />}
        onClick={() => {
          const added = newCondition(definition, conditions);
          if (added !== null) onChange([...conditions, added]);
        }}
      >
        {t('filter.add')}
      </Button>
    </Stack>
  );
}
