import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { IconCheckbox, IconLock, IconRepeat } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { PersonInitials } from '#renderer/blocks/person-initials.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { entities } from '#shared/entities/registry.ts';
import { checklistOf } from '#shared/entities/task/checklist.ts';
import { isOpenTask } from '#shared/entities/task/reminders.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';
import classes from './task-board.module.css';

const DRAG_KEY = 'outpost-task';

/** The task of a drag that began on a board or calendar, null for anything else. */
export function toDraggedTask(data: Readonly<Record<string | symbol, unknown>>): LocalRecord | null {
  return (data[DRAG_KEY] as LocalRecord | undefined) ?? null;
}

/** Makes an element draggable as a task. */
export function useDraggableTask(task: LocalRecord, isMovable: boolean) {
  const element = useRef<HTMLDivElement>(null);
  const [isDragging, setDragging] = useState(false);
  const latest = useRef(task);
  latest.current = task;
  useEffect(() => {
    if (element.current === null || !isMovable) return;
    return draggable({
      element: element.current,
      getInitialData: () => ({ [DRAG_KEY]: latest.current }),
      onDragStart: () => setDragging(true),
      onDrop: () => setDragging(false),
    });
  }, [isMovable]);
  return { element, isDragging };
}

export function TaskCard(props: {
  readonly task: LocalRecord;
  readonly labels: Labels;
  readonly showsOwner: boolean;
  readonly isCarried: boolean;
  readonly onCarry: (task: LocalRecord, key: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const navigate = useNavigate();
  const { task, labels, isCarried } = props;
  const isMovable = useCan()('update', entities.task, task);
  const { element, isDragging } = useDraggableTask(task, isMovable);
  const [today] = useState(() => toLocalDay(new Date()));
  const name = textOf(task['subject']);
  const due = typeof task['dueDate'] === 'string' ? task['dueDate'] : null;
  const hour = typeof task['dueAt'] === 'string' ? format.time(task['dueAt']) : '';
  const dueText = due === null ? '' : [format.nearDay(due), hour].filter((part) => part !== '').join(', ');
  const priority = textOf(task['priority']);
  const priorityName = names.option(entities.task, 'priority', priority);
  const isLate = due !== null && isOpenTask(task) && due < today;
  const steps = checklistOf(task['checklist']);
  const waits = isOpenTask(task) && Array.isArray(task['prerequisiteIds']) && task['prerequisiteIds'].length > 0;
  const about = labels[textOf(task['dealId'])] ?? labels[textOf(task['accountId'])] ?? '';

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const keys = isCarried ? ['ArrowLeft', 'ArrowRight', 'Escape', ' ', 'Enter'] : [' '];
    if (keys.includes(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      if (isMovable) props.onCarry(task, event.key);
    } else if (event.key === 'Enter') void navigate(`/tasks/${task.id}`);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const all = [
        ...(event.currentTarget.closest('[data-status]')?.querySelectorAll<HTMLElement>('[data-task]') ?? []),
      ];
      const sorted = all.toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
      sorted[sorted.indexOf(event.currentTarget) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    }
  }

  return (
    <div
      ref={element}
      className={classes.card}
      role="button"
      tabIndex={0}
      data-task={task.id}
      data-dragging={isDragging}
      data-carried={isCarried}
      data-priority={priority}
      aria-roledescription={isMovable ? t('task.board.cardRole') : t('entities.task.one')}
      aria-label={[name, priorityName, dueText, about].filter((part) => part !== '').join(', ')}
      onClick={() => void navigate(`/tasks/${task.id}`)}
      onKeyDown={onKeyDown}
    >
      <div className={classes.cardTop}>
        <span className={classes.priority} title={priorityName} aria-hidden />
        <span className={classes.cardName} title={name}>
          {name}
        </span>
        <PendingMark pending={task.pending} />
      </div>
      <div className={classes.about}>{about}</div>
      <div className={classes.cardFoot}>
        {due === null ? null : <span data-late={isLate}>{dueText}</span>}
        {steps.length === 0 ? null : (
          <span className={classes.fact}>
            <IconCheckbox size={13} aria-hidden /> {steps.filter((step) => step.isDone).length}/{steps.length}
          </span>
        )}
        {waits ? <IconLock size={13} aria-label={t('task.waits.title')} /> : null}
        {(task['recurrence'] ?? null) === null ? null : <IconRepeat size={13} aria-label={t('task.repeat.title')} />}
        <span style={{ flex: 1 }} />
        {props.showsOwner ? (
          <PersonInitials userId={task.ownerId ?? ''} name={labels[task.ownerId ?? ''] ?? ''} size={18} isDecorative />
        ) : null}
      </div>
    </div>
  );
}
