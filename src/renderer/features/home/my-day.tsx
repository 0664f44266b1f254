import { ActionIcon } from '@mantine/core';
import { IconChecklist, IconLock, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { TaskCheckbox } from '#renderer/blocks/task-checkbox.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import type { ListResult } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import type { Actor } from '#shared/access/actor.ts';
import { entities } from '#shared/entities/registry.ts';
import type { Filter } from '#shared/query/filter.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './home.module.css';

const SHOWN = { late: 6, today: 10, next: 6 } as const;
type Part = keyof typeof SHOWN;

/** My day: what is overdue, what is due today, what comes next. */
export function MyDay(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const [today] = useState(() => toLocalDay(new Date()));
  const isFirstSync = useIsFirstSync();
  const mine: readonly Filter[] = [
    { field: 'ownerId', op: 'eq', value: props.actor.userId },
    { field: 'status', op: 'in', value: ['open', 'in_progress', 'waiting'] },
  ];
  const ask = (part: Part, due: Filter) =>
    ({
      entity: 'task',
      filter: { and: [...mine, due] },
      sort: [
        { field: 'dueDate', direction: 'asc' },
        { field: 'priority', direction: 'asc' },
      ],
      offset: 0,
      limit: SHOWN[part],
    }) as const;
  const late = useLive('list', ask('late', { field: 'dueDate', op: 'lt', value: today })).data;
  const now = useLive('list', ask('today', { field: 'dueDate', op: 'eq', value: today })).data;
  const next = useLive(
    'list',
    ask('next', {
      or: [
        { field: 'dueDate', op: 'gt', value: today },
        { field: 'dueDate', op: 'isEmpty' },
      ],
    }),
  ).data;
  const isKnown = late !== undefined && now !== undefined && next !== undefined;
  const count = (late?.total ?? 0) + (now?.total ?? 0) + (next?.total ?? 0);
  return (
    <Panel title={t('home.myTasks', { count })} actions={<Link to="/tasks">{t('home.allTasks')}</Link>} isFlush>
      {isKnown && count === 0 && !isFirstSync ? (
        <EmptyState
          icon={<IconChecklist size={28} stroke={1.4} />}
          title={t('home.noTasks')}
          text={t('home.noTasksText')}
        />
      ) : (
        <div data-testid="my-day">
          <DayPart part="late" data={late} today={today} />
          <DayPart part="today" data={now} today={today} />
          <DayPart part="next" data={next} today={today} />
        </div>
      )}
    </Panel>
  );
}

function DayPart(props: { readonly part: Part; readonly data: ListResult | undefined; readonly today: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const run = useCommand();
  const can = useCan();
  const { data, part, today } = props;
  if (data === undefined || (data.total === 0 && part !== 'today')) return null;
  return (
    <section aria-label={t(`home.day.${part}`)}>
      <h3 className={classes.part} data-part={part}>
        {t(`home.day.${part}`)} <span className="op-muted">{format.number(data.total)}</span>
      </h3>
      {data.total === 0 ? <p className={classes.partEmpty}>{t('home.day.nothing')}</p> : null}
      <ul className={classes.list}>
        {data.rows.map((row) => {
          const due = typeof row['dueDate'] === 'string' ? row['dueDate'] : null;
          const deal = typeof row['dealId'] === 'string' ? data.labels[row['dealId']] : undefined;
          const name = textOf(row['subject']);
          const waits = Array.isArray(row['prerequisiteIds']) && row['prerequisiteIds'].length > 0;
          return (
            <li key={row.id} className={classes.row} data-task={row.id}>
              <TaskCheckbox task={row} />
              <Link className={classes.title} to={`/tasks/${row.id}`}>
                {name}
              </Link>
              {waits ? <IconLock size={13} aria-label={t('task.waits.title')} /> : null}
              {deal === undefined ? null : <span className={classes.context}>{deal}</span>}
              <PendingMark pending={row.pending} />
              {can('update', entities.task, row) ? (
                <ActionIcon
                  className={classes.quiet ?? ''}
                  variant="subtle"
                  size="sm"
                  aria-label={t('task.time.startFor', { name })}
                  onClick={() => void run('startTimer', { taskId: row.id })}
                >
                  <IconPlayerPlayFilled size={12} />
                </ActionIcon>
              ) : null}
              {due === null || part === 'today' ? null : (
                <Pill tone={due < today ? 'danger' : 'neutral'}>{format.nearDay(due)}</Pill>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
