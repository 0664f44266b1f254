import { Alert, Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { DailyWork } from '#renderer/features/operations/daily-work.tsx';
import { JobTable } from '#renderer/features/operations/job-table.tsx';
import { Part } from '#renderer/features/operations/part.tsx';
import { Scroll } from '#renderer/ui/scroll.tsx';
import { useChange } from '#renderer/blocks/use-change.ts';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import { jobStates, type JobState, type Queue } from '#shared/sync/job-messages.ts';
import classes from './operations.module.css';

/** What the server does by itself: queues, single jobs, and the work of every day. */
export function JobsPart() {
  const { t } = useTranslation();
  const { data, error, refresh } = usePolled('operations.jobs', {});
  const { change, isRunning, error: changeError } = useChange(refresh);
  const [shown, setShown] = useState<{ readonly queue: string; readonly state: JobState } | null>(null);
  return (
    <Part name="jobs" error={error} hasAnswer={data !== null}>
      {changeError === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {changeError}
        </Alert>
      )}
      {data === null ? null : (
        <div className={classes.stack}>
          <Queues
            queues={data.queues}
            isOperator={data.isOperator}
            isBusy={isRunning}
            onShow={(queue, state) => setShown({ queue, state })}
            onPause={(queue, isPaused) => void change('operations.queue', { queue, isPaused })}
          />
          {shown === null ? null : (
            <JobTable
              key={`${shown.queue} ${shown.state}`}
              {...shown}
              onChanged={refresh}
              onClose={() => setShown(null)}
            />
          )}
          {data.isOperator ? (
            <DailyWork
              plans={data.plans}
              isBusy={isRunning}
              onChange={(plan) => void change('operations.plan', plan)}
              onRun={(name) => void change('operations.runPlan', { name })}
            />
          ) : (
            <p className="op-muted">{t('operations.jobs.ownOnly')}</p>
          )}
        </div>
      )}
    </Part>
  );
}

function Queues(props: {
  readonly queues: readonly Queue[];
  readonly isOperator: boolean;
  readonly isBusy: boolean;
  readonly onShow: (queue: string, state: JobState) => void;
  readonly onPause: (queue: string, isPaused: boolean) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = (queue: string): string => {
    const base = queue.replace(/\.dead$/, '');
    const name = t(`operations.queues.${base}`, { defaultValue: base });
    return base === queue ? name : t('operations.jobs.dead', { name });
  };
  return (
    <Panel title={t('operations.jobs.queues')} isFlush>
      <Scroll>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('operations.jobs.queue')}</th>
              {jobStates.map((state) => (
                <th key={state} scope="col" className="op-number">
                  {t(`operations.jobStates.${state}`)}
                </th>
              ))}
              <th scope="col">{t('operations.jobs.action')}</th>
            </tr>
          </thead>
          <tbody>
            {props.queues.map(({ name, isPaused, counts }) => (
              <tr key={name} data-queue={name}>
                <th scope="row">
                  {nameOf(name)} {isPaused ? <Pill tone="warn">{t('operations.jobs.paused')}</Pill> : null}
                </th>
                {jobStates.map((state) => (
                  <td key={state} className="op-number">
                    {(counts[state] ?? 0) === 0 ? (
                      format.number(0)
                    ) : (
                      <Button
                        size="compact-xs"
                        variant={state === 'failed' ? 'light' : 'subtle'}
                        {...(state === 'failed' ? { color: 'red' } : {})}
                        aria-label={t('operations.jobs.show', {
                          count: counts[state] ?? 0,
                          state: t(`operations.jobStates.${state}`),
                          queue: nameOf(name),
                        })}
                        onClick={() => props.onShow(name, state)}
                      >
                        {format.number(counts[state] ?? 0)}
                      </Button>
                    )}
                  </td>
                ))}
                <td>
                  {props.isOperator && !name.endsWith('.dead') ? (
                    <Button
                      size="compact-xs"
                      variant="default"
                      disabled={props.isBusy}
                      aria-label={t(isPaused ? 'operations.jobs.resumeOf' : 'operations.jobs.pauseOf', {
                        queue: nameOf(name),
                      })}
                      onClick={() => props.onPause(name, !isPaused)}
                    >
                      {t(isPaused ? 'operations.jobs.resume' : 'operations.jobs.pause')}
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}
