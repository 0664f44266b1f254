import { Button, Group, Popover, Stack } from '@mantine/core';
import { IconFilter, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useFormPopover } from '#renderer/blocks/use-form-popover.ts';
import { ConditionRow } from '#renderer/blocks/condition-row.tsx';
import { conditionFields, conditionsOf, newCondition } from '#renderer/blocks/filter-conditions.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import type { FieldFilter, Filter } from '#shared/query/filter.ts';

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
  const { popover, target, dropdown } = useFormPopover();
  const conditions = conditionsOf(props.filter);
  const isMine = conditions.some((part) => part.field === 'ownerId' && part.op === 'eq' && part.value === userId);

  function set(next: readonly FieldFilter[]): void {
    props.onChange(next.length === 0 ? null : { and: next });
  }

  const fields = conditionFields(props.definition).filter((field) => fieldModes.isKnown(props.definition, field));

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
      <Popover {...popover} position="bottom-start" shadow="md" width={620} trapFocus>
        <Popover.Target>
          <Button
            {...target}
            variant={conditions.length > 0 ? 'light' : 'default'}
            leftSection={<IconFilter size={14} />}
          >
            {conditions.length > 0 ? t('filter.active', { count: conditions.length }) : t('filter.title')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown {...dropdown}>
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
                  const added = newCondition(props.definition, conditions);
                  if (added !== null) set([...conditions, added]);
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
