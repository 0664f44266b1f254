import { ActionIcon } from '@mantine/core';
import { IconPlayerStopFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { clockText, useElapsed } from '#renderer/blocks/tasks/use-elapsed.ts';
import { useRunningTimer } from '#renderer/blocks/tasks/use-running-timer.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './tasks.module.css';

/** The timer that runs, on every screen: what for, how long, and the way to end it. */
export function RunningTimer() {
  const { t } = useTranslation();
  const run = useCommand();
  const { timer, labels } = useRunningTimer();
  const seconds = useElapsed(timer === null ? null : textOf(timer['startedAt']));
  if (timer === null) return null;
  const taskId = textOf(timer['taskId']);
  const name = labels[taskId] ?? t('task.time.task');
  return (
    <div
      className={classes.timer}
      role="group"
      aria-label={t('task.time.running', { name })}
      data-testid="running-timer"
    >
      <span className={classes.pulse} aria-hidden />
      <Link className={classes.timerTask} to={`/tasks/${taskId}`} title={name}>
        {name}
      </Link>
      <span className={classes.clock}>{clockText(seconds)}</span>
      <ActionIcon
        variant="subtle"
        size="sm"
        aria-label={t('task.time.stop')}
        onClick={() => void run('stopTimer', {}, { done: t('task.time.stopped') })}
      >
        <IconPlayerStopFilled size={14} />
      </ActionIcon>
    </div>
  );
}
