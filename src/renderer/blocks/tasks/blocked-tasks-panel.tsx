import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import { entities } from '#shared/entities/registry.ts';
import { isOpenTask } from '#shared/entities/task/reminders.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './tasks.module.css';

const SHOWN = 100;

/** The tasks that wait for this one; nothing where none does. */
export function BlockedTasksPanel(props: { readonly task: LocalRecord }) {
  const { t } = useTranslation();
  const names = useNames();
  const { task } = props;
  const { data } = useLive('list', {
    entity: 'task',
    filter: { field: 'prerequisiteIds', op: 'eq', value: task.id },
    sort: [{ field: 'dueDate', direction: 'asc' }],
    offset: 0,
    limit: SHOWN,
  });
  const waiting = data?.rows ?? [];
  if (data === undefined || waiting.length === 0) return null;
  const held = waiting.filter((other) => isOpenTask(other)).length;
  return (
    <Panel
      title={t('task.blocks.title')}
      actions={held > 0 && isOpenTask(task) ? <Pill tone="warn">{t('task.blocks.held', { count: held })}</Pill> : null}
      isFlush
    >
      <ul className={classes.list} data-testid="blocks">
        {waiting.map((other) => (
          <li key={other.id} className={classes.step} data-done={!isOpenTask(other)}>
            <Link className={classes.stepText ?? ''} to={`/tasks/${other.id}`}>
              {textOf(other['subject'])}
            </Link>
            <span className="op-muted">{data.labels[other.ownerId ?? ''] ?? ''}</span>
            <Pill tone={isOpenTask(other) ? 'neutral' : 'good'}>
              {names.option(entities.task, 'status', textOf(other['status']))}
            </Pill>
          </li>
        ))}
      </ul>
      {data.total > waiting.length ? (
        <p className={classes.sum}>{t('task.blocks.more', { count: data.total - waiting.length })}</p>
      ) : null}
    </Panel>
  );
}
