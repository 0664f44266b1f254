import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { OwnerInput } from '#renderer/blocks/owner-input.tsx';
import { useDuration } from '#renderer/blocks/tasks/use-duration.ts';
import { useCan, useMayReassign } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { Span } from '#renderer/features/tasks/workload-span.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './workload.module.css';

/** The tasks behind a cell, each with the person it can be given to. */
export function WorkloadTasks(props: { readonly ownerId: string; readonly span: Span; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { data } = useLive('list', {
    entity: 'task',
    filter: { and: [{ field: 'ownerId', op: 'eq', value: props.ownerId }, props.span.filter] },
    sort: [{ field: 'dueDate', direction: 'asc' }],
    offset: 0,
    limit: 200,
  });
  const name = data?.labels[props.ownerId] ?? '';
  return (
    <div className={classes.tasks} data-testid="workload-tasks">
      <Panel
        title={[name, props.span.label].filter((part) => part !== '').join(' · ')}
        actions={
          <ActionIcon variant="subtle" size="sm" aria-label={t('common.close')} onClick={props.onClose}>
            <IconX size={14} />
          </ActionIcon>
        }
        isFlush
      >
        <ul className={classes.list}>
          {(data?.rows ?? []).map((task) => (
            <WorkloadTask key={task.id} task={task} ownerName={name} />
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function WorkloadTask(props: { readonly task: LocalRecord; readonly ownerName: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = useDuration();
  const run = useCommand();
  const mayReassign = useMayReassign();
  const { task } = props;
  const canGive = useCan()('update', entities.task, task) && mayReassign;
  const due = typeof task['dueDate'] === 'string' ? format.nearDay(task['dueDate']) : '';
  const estimate = typeof task['estimateMinutes'] === 'number' ? duration(task['estimateMinutes']) : '';

  async function give(ownerId: string): Promise<void> {
    await run(
      'reassign',
      { entity: 'task', id: task.id, ownerId },
      {
        done: t('task.workload.given', { name: textOf(task['subject']) }),
        undo: {
          command: 'reassign',
          input: { entity: 'task', id: task.id, ownerId: task.ownerId },
          entity: 'task',
          ids: [task.id],
          left: { ownerId },
        },
      },
    );
  }

  return (
    <li className={classes.task}>
      <Link to={`/tasks/${task.id}`}>{textOf(task['subject'])}</Link>
      <span className="op-muted">{[due, estimate].filter((part) => part !== '').join(' · ')}</span>
      {canGive ? (
        <OwnerInput
          definition={entities.task}
          records={[task]}
          value={task.ownerId}
          valueLabel={props.ownerName}
          ariaLabel={t('task.workload.give', { name: textOf(task['subject']) })}
          onChange={(id) => {
            if (id !== null && id !== task.ownerId) void give(id);
          }}
        />
      ) : null}
    </li>
  );
}
