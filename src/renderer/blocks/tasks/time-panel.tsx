import { ActionIcon, Button, NumberInput, TextInput } from '@mantine/core';
import { IconPlayerPlayFilled, IconPlayerStopFilled, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useKeptText } from '#renderer/blocks/kept-text.ts';
import { useDuration } from '#renderer/blocks/tasks/use-duration.ts';
import { clockText, useElapsed } from '#renderer/blocks/tasks/use-elapsed.ts';
import { useRunningTimer } from '#renderer/blocks/tasks/use-running-timer.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { entities } from '#shared/entities/registry.ts';
import { minutesOfEntry } from '#shared/entities/time-entry/time-entry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './tasks.module.css';

/** Time spent on a task against its estimate: a timer, entries by hand, and who spent what. */
export function TimePanel(props: { readonly task: LocalRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = useDuration();
  const run = useCommand();
  const { task } = props;
  const canTrack = useCan()('update', entities.task, task);
  const { timer } = useRunningTimer();
  const isRunning = timer?.['taskId'] === task.id;
  const seconds = useElapsed(isRunning ? textOf(timer['startedAt']) : null);
  const [typedMinutes, setTypedMinutes] = useKeptText(`minutes ${task.id}`);
  const minutes = typedMinutes === '' ? null : Number(typedMinutes);
  const [note, setNote] = useKeptText(`note ${task.id}`);
  const { data } = useLive('list', {
    entity: 'timeEntry',
    filter: { field: 'taskId', op: 'eq', value: task.id },
    sort: [{ field: 'startedAt', direction: 'desc' }],
    offset: 0,
    limit: 500,
  });
  const entries = (data?.rows ?? []).filter((entry) => (entry['endedAt'] ?? null) !== null);
  const spent = entries.reduce((sum, entry) => sum + minutesOfEntry(entry), 0);
  const estimate = typeof task['estimateMinutes'] === 'number' ? task['estimateMinutes'] : null;
  const isOver = estimate !== null && spent > estimate;

  async function add(): Promise<void> {
    if (minutes === null) return;
    const input = { taskId: task.id, minutes, note: note.trim() === '' ? null : note.trim() };
    if ((await run('addTime', input, { done: t('task.time.added') })) === null) return;
    setTypedMinutes('');
    setNote('');
  }

  return (
    <Panel
      title={t('task.time.title')}
      isFlush
      actions={
        canTrack ? (
          <Button
            size="compact-xs"
            variant={isRunning ? 'filled' : 'default'}
            leftSection={isRunning ? <IconPlayerStopFilled size={12} /> : <IconPlayerPlayFilled size={12} />}
            onClick={() => void run(isRunning ? 'stopTimer' : 'startTimer', isRunning ? {} : { taskId: task.id })}
          >
            {isRunning ? `${t('task.time.stop')} · ${clockText(seconds)}` : t('task.time.start')}
          </Button>
        ) : null
      }
    >
      <p className={classes.sum} data-over={isOver}>
        {estimate === null
          ? t('task.time.spent', { spent: duration(spent) })
          : t('task.time.spentOf', { spent: duration(spent), estimate: duration(estimate) })}
      </p>
      <ul className={classes.list} data-testid="time-entries">
        {entries.map((entry) => (
          <li key={entry.id} className={classes.step}>
            <span className={classes.minutes}>{duration(minutesOfEntry(entry))}</span>
            <span className={classes.stepText}>{textOf(entry['note'])}</span>
            <span className="op-muted">
              {[data?.labels[entry.ownerId ?? ''], format.instant(textOf(entry['startedAt']))]
                .filter(Boolean)
                .join(' · ')}
            </span>
            <RemoveEntry entry={entry} />
          </li>
        ))}
      </ul>
      {canTrack ? (
        <form
          className={classes.addTime}
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
        >
          <NumberInput
            size="xs"
            w={96}
            min={1}
            max={10_080}
            allowDecimal={false}
            placeholder={t('task.time.minutes')}
            aria-label={t('task.time.minutes')}
            value={minutes ?? ''}
            onChange={(value) => setTypedMinutes(typeof value === 'number' && value >= 1 ? String(value) : '')}
          />
          <TextInput
            size="xs"
            flex={1}
            maxLength={500}
            placeholder={t('task.time.note')}
            aria-label={t('task.time.note')}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button size="xs" variant="default" type="submit" disabled={minutes === null}>
            {t('task.time.add')}
          </Button>
        </form>
      ) : null}
    </Panel>
  );
}

function RemoveEntry(props: { readonly entry: LocalRecord }) {
  const { t } = useTranslation();
  const run = useCommand();
  const { entry } = props;
  const isMine = useCan()('update', entities.timeEntry, entry);
  const input = { entity: 'timeEntry', id: entry.id };
  if (!isMine) return null;
  return (
    <ActionIcon
      className={classes.quiet ?? ''}
      variant="subtle"
      size="sm"
      aria-label={t('task.time.remove')}
      onClick={() =>
        void run('deleteRecord', input, {
          done: t('task.time.removed'),
          undo: { command: 'restoreRecord', input, entity: 'timeEntry', ids: [entry.id], left: null },
        })
      }
    >
      <IconX size={13} />
    </ActionIcon>
  );
}
