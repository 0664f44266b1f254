// One list of jobs: those of this computer, and for administrators those of the server among them, newest first.
import { Alert, Button, SegmentedControl, Select } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { JobRows, useJobName, type JobAct, type ShownJob } from '#renderer/blocks/jobs/job-rows.tsx';
import { useChange } from '#renderer/blocks/use-change.ts';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { JobLog } from '#renderer/features/jobs/job-log.tsx';
import { Part } from '#renderer/features/jobs/part.tsx';
import { useLocalJobs } from '#renderer/features/jobs/use-local-jobs.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { jobStates, type JobState } from '#shared/sync/job-messages.ts';
import classes from './jobs.module.css';

const MOST_OF_SERVER = 200;
/** What is under way or wants something stands above what is over. */
const isOver = ({ job }: ShownJob): boolean => job.state === 'done' || job.state === 'cancelled';

type Place = 'all' | 'here' | 'server';

interface ListProps {
  readonly ofServer: readonly ShownJob[];
  readonly seesServer: boolean;
  readonly serverError: string | null;
  readonly state: JobState | null;
  readonly onState: (state: JobState | null) => void;
  readonly onServerChanged: () => void;
}

export function JobList(props: { readonly seesServer: boolean }) {
  const [state, setState] = useState<JobState | null>(null);
  const shared = { state, onState: setState };
  return props.seesServer ? (
    <WithServer {...shared} />
  ) : (
    <List {...shared} ofServer={[]} seesServer={false} serverError={null} onServerChanged={() => undefined} />
  );
}

function WithServer(props: Pick<ListProps, 'state' | 'onState'>) {
  const { state } = props;
  const question = { limit: MOST_OF_SERVER, ...(state === null ? {} : { state }) };
  const { data, error, refresh } = usePolled('operations.jobList', question);
  // What was given up is told where it was given up; its way from there is told while it takes.
  const shown = (data?.jobs ?? []).filter(({ queue, state: is }) => !queue.endsWith('.dead') || is !== 'done');
  const ofServer = shown.map((job): ShownJob => ({ place: 'server', job }));
  return <List {...props} ofServer={ofServer} seesServer serverError={error} onServerChanged={refresh} />;
}

function List(props: ListProps) {
  const { t } = useTranslation();
  const nameOf = useJobName();
  const { state, seesServer, ofServer, serverError } = props;
  const [place, setPlace] = useState<Place>('all');
  const [open, setOpen] = useState<ShownJob | null>(null);
  const { data, error, refresh } = useLocalJobs('localJobs.list', state === null ? {} : { state });
  const { data: overview, refresh: lookAgain } = useLocalJobs('localJobs.overview', {});
  const {
    change,
    isRunning,
    error: changeError,
  } = useChange(() => {
    refresh();
    lookAgain();
    props.onServerChanged();
  });
  const here = (data ?? []).map((job): ShownJob => ({ place: 'here', job }));
  const jobs = [...(place === 'server' ? [] : here), ...(place === 'here' ? [] : ofServer)].sort(
    (one, other) => Number(isOver(one)) - Number(isOver(other)) || (one.job.createdAt < other.job.createdAt ? 1 : -1),
  );
  const isPaused = overview?.isPaused === true;
  const pausedKinds = new Set(
    (overview?.kinds ?? []).filter((kind) => isPaused || kind.isPaused).map(({ kind }) => kind),
  );
  function act(shown: ShownJob, action: JobAct): void {
    const { id } = shown.job;
    if (shown.place === 'here') void change('localJobs.act', { id, action });
    else void change('operations.jobAction', { queue: shown.job.queue, id, action });
  }
  return (
    <Part
      name="list"
      errors={[error, changeError, place === 'here' || serverError === null ? null : serverError]}
      actions={
        <Button
          size="xs"
          variant="default"
          disabled={isRunning || overview === null}
          onClick={() => void change('localJobs.pause', { kind: null, isPaused: !isPaused })}
        >
          {t(isPaused ? 'localJobs.resumeAll' : 'localJobs.pauseAll')}
        </Button>
      }
    >
      {isPaused ? (
        <Alert color="yellow" mb="md" role="status">
          {t('localJobs.allPaused')}
        </Alert>
      ) : null}
      <div className={classes.filters}>
        {seesServer ? (
          <SegmentedControl
            size="xs"
            aria-label={t('localJobs.where')}
            value={place}
            onChange={setPlace}
            data={(['all', 'here', 'server'] as const).map((value) => ({
              value,
              label: t(`localJobs.places.${value}`),
            }))}
          />
        ) : null}
        <Select
          size="xs"
          w={170}
          aria-label={t('localJobs.state')}
          placeholder={t('localJobs.everyState')}
          clearable
          value={state}
          onChange={(value) => props.onState(jobStates.find((known) => known === value) ?? null)}
          data={jobStates.map((value) => ({ value, label: t(`operations.jobStates.${value}`) }))}
        />
      </div>
      <div className={classes.stack}>
        {data !== null && jobs.length === 0 ? (
          <EmptyState
            icon={<IconChecks size={28} stroke={1.5} />}
            title={t('localJobs.empty.title')}
            text={t(state === null ? 'localJobs.empty.text' : 'localJobs.empty.ofState')}
          />
        ) : null}
        {jobs.length === 0 ? null : (
          <Panel isFlush>
            <JobRows
              jobs={jobs}
              showsPlace={seesServer}
              isBusy={isRunning}
              pausedKinds={pausedKinds}
              onAct={act}
              openId={open?.job.id ?? null}
              onOpen={(shown) => setOpen(open?.job.id === shown.job.id ? null : shown)}
            />
          </Panel>
        )}
        {open === null ? null : (
          <JobLog key={open.job.id} id={open.job.id} name={nameOf(open)} onClose={() => setOpen(null)} />
        )}
      </div>
    </Part>
  );
}
