// Who has how much to do: open tasks and estimated hours by person and week, against the hours the person works. A cell opens its tasks,
// and there they are given to somebody else.
import { UnstyledButton } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { PersonInitials } from '#renderer/blocks/person-initials.tsx';
import { TaskViews } from '#renderer/blocks/tasks/task-views.tsx';
import type { AggregateResult } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { Span } from '#renderer/features/tasks/workload-span.ts';
import { PersonHours } from '#renderer/features/tasks/person-hours.tsx';
import { WorkloadTasks } from '#renderer/features/tasks/workload-tasks.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { entities } from '#shared/entities/registry.ts';
import { weekdayOf } from '#shared/entities/task/recurrence.ts';
import { USUAL_WEEKLY_HOURS, weeklyHoursOf } from '#shared/entities/user/working-hours.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';
import type { Filter } from '#shared/query/filter.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './workload.module.css';

const WEEKS = 6;
const openStatus: Filter = { field: 'status', op: 'in', value: ['open', 'in_progress', 'waiting'] };

function weekFilter(monday: Day): Filter {
  return {
    and: [
      openStatus,
      { field: 'dueDate', op: 'gte', value: monday },
      { field: 'dueDate', op: 'lte', value: addDays(monday, 6) },
    ],
  };
}

function useSpan(filter: Filter): AggregateResult | undefined {
  return useLive('aggregate', { entity: 'task', filter, groupBy: 'ownerId', sums: ['estimateMinutes'] }).data;
}

export function WorkloadScreen() {
  const { t } = useTranslation();
  const names = useNames();
  const format = useFormat();
  const actor = useAppSelector(({ device }) => (device.session?.status === 'signedIn' ? device.session.actor : null));
  const [today] = useState(() => toLocalDay(new Date()));
  const [drill, setDrill] = useState<{ readonly ownerId: string; readonly span: string } | null>(null);
  const monday = addDays(today, 1 - weekdayOf(today));
  const weeks = Array.from({ length: WEEKS }, (_, week): Span => {
    const day = addDays(monday, 7 * week);
    return {
      key: day,
      label: week === 0 ? t('task.workload.thisWeek') : format.shortDay(day),
      filter: weekFilter(day),
      isWeek: true,
    };
  });
  const late: Span = {
    key: 'late',
    label: t('task.workload.late'),
    filter: { and: [openStatus, { field: 'dueDate', op: 'lt', value: monday }] },
    isWeek: false,
  };
  const undated: Span = {
    key: 'undated',
    label: t('task.workload.undated'),
    filter: { and: [openStatus, { field: 'dueDate', op: 'isEmpty' }] },
    isWeek: false,
  };
  const spans = [late, ...weeks, undated];
  const [first, second, third, fourth, fifth, sixth] = weeks.map((week) => week.filter);
  const answers = [
    useSpan(late.filter),
    useSpan(first ?? openStatus),
    useSpan(second ?? openStatus),
    useSpan(third ?? openStatus),
    useSpan(fourth ?? openStatus),
    useSpan(fifth ?? openStatus),
    useSpan(sixth ?? openStatus),
    useSpan(undated.filter),
  ];
  const { data: everyone } = useLive('list', {
    entity: 'user',
    filter: { field: 'isActive', op: 'ne', value: false },
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 1000,
  });
  const busy = new Set(answers.flatMap((answer) => (answer?.groups ?? []).map(({ key }) => key)));
  const people = (everyone?.rows ?? []).filter(
    ({ id, teamId }) => busy.has(id) || (teamId !== null && actor?.teamIds.includes(teamId) === true),
  );
  const chosen = spans.find((span) => span.key === drill?.span);

  return (
    <Page
      title={names.entities(entities.task)}
      isFilled
      toolbar={
        <>
          <TaskViews view="workload" />
          <span className="op-muted">{t('task.workload.explained', { hours: format.number(USUAL_WEEKLY_HOURS) })}</span>
        </>
      }
    >
      <div className={classes.frame}>
        {everyone !== undefined && people.length === 0 ? (
          <EmptyState
            icon={<IconUsers size={30} stroke={1.4} />}
            title={t('task.workload.none')}
            text={t('task.workload.noneText')}
          />
        ) : (
          <table className={classes.table} data-testid="workload">
            <thead>
              <tr>
                <th scope="col">{t('task.workload.person')}</th>
                {spans.map((span) => (
                  <th key={span.key} scope="col">
                    {span.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <tr key={person.id}>
                  <th scope="row">
                    <span className={classes.person}>
                      <PersonInitials userId={person.id} name={textOf(person['name'])} size={22} isDecorative />
                      {textOf(person['name'])}
                    </span>
                    <PersonHours person={person} />
                  </th>
                  {spans.map((span, place) => {
                    const group = answers[place]?.groups.find(({ key }) => key === person.id);
                    const worked = (group?.sums['estimateMinutes'] ?? 0) / 60;
                    const hours = weeklyHoursOf(person);
                    const isOver = span.isWeek && worked > hours;
                    const isOpen = drill?.ownerId === person.id && drill.span === span.key;
                    return (
                      <td key={span.key}>
                        {group === undefined ? null : (
                          <UnstyledButton
                            className={classes.cell ?? ''}
                            data-over={isOver}
                            data-open={isOpen}
                            aria-expanded={isOpen}
                            aria-label={t(isOver ? 'task.workload.cellOver' : 'task.workload.cell', {
                              person: textOf(person['name']),
                              span: span.label,
                              count: group.count,
                              hours: format.number(Math.round(worked * 10) / 10),
                            })}
                            onClick={() => setDrill(isOpen ? null : { ownerId: person.id, span: span.key })}
                          >
                            <span className={classes.hours}>
                              {t('task.hours', { hours: format.number(Math.round(worked * 10) / 10) })}
                            </span>
                            <span className={classes.count}>{t('task.workload.tasks', { count: group.count })}</span>
                            {span.isWeek ? (
                              <span className={classes.bar} aria-hidden>
                                <span
                                  style={{
                                    width: `${String(hours === 0 ? 100 : Math.min(100, (100 * worked) / hours))}%`,
                                  }}
                                />
                              </span>
                            ) : null}
                          </UnstyledButton>
                        )}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {drill === null || chosen === undefined ? null : (
          <WorkloadTasks ownerId={drill.ownerId} span={chosen} onClose={() => setDrill(null)} />
        )}
      </div>
    </Page>
  );
}
