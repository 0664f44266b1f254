import { Alert, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { JobRows } from '#renderer/blocks/jobs/job-rows.tsx';
import { useChange } from '#renderer/blocks/use-change.ts';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { JobState } from '#shared/sync/job-messages.ts';
import classes from './operations.module.css';

/** Jobs of one queue in one state, one by one. */
export function JobTable(props: {
  readonly queue: string;
  readonly state: JobState;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
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
        <JobRows
          jobs={jobs.map((job) => ({ place: 'server', job }))}
          isBusy={isRunning}
          onAct={({ place, job }, action) => {
            if (place === 'server') void change('operations.jobAction', { queue: job.queue, id: job.id, action });
          }}
        />
      )}
    </Panel>
  );
}
