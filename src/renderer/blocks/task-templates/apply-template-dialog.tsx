// Makes the tasks of a template for a record, all or none, after showing which ones and when they will be due.
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { DayInput } from '#renderer/blocks/day-input.tsx';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { TemplateDialog } from '#renderer/blocks/task-templates/template-dialog.tsx';
import { useCan, useMayReassign } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { entities } from '#shared/entities/registry.ts';
import { dueDayOf, templateItemsOf } from '#shared/entities/task-template/template-items.ts';
import { toLocalDay } from '#shared/kernel/local-day.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './task-templates.module.css';

const MOST_TEMPLATES = 500;

export function ApplyTemplateDialog(props: {
  readonly record: LocalRecord;
  readonly ownerLabel: string | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const run = useCommand();
  const can = useCan();
  const mayReassign = useMayReassign();
  const userId = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.userId : '',
  );
  const { record } = props;
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [start, setStart] = useState(() => toLocalDay(new Date()));
  const [ownerId, setOwnerId] = useState(userId);
  const [editing, setEditing] = useState<LocalRecord | 'new' | null>(null);
  const { data } = useLive('list', {
    entity: 'taskTemplate',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: MOST_TEMPLATES,
  });
  const rows = data?.rows ?? [];
  const template = rows.find(({ id }) => id === chosenId) ?? null;
  const items = templateItemsOf(template?.['items']);
  const hasOtherOwner = mayReassign && record.ownerId !== null && record.ownerId !== userId;

  if (editing !== null)
    return (
      <TemplateDialog
        template={editing === 'new' ? null : editing}
        onClose={(savedId) => {
          setChosenId(savedId);
          setEditing(null);
        }}
      />
    );

  async function apply(templateId: string): Promise<void> {
    const about = { entity: record.kind, id: record.id };
    const outcome = await run(
      'applyTaskTemplate',
      { templateId, start, ownerId, about },
      { done: t('taskTemplate.applied', { count: items.length }) },
    );
    if (outcome !== null) props.onClose();
  }

  return (
    <FormDialog isOpen isTyped={false} title={t('taskTemplate.apply')} onClose={props.onClose}>
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (template !== null) void apply(template.id);
          }}
        >
          <Stack gap="sm">
            {data !== undefined && rows.length === 0 ? (
              <Text size="sm" className="op-muted">
                {t(can('create', entities.taskTemplate) ? 'taskTemplate.none' : 'taskTemplate.noneYet')}
              </Text>
            ) : (
              <Select
                label={t('taskTemplate.template')}
                placeholder={t('common.choose')}
                data-autofocus
                searchable={rows.length > 8}
                data={rows.map((row) => ({ value: row.id, label: textOf(row['name']) }))}
                value={template?.id ?? null}
                onChange={setChosenId}
              />
            )}
            <Group gap="xs">
              {can('create', entities.taskTemplate) ? (
                <Button size="compact-xs" variant="subtle" onClick={() => setEditing('new')}>
                  {t('taskTemplate.new')}
                </Button>
              ) : null}
              {template !== null && can('update', entities.taskTemplate, template) ? (
                <Button size="compact-xs" variant="subtle" onClick={() => setEditing(template)}>
                  {t('taskTemplate.edit')}
                </Button>
              ) : null}
            </Group>
            {template === null ? null : (
              <>
                <Group grow align="start">
                  <DayInput
                    label={t('taskTemplate.start')}
                    value={start}
                    onChange={(day) => {
                      if (day !== null) setStart(day);
                    }}
                  />
                  {hasOtherOwner ? (
                    <Select
                      label={t('taskTemplate.owner')}
                      allowDeselect={false}
                      data={[
                        { value: userId, label: t('taskTemplate.me') },
                        { value: record.ownerId ?? '', label: props.ownerLabel ?? t('common.notAvailable') },
                      ]}
                      value={ownerId}
                      onChange={(id) => {
                        if (id !== null) setOwnerId(id);
                      }}
                    />
                  ) : null}
                </Group>
                <ol className={classes.preview} aria-label={t('taskTemplate.preview')} data-testid="template-preview">
                  {items.map((item) => {
                    const day = dueDayOf(item, start, template['skipsWeekends'] !== false);
                    return (
                      <li key={item.key}>
                        <span>{item.subject}</span>
                        <span className={classes.day}>{day === null ? t('taskTemplate.noDue') : format.day(day)}</span>
                      </li>
                    );
                  })}
                </ol>
              </>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" disabled={template === null || items.length === 0}>
                {t('taskTemplate.make', { count: items.length })}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
