import { ActionIcon, Group, MultiSelect, NumberInput, Stack, Textarea, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EditedItem } from '#renderer/blocks/task-templates/edited-items.ts';
import classes from './task-templates.module.css';

const LONGEST_DAYS = 3650;

/** One task of a template: what, when, after which others, and its steps. */
export function ItemFields(props: {
  readonly item: EditedItem;
  readonly number: number;
  /** Tasks of the template it can wait for. */
  readonly others: readonly EditedItem[];
  readonly error: string | undefined;
  readonly onChange: (item: EditedItem) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const { item, number, onChange } = props;
  const named = props.others.filter(({ subject }) => subject.trim() !== '');
  return (
    <li className={classes.item} aria-label={t('taskTemplate.task', { number })}>
      <Stack gap={6}>
        <Group gap={6} wrap="nowrap" align="start">
          <TextInput
            size="xs"
            className={classes.subject}
            aria-label={t('taskTemplate.subject', { number })}
            placeholder={t('taskTemplate.subjectHint')}
            maxLength={255}
            value={item.subject}
            error={props.error}
            onChange={(event) => onChange({ ...item, subject: event.currentTarget.value })}
          />
          <NumberInput
            size="xs"
            w={128}
            aria-label={t('taskTemplate.days', { number })}
            placeholder={t('taskTemplate.noDue')}
            prefix={t('taskTemplate.dayPrefix')}
            min={0}
            max={LONGEST_DAYS}
            allowDecimal={false}
            allowNegative={false}
            value={item.dueInDays ?? ''}
            onChange={(value) => onChange({ ...item, dueInDays: typeof value === 'number' ? value : null })}
          />
          <ActionIcon
            variant="subtle"
            size={30}
            aria-label={t('taskTemplate.remove', { number })}
            title={t('taskTemplate.remove', { number })}
            onClick={props.onRemove}
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
        {named.length === 0 ? null : (
          <MultiSelect
            size="xs"
            aria-label={t('taskTemplate.after', { number })}
            placeholder={item.after.length === 0 ? t('taskTemplate.afterHint') : ''}
            data={named.map(({ key, subject }) => ({ value: key, label: subject }))}
            value={item.after.filter((key) => named.some((other) => other.key === key))}
            onChange={(after) => onChange({ ...item, after })}
          />
        )}
        <Textarea
          size="xs"
          autosize
          minRows={1}
          maxRows={8}
          aria-label={t('taskTemplate.steps', { number })}
          placeholder={t('taskTemplate.stepsHint')}
          value={item.steps}
          onChange={(event) => onChange({ ...item, steps: event.currentTarget.value })}
        />
      </Stack>
    </li>
  );
}
