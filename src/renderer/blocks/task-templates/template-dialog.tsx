// Makes a task template, or changes one. Everybody of the organization applies it; managers and administrators keep it.
import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { editItem, newItem, toItems, type EditedItem } from '#renderer/blocks/task-templates/edited-items.ts';
import { ItemFields } from '#renderer/blocks/task-templates/item-fields.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import {
  findItemProblem,
  MOST_TEMPLATE_ITEMS,
  templateItemsOf,
} from '#shared/entities/task-template/template-items.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './task-templates.module.css';

interface Values {
  readonly name: string;
  readonly skipsWeekends: boolean;
  readonly items: readonly EditedItem[];
}

function startOf(template: LocalRecord | null): Values {
  const items = templateItemsOf(template?.['items']).map((item) => editItem(item));
  return {
    name: textOf(template?.['name']),
    skipsWeekends: template?.['skipsWeekends'] !== false,
    items: items.length === 0 ? [newItem()] : items,
  };
}

export function TemplateDialog(props: {
  /** Null: a new one. */
  readonly template: LocalRecord | null;
  /** With the id of the template that is there now; null when it was left or deleted. */
  readonly onClose: (savedId: string | null) => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const userId = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.userId : null,
  );
  const { template } = props;
  const [before] = useState(() => startOf(template));
  const [values, setValues] = useState(before);
  const [isTried, setTried] = useState(false);
  const items = toItems(values.items);
  const isNameMissing = values.name.trim() === '';
  const itemsProblem = findItemProblem(items).length > 0;

  function change(item: EditedItem): void {
    setValues({ ...values, items: values.items.map((other) => (other.key === item.key ? item : other)) });
  }

  async function save(): Promise<void> {
    setTried(true);
    if (isNameMissing || itemsProblem) return;
    const next = { name: values.name.trim(), skipsWeekends: values.skipsWeekends, items };
    const outcome =
      template === null
        ? await run(
            'createRecord',
            // It is its author's, as far as rights to make one go; everybody reads it.
            { entity: 'taskTemplate', values: { ...next, ownerId: userId } },
            { done: t('taskTemplate.saved') },
          )
        : await run(
            'updateRecord',
            { entity: 'taskTemplate', id: template.id, values: next },
            { done: t('taskTemplate.saved') },
          );
    if (outcome !== null) props.onClose(outcome.recordId ?? template?.id ?? null);
  }

  async function remove(id: string): Promise<void> {
    const input = { entity: 'taskTemplate', id } as const;
    const outcome = await run('deleteRecord', input, {
      done: t('taskTemplate.deleted'),
      undo: { command: 'restoreRecord', input, entity: 'taskTemplate', ids: [id], left: null },
    });
    if (outcome !== null) props.onClose(null);
  }

  return (
    <FormDialog
      isOpen
      isTyped={JSON.stringify(values) !== JSON.stringify(before)}
      title={t(template === null ? 'taskTemplate.new' : 'taskTemplate.edit')}
      onClose={() => props.onClose(template?.id ?? null)}
    >
      {(cancel) => (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack gap="sm">
            <TextInput
              label={t('taskTemplate.name')}
              withAsterisk
              data-autofocus
              maxLength={255}
              value={values.name}
              error={isTried && isNameMissing ? t('problems.required') : undefined}
              onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
            />
            <Text size="sm" fw={500} id="template-tasks">
              {t('taskTemplate.tasks')}
            </Text>
            <ol className={classes.items} aria-labelledby="template-tasks">
              {values.items.map((item, index) => (
                <ItemFields
                  key={item.key}
                  item={item}
                  number={index + 1}
                  others={values.items.filter(({ key }) => key !== item.key)}
                  error={
                    isTried && item.subject.trim() === '' && item.steps.trim() !== ''
                      ? t('problems.required')
                      : undefined
                  }
                  onChange={change}
                  onRemove={() => setValues({ ...values, items: values.items.filter(({ key }) => key !== item.key) })}
                />
              ))}
            </ol>
            {isTried && itemsProblem ? (
              <Text size="xs" c="var(--op-danger)" role="alert">
                {t('problems.templateItems')}
              </Text>
            ) : null}
            <div>
              <Button
                size="compact-xs"
                variant="subtle"
                leftSection={<IconPlus size={14} />}
                disabled={values.items.length >= MOST_TEMPLATE_ITEMS}
                onClick={() => setValues({ ...values, items: [...values.items, newItem()] })}
              >
                {t('taskTemplate.add')}
              </Button>
            </div>
            <Checkbox
              label={t('taskTemplate.skipsWeekends')}
              checked={values.skipsWeekends}
              onChange={(event) => setValues({ ...values, skipsWeekends: event.currentTarget.checked })}
            />
            <Group justify="space-between">
              {template === null ? (
                <span />
              ) : (
                <Button variant="subtle" color="red" onClick={() => void remove(template.id)}>
                  {t('common.delete')}
                </Button>
              )}
              <Group gap="xs">
                <Button variant="default" onClick={cancel}>
                  {t('common.cancel')}
                </Button>
                <Button type="submit">{t('common.save')}</Button>
              </Group>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
