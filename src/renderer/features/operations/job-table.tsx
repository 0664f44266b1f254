import { Alert, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { Scroll } from '#renderer/features/operations/part.tsx';
import { useChange } from '#renderer/features/operations/use-change.ts';
import { usePolled } from '#renderer/features/operations/use-polled.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { JobLine, JobState } from '#shared/sync/job-messages.ts';
import classes from './operations.module.css';

const waitingStates: readonly JobState[] = ['waiting', 'delayed', 'retrying'];

/** Jobs of one queue in one state, one by one. */
export function JobTable(props: {
  readonly queue: string;
  readonly state: JobState;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { queue, state } = props;
  const { data, error, refresh } = usePolled('operations.jobList', { queue, state, limit: 100 });
  const {
    change,
    isRunning,
    error: changeError,
  } = useChange(() => {
    refresh();
    props.onChanged();
  });
  const jobs = data?.jobs ?? [];
  const wrong = changeError ?? error;
  const act = (job: JobLine, action: 'retry' | 'cancel') =>
    void change('operations.jobAction', { queue: job.queue, id: job.id, action });
  return (
    <Panel
      title={t('operations.jobs.of', {
        queue: t(`operations.queues.${queue.replace(/\.dead$/, '')}`, { defaultValue: queue }),
        state: t(`operations.jobStates.${state}`),
      })}
      isFlush
      actions={
        <Button size="compact-xs" variant="subtle" onClick={props.onClose}>
          {t('common.close')}
        </Button>
      }
    >
      {wrong === null ? null : (
        <Alert color="yellow" m="sm" role="alert">
          {wrong}
        </Alert>
      )}
      {data !== null && jobs.length === 0 ? <p className={classes.empty}>{t('operations.jobs.noneLeft')}</p> : null}
      {jobs.length === 0 ? null : (
        <Scroll>
          <table className={classes.table}>
            <thead>
              <tr>
                {(['kind', 'created', 'when', 'attempts', 'problem', 'action'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`operations.jobs.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {jobs.map((job) => (
                <tr key={job.id} data-job={job.id}>
                  <th scope="row">{t(`operations.jobKinds.${job.kind}`, { defaultValue: job.kind })}</th>
                  <td>{format.seconds(job.createdAt)}</td>
                  <td>{format.instant(job.startsAt ?? job.endedAt ?? job.startedAt)}</td>
                  <td>{t('operations.jobs.attemptOf', { attempt: job.attempts, most: job.mostAttempts })}</td>
                  <td data-selectable>
                    <code>{job.error}</code>
                  </td>
                  <td>
                    <div className={classes.buttons}>
                      {job.state === 'failed' || waitingStates.includes(job.state) ? (
                        <Button
                          size="compact-xs"
                          variant="default"
                          disabled={isRunning}
                          onClick={() => act(job, 'retry')}
                        >
                          {t(job.state === 'failed' ? 'operations.jobs.retry' : 'operations.jobs.runNow')}
                        </Button>
                      ) : null}
                      {waitingStates.includes(job.state) ? (
                        <Button
                          size="compact-xs"
                          variant="default"
                          disabled={isRunning}
                          onClick={() => act(job, 'cancel')}
                        >
                          {t('operations.jobs.cancel')}
                        </Button>
                      ) : null}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}
