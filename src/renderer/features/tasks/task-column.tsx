import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { TaskCard, toDraggedTask } from '#renderer/features/tasks/task-card.tsx';
import type { Filter } from '#shared/query/filter.ts';
import classes from './task-board.module.css';

const CARD_HEIGHT = 84;
const WINDOW = 60;
const DONE_DAYS = 30;

export function TaskColumn(props: {
  readonly status: string;
  readonly title: string;
  readonly filters: readonly Filter[];
  readonly showsOwner: boolean;
  readonly carriedId: string | null;
  readonly isTarget: boolean;
  readonly onMove: (task: LocalRecord, status: string) => Promise<void>;
  readonly onCarry: (task: LocalRecord, key: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { status } = props;
  const [offset, setOffset] = useState(0);
  const isDone = status === 'done';
  const recent: readonly Filter[] = isDone ? [{ field: 'completedAt', op: 'withinDays', value: -DONE_DAYS }] : [];
  const { data } = useLive('list', {
    entity: 'task',
    filter: { and: [{ field: 'status', op: 'eq', value: status }, ...props.filters, ...recent] },
    sort: isDone ? [{ field: 'completedAt', direction: 'desc' }] : [{ field: 'dueDate', direction: 'asc' }],
    offset,
    limit: WINDOW * 2,
  });
  const total = data?.total ?? 0;
  const scroller = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => toDraggedTask(source.data) !== null,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        const task = toDraggedTask(source.data);
        if (task !== null) void latest.current.onMove(task, latest.current.status);
      },
    });
  }, []);
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT,
    overscan: 4,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  useEffect(() => setOffset(Math.max(0, Math.floor(first / WINDOW) * WINDOW - WINDOW / 2)), [first]);
  return (
    <section className={classes.columnFrame} aria-label={t('task.board.column', { status: props.title, count: total })}>
      <header className={classes.columnHead}>
        <h2>{props.title}</h2>
        <span className="op-muted">{format.number(total)}</span>
      </header>
      <div
        ref={scroller}
        className={classes.column}
        data-over={isOver || (props.carriedId !== null && props.isTarget)}
        data-status={status}
        role="group"
        aria-label={props.title}
        // A scrollable region must be reachable by keyboard even when it holds no card.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={total === 0 ? undefined : 0}
      >
        <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const task = data?.rows[item.index - offset];
            return (
              <div key={task?.id ?? item.index} className={classes.place} style={{ top: item.start }}>
                {task === undefined ? null : (
                  <TaskCard
                    task={task}
                    labels={data?.labels ?? {}}
                    showsOwner={props.showsOwner}
                    isCarried={props.carriedId === task.id}
                    onCarry={props.onCarry}
                  />
                )}
              </div>
            );
          })}
        </div>
        {data !== undefined && total === 0 ? <p className={classes.empty}>{t('task.board.empty')}</p> : null}
      </div>
    </section>
  );
}
