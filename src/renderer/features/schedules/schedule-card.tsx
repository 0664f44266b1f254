import { Button, Group } from '@mantine/core';
import { IconMail, IconMailPause } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { showDone, useCommand } from '#renderer/blocks/use-command.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { Labels } from '#shared/query/live-answer.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { RunHistory, RunState } from '#renderer/features/schedules/run-history.tsx';
import { useScheduleWords } from '#renderer/features/schedules/schedule-words.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './schedules.module.css';

interface ScheduleCardProps {
  readonly schedule: LocalRecord;
  readonly labels: Labels;
  readonly isUnfolded: boolean;
  readonly onFold: (isOpen: boolean) => void;
  readonly onEdit: () => void;
}

export function ScheduleCard({ schedule, labels, isUnfolded, onFold, onEdit }: ScheduleCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useScheduleWords();
  const can = useCan();
  const isActive = schedule['isActive'] !== false;
  const next = words.next(schedule);
  const { data } = useLive('list', {
    entity: 'reportRun',
    filter: { and: [{ field: 'scheduleId', op: 'eq', value: schedule.id }] },
    sort: [{ field: 'dueAt', direction: 'desc' }],
    offset: 0,
    limit: 1,
  });
  const [last] = data?.rows ?? [];
  const Icon = isActive ? IconMail : IconMailPause;
  return (
    <Panel
      title={
        <span className={classes.title}>
          <Icon size={16} aria-hidden />
          {textOf(schedule['name'])}
        </span>
      }
      actions={<span className="op-muted">{isActive ? t('schedules.active') : t('schedules.paused')}</span>}
    >
      <div data-testid="report-schedule" data-schedule={schedule.id}>
        <p className={classes.line}>
          {labels[textOf(schedule['reportId'])] ?? t('common.notAvailable')} · {words.when(schedule)}
        </p>
        <p className={classes.line}>
          {next === null ? t('schedules.notPlanned') : t('schedules.next', { when: next })}
          {' · '}
          {last === undefined ? (
            t('schedules.neverRan')
          ) : (
            <>
              <RunState run={last} /> {format.instant(textOf(last['dueAt']))}
            </>
          )}
        </p>
        <Actions schedule={schedule} isUnfolded={isUnfolded} onFold={onFold} onEdit={onEdit} />
        {isUnfolded ? (
          <RunHistory scheduleId={schedule.id} mayChange={can('update', entities.reportSchedule, schedule)} />
        ) : null}
      </div>
    </Panel>
  );
}

function Actions({ schedule, isUnfolded, onFold, onEdit }: Omit<ScheduleCardProps, 'labels'>) {
  const { t } = useTranslation();
  const can = useCan();
  const run = useCommand();
  const errorText = useErrorText();
  const isOnline = useIsOnline();
  const [isAsked, setAsked] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { id } = schedule;
  const isActive = schedule['isActive'] !== false;
  const mayChange = can('update', entities.reportSchedule, schedule);

  async function runNow(): Promise<void> {
    setAsked(true);
    setError(null);
    try {
      await invokeMain(getBridge(), 'reports.run', { id });
      showDone({ message: t('schedules.started') });
      onFold(true);
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setAsked(false);
    }
  }

  async function remove(): Promise<void> {
    const reference = { entity: 'reportSchedule', id };
    await run('deleteRecord', reference, {
      done: t('schedules.deleted', { name: textOf(schedule['name']) }),
      undo: { command: 'restoreRecord', input: reference, entity: 'reportSchedule', ids: [id], left: null },
    });
  }

  return (
    <>
      <Group gap={8} mt={10}>
        {mayChange ? (
          <>
            <Button
              variant="default"
              loading={isAsked}
              disabled={!isOnline}
              title={isOnline ? undefined : t('schedules.offline')}
              onClick={() => void runNow()}
            >
              {t('schedules.runNow')}
            </Button>
            <Button variant="default" onClick={onEdit}>
              {t('schedules.edit')}
            </Button>
            <Button
              variant="default"
              onClick={() =>
                void run('updateRecord', { entity: 'reportSchedule', id, values: { isActive: !isActive } })
              }
            >
              {isActive ? t('schedules.pause') : t('schedules.resume')}
            </Button>
          </>
        ) : null}
        <Button variant="default" aria-expanded={isUnfolded} onClick={() => onFold(!isUnfolded)}>
          {t('schedules.history')}
        </Button>
        {can('delete', entities.reportSchedule, schedule) ? (
          <Button variant="subtle" color="red" onClick={() => void remove()}>
            {t('schedules.delete')}
          </Button>
        ) : null}
        {isOnline ? null : <span className="op-muted">{t('schedules.offline')}</span>}
      </Group>
      {error === null ? null : (
        <p role="alert" className={classes.problem}>
          {error}
        </p>
      )}
    </>
  );
}
