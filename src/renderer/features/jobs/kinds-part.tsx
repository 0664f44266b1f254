import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useChange } from '#renderer/blocks/use-change.ts';
import { Part } from '#renderer/features/jobs/part.tsx';
import { useLocalJobs } from '#renderer/features/jobs/use-local-jobs.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import { Scroll } from '#renderer/ui/scroll.tsx';
import type { JobState } from '#shared/sync/job-messages.ts';
import classes from './jobs.module.css';

const told: readonly JobState[] = ['active', 'waiting', 'delayed', 'retrying', 'failed', 'done'];

/** What kinds of work there are, how much of each, and which are held. */
export function KindsPart() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refresh } = useLocalJobs('localJobs.overview', {});
  const { change, isRunning, error: changeError } = useChange(refresh);
  return (
    <Part name="kinds" errors={[error, changeError]}>
      {data === null ? null : (
        <Panel isFlush>
          <Scroll>
            <table className={classes.table}>
              <thead>
                <tr>
                  <th scope="col">{t('localJobs.kind')}</th>
                  {told.map((state) => (
                    <th key={state} scope="col" className="op-number">
                      {t(`operations.jobStates.${state}`)}
                    </th>
                  ))}
                  <th scope="col">{t('operations.jobs.action')}</th>
                </tr>
              </thead>
              <tbody>
                {data.kinds.map(({ kind, isPaused, counts }) => {
                  const name = t(`localJobs.kinds.${kind}`, { defaultValue: kind });
                  return (
                    <tr key={kind} data-kind={kind}>
                      <th scope="row">
                        {name} {isPaused ? <Pill tone="warn">{t('operations.jobs.paused')}</Pill> : null}
                      </th>
                      {told.map((state) => (
                        <td key={state} className="op-number">
                          {format.number(counts[state] ?? 0)}
                        </td>
                      ))}
                      <td>
                        <Button
                          size="compact-xs"
                          variant="default"
                          disabled={isRunning}
                          aria-label={t(isPaused ? 'operations.jobs.resumeOf' : 'operations.jobs.pauseOf', {
                            queue: name,
                          })}
                          onClick={() => void change('localJobs.pause', { kind, isPaused: !isPaused })}
                        >
                          {t(isPaused ? 'operations.jobs.resume' : 'operations.jobs.pause')}
                        </Button>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </Scroll>
        </Panel>
      )}
    </Part>
  );
}
