import { ActionIcon } from '@mantine/core';
import { IconLock, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import { entities } from '#shared/entities/registry.ts';
import { idsOf } from '#shared/entities/task/prerequisites.ts';
import { isOpenTask } from '#shared/entities/task/reminders.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './tasks.module.css';

/** What the task waits for, and whether it is blocked by it. */
export function WaitingPanel(props: { readonly task: LocalRecord }) {
  const { t } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const { task } = props;
  const canUpdate = useCan()('update', entities.task, task);
  const ids = idsOf(task['prerequisiteIds']);
  const { data } = useLive(
    'list',
    ids.length === 0
      ? null
      : {
          entity: 'task',
          filter: { field: 'id', op: 'in', value: [...ids] },
          sort: [{ field: 'dueDate', direction: 'asc' }],
          offset: 0,
          limit: 500,
        },
  );
  const shown = ids.length === 0 ? [] : (data?.rows ?? []);
  const open = shown.filter((other) => isOpenTask(other));
  if (ids.length === 0 && !canUpdate) return null;

  const save = (next: readonly string[]): void => {
    void run('updateRecord', {
      entity: 'task',
      id: task.id,
      values: { prerequisiteIds: next },
      base: { prerequisiteIds: ids },
    });
  };

  return (
    <Panel
      title={t('task.waits.title')}
      actions={
        open.length > 0 && isOpenTask(task) ? (
          <Pill tone="warn" icon={<IconLock size={12} />}>
            {t('task.waits.blocked', { count: open.length })}
          </Pill>
        ) : null
      }
      isFlush
    >
      <ul className={classes.list} data-testid="waits-for">
        {shown.map((other) => (
          <li key={other.id} className={classes.step} data-done={!isOpenTask(other)}>
            <Link className={classes.stepText ?? ''} to={`/tasks/${other.id}`}>
              {textOf(other['subject'])}
            </Link>
            <Pill tone={isOpenTask(other) ? 'neutral' : 'good'}>
              {names.option(entities.task, 'status', textOf(other['status']))}
            </Pill>
            {canUpdate ? (
              <ActionIcon
                className={classes.quiet ?? ''}
                variant="subtle"
                size="sm"
                aria-label={t('task.waits.remove', { name: textOf(other['subject']) })}
                onClick={() => save(ids.filter((id) => id !== other.id))}
              >
                <IconX size={13} />
              </ActionIcon>
            ) : null}
          </li>
        ))}
      </ul>
      {canUpdate ? (
        <div className={classes.add}>
          <ReferenceInput
            entity="task"
            size="xs"
            value={null}
            ariaLabel={t('task.waits.add')}
            placeholder={t('task.waits.add')}
            among={{ field: 'status', op: 'in', value: ['open', 'in_progress', 'waiting'] }}
            without={[task.id, ...ids]}
            onChange={(id) => {
              if (id !== null) save([...ids, id]);
            }}
          />
        </div>
      ) : null}
    </Panel>
  );
}
