// Tasks on the days they are due. A task is dragged to another day, or sent there with Alt and the arrows.
import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { ActionIcon, Button, UnstyledButton } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { QuickAddTask } from '#renderer/blocks/tasks/quick-add.tsx';
import { TaskViews } from '#renderer/blocks/tasks/task-views.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { ListMenu } from '#renderer/blocks/list-menu.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { toDraggedTask, useDraggableTask } from '#renderer/features/tasks/task-card.tsx';
import { useTaskScope } from '#renderer/features/tasks/task-scope.ts';
import { WhoseControl } from '#renderer/features/tasks/whose-control.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { entities } from '#shared/entities/registry.ts';
import { weekdayOf } from '#shared/entities/task/recurrence.ts';
import { isOpenTask } from '#shared/entities/task/reminders.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './task-calendar.module.css';

const DAYS = 42;
const SHOWN_OF_A_DAY = 4;

const firstOf = (day: Day): Day => `${day.slice(0, 7)}-01`;
const mondayOf = (day: Day): Day => addDays(day, 1 - weekdayOf(day));
/** The first day of a month so many months away. */
function shiftMonth(day: Day, count: number): Day {
  return firstOf(addDays(firstOf(day), count > 0 ? 31 : -1));
}

export function TaskCalendarScreen() {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const format = useFormat();
  const { whose, setWhose, filters } = useTaskScope();
  const [today] = useState(() => toLocalDay(new Date()));
  const [month, setMonth] = useState(() => firstOf(today));
  const [open, setOpen] = useState<Day | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const from = mondayOf(month);
  const days = Array.from({ length: DAYS }, (_, place) => addDays(from, place));
  const { data } = useLive('list', {
    entity: 'task',
    filter: {
      and: [
        { field: 'dueDate', op: 'gte', value: from },
        { field: 'dueDate', op: 'lte', value: addDays(from, DAYS - 1) },
        { field: 'status', op: 'ne', value: 'cancelled' },
        ...filters,
      ],
    },
    sort: [
      { field: 'dueDate', direction: 'asc' },
      { field: 'priority', direction: 'asc' },
    ],
    offset: 0,
    limit: 1000,
  });
  const byDay = Map.groupBy(data?.rows ?? [], (task) => textOf(task['dueDate']));
  const isCut = data !== undefined && data.total > data.rows.length;
  const monthName = new Intl.DateTimeFormat(i18n.language, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const weekdayName = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' });
  const nameOf = (formatter: Intl.DateTimeFormat, day: Day): string => formatter.format(new Date(`${day}T00:00:00Z`));

  async function move(task: LocalRecord, day: Day): Promise<void> {
    const before = textOf(task['dueDate']);
    if (day === before) return;
    const done = t('task.calendar.moved', { name: textOf(task['subject']), day: format.day(day) });
    const outcome = await run(
      'updateRecord',
      { entity: 'task', id: task.id, values: { dueDate: day } },
      {
        done,
        undo: {
          command: 'updateRecord',
          input: { entity: 'task', id: task.id, values: { dueDate: before } },
          entity: 'task',
          ids: [task.id],
          left: { dueDate: day },
        },
      },
    );
    if (outcome !== null) setAnnouncement(done);
  }

  return (
    <Page
      title={names.entities(entities.task)}
      subtitle={
        isCut ? t('task.calendar.cut', { shown: data.rows.length, total: format.number(data.total) }) : undefined
      }
      isFilled
      toolbar={
        <>
          <TaskViews view="calendar" />
          <WhoseControl whose={whose} onChange={setWhose} />
          <div style={{ flex: 1 }} />
          <ActionIcon
            variant="default"
            aria-label={t('common.previous')}
            onClick={() => setMonth(shiftMonth(month, -1))}
          >
            <IconChevronLeft size={15} />
          </ActionIcon>
          <strong className={classes.month} aria-live="polite">
            {nameOf(monthName, month)}
          </strong>
          <ActionIcon variant="default" aria-label={t('common.next')} onClick={() => setMonth(shiftMonth(month, 1))}>
            <IconChevronRight size={15} />
          </ActionIcon>
          <Button size="xs" variant="default" onClick={() => setMonth(firstOf(today))}>
            {t('task.calendar.today')}
          </Button>
          <ListMenu entity="task" />
        </>
      }
    >
      <QuickAddTask />
      <div className={classes.calendar} data-testid="task-calendar">
        <div className={classes.weekdays} aria-hidden>
          {days.slice(0, 7).map((day) => (
            <span key={day}>{nameOf(weekdayName, day)}</span>
          ))}
        </div>
        <div className={classes.days}>
          {days.map((day) => (
            <CalendarDay
              key={day}
              day={day}
              label={format.longDay(day)}
              isToday={day === today}
              isOther={day.slice(0, 7) !== month.slice(0, 7)}
              isOpen={open === day}
              tasks={byDay.get(day) ?? []}
              today={today}
              onToggle={() => setOpen(open === day ? null : day)}
              onMove={move}
            />
          ))}
        </div>
      </div>
      <div aria-live="assertive" className={classes.announcer}>
        {announcement}
      </div>
    </Page>
  );
}

function CalendarDay(props: {
  readonly day: Day;
  readonly label: string;
  readonly isToday: boolean;
  readonly isOther: boolean;
  readonly isOpen: boolean;
  readonly tasks: readonly LocalRecord[];
  readonly today: Day;
  readonly onToggle: () => void;
  readonly onMove: (task: LocalRecord, day: Day) => Promise<void>;
}) {
  const { t } = useTranslation();
  const { day, tasks, isOpen } = props;
  const element = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    if (element.current === null) return;
    return dropTargetForElements({
      element: element.current,
      canDrop: ({ source }) => toDraggedTask(source.data) !== null,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        const task = toDraggedTask(source.data);
        if (task !== null) void latest.current.onMove(task, latest.current.day);
      },
    });
  }, []);
  const shown = isOpen ? tasks : tasks.slice(0, SHOWN_OF_A_DAY);
  return (
    <div
      ref={element}
      className={classes.day}
      role="group"
      aria-label={t('task.calendar.day', { day: props.label, count: tasks.length })}
      data-day={day}
      data-today={props.isToday}
      data-other={props.isOther}
      data-over={isOver}
    >
      <span className={classes.date}>{Number(day.slice(8))}</span>
      {shown.map((task) => (
        <CalendarTask key={task.id} task={task} isLate={day < props.today && isOpenTask(task)} onMove={props.onMove} />
      ))}
      {tasks.length > SHOWN_OF_A_DAY ? (
        <UnstyledButton className={classes.more ?? ''} aria-expanded={isOpen} onClick={props.onToggle}>
          {isOpen ? t('task.calendar.fewer') : t('task.calendar.more', { count: tasks.length - SHOWN_OF_A_DAY })}
        </UnstyledButton>
      ) : null}
    </div>
  );
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function CalendarTask(props: {
  readonly task: LocalRecord;
  readonly isLate: boolean;
  readonly onMove: (task: LocalRecord, day: Day) => Promise<void>;
}) {
  const navigate = useNavigate();
  const { task } = props;
  const isMovable = useCan()('update', entities.task, task);
  const { element, isDragging } = useDraggableTask(task, isMovable);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const step = steps[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      void navigate(`/tasks/${task.id}`);
    } else if (event.altKey && step !== undefined && isMovable) {
      event.preventDefault();
      const { id } = task;
      void props.onMove(task, addDays(textOf(task['dueDate']), step)).then(() =>
        // The task is drawn anew on its other day: the focus goes along.
        setTimeout(() => document.querySelector<HTMLElement>(`[data-task="${CSS.escape(id)}"]`)?.focus(), 100),
      );
    }
  }

  return (
    <div
      ref={element}
      className={classes.task}
      role="button"
      tabIndex={0}
      data-task={task.id}
      data-dragging={isDragging}
      data-done={!isOpenTask(task)}
      data-late={props.isLate}
      data-priority={textOf(task['priority'])}
      aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight"
      title={textOf(task['subject'])}
      onClick={() => void navigate(`/tasks/${task.id}`)}
      onKeyDown={onKeyDown}
    >
      {textOf(task['subject'])}
    </div>
  );
}
