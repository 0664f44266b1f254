// Tasks by status. Cards move by mouse and by keyboard through the same function, and every move is announced.
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { QuickAddTask } from '#renderer/blocks/tasks/quick-add.tsx';
import { TaskViews } from '#renderer/blocks/tasks/task-views.tsx';
import { useCompleteTask } from '#renderer/blocks/tasks/use-complete-task.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { ListMenu } from '#renderer/blocks/list-menu.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { TaskColumn } from '#renderer/features/tasks/task-column.tsx';
import { useTaskScope } from '#renderer/features/tasks/task-scope.ts';
import { WhoseControl } from '#renderer/features/tasks/whose-control.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './task-board.module.css';

const statuses = ['open', 'in_progress', 'waiting', 'done'] as const;

export function TaskBoardScreen() {
  const { t } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const { whose, setWhose, filters } = useTaskScope();
  const { complete, dialog } = useCompleteTask();
  const [carried, setCarried] = useState<{ readonly id: string; readonly to: number } | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const nameOf = useCallback((status: string): string => names.option(entities.task, 'status', status), [names]);

  const move = useCallback(
    async (task: LocalRecord, status: string): Promise<void> => {
      const before = textOf(task['status']);
      if (status === before) return;
      const isMoved =
        status === 'done'
          ? await complete(task)
          : (await run(
              'updateRecord',
              { entity: 'task', id: task.id, values: { status } },
              {
                done: t('task.board.moved', { name: textOf(task['subject']), status: nameOf(status) }),
                undo: {
                  command: before === 'done' ? 'completeTask' : 'updateRecord',
                  input:
                    before === 'done' ? { id: task.id } : { entity: 'task', id: task.id, values: { status: before } },
                  entity: 'task',
                  ids: [task.id],
                  left: { status },
                },
              },
            )) !== null;
      setAnnouncement(
        t(isMoved ? 'task.board.moved' : 'task.board.stayed', {
          name: textOf(task['subject']),
          status: nameOf(status),
        }),
      );
    },
    [complete, run, t, nameOf],
  );

  function carry(task: LocalRecord, key: string): void {
    const from = statuses.findIndex((status) => status === task['status']);
    if (carried?.id !== task.id) {
      setCarried({ id: task.id, to: from });
      setAnnouncement(t('task.board.lifted', { name: textOf(task['subject']) }));
      return;
    }
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const to = Math.min(statuses.length - 1, Math.max(0, carried.to + (key === 'ArrowRight' ? 1 : -1)));
      setCarried({ ...carried, to });
      setAnnouncement(nameOf(statuses[to] ?? 'open'));
      return;
    }
    setCarried(null);
    if (key === 'Escape') setAnnouncement(t('task.board.cancelled'));
    else void move(task, statuses[carried.to] ?? 'open');
  }

  return (
    <Page
      title={names.entities(entities.task)}
      isFilled
      toolbar={
        <>
          <TaskViews view="board" />
          <WhoseControl whose={whose} onChange={setWhose} />
          <div style={{ flex: 1 }} />
          <ListMenu entity="task" />
        </>
      }
    >
      <QuickAddTask />
      <div className={classes.board} data-testid="task-board">
        {statuses.map((status, index) => (
          <TaskColumn
            key={`${status} ${whose}`}
            status={status}
            title={nameOf(status)}
            filters={filters}
            showsOwner={whose === 'all'}
            carriedId={carried?.id ?? null}
            isTarget={carried?.to === index}
            onMove={move}
            onCarry={carry}
          />
        ))}
      </div>
      <div aria-live="assertive" className={classes.announcer}>
        {announcement}
      </div>
      {dialog}
    </Page>
  );
}
