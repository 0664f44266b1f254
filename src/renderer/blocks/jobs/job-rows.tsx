// Jobs one by one, wherever they run: those of this computer and those of the server, in the same words.
import { Button, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import { Scroll } from '#renderer/ui/scroll.tsx';
import type { LocalJob } from '#shared/jobs/local-jobs.ts';
import type { JobLine, JobState } from '#shared/sync/job-messages.ts';
import classes from './job-rows.module.css';

export type ShownJob =
  | { readonly place: 'here'; readonly job: LocalJob }
  | { readonly place: 'server'; readonly job: JobLine };

export type JobAct = 'retry' | 'cancel';

const waitingStates: readonly JobState[] = ['waiting', 'delayed', 'retrying'];
const tones: Partial<Record<JobState, PillTone>> = {
  active: 'accent',
  failed: 'danger',
  retrying: 'warn',
  done: 'good',
};

function mayRetry({ place, job }: ShownJob): boolean {
  if (job.state === 'failed' || waitingStates.includes(job.state)) return true;
  return place === 'here' && (job.state === 'cancelled' || job.canRepeat);
}

function retryWord({ place, job }: ShownJob): string {
  if (waitingStates.includes(job.state)) return 'operations.jobs.runNow';
  const isExport = job.kind === 'export' || job.kind === 'report';
  return place === 'here' && isExport ? 'localJobs.exportAgain' : 'operations.jobs.retry';
}

function mayCancel(shown: ShownJob): boolean {
  return shown.place === 'here' ? shown.job.canCancel : waitingStates.includes(shown.job.state);
}

export function useJobName(): (shown: ShownJob) => string {
  const { t } = useTranslation();
  return ({ place, job }) => {
    const names = place === 'here' ? 'localJobs.kinds' : 'operations.jobKinds';
    return t(`${names}.${job.kind}`, { defaultValue: job.kind });
  };
}

export function JobRows(props: {
  readonly jobs: readonly ShownJob[];
  /** Says of each where it runs. */
  readonly showsPlace?: boolean;
  readonly isBusy: boolean;
  /** Kinds of this computer of which nothing begins. */
  readonly pausedKinds?: ReadonlySet<string>;
  readonly onAct: (shown: ShownJob, act: JobAct) => void;
  /** Id of the job whose log is open; its button says so. */
  readonly openId?: string | null;
  readonly onOpen?: (shown: ShownJob) => void;
}) {
  const { t } = useTranslation();
  const { jobs, showsPlace = false } = props;
  const columns = ['kind', ...(showsPlace ? ['place'] : []), 'state', 'when', 'problem', 'action'];
  return (
    <Scroll>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`operations.jobs.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {jobs.map((shown) => (
            <JobRow key={`${shown.place} ${shown.job.id}`} {...props} showsPlace={showsPlace} shown={shown} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function JobRow(props: {
  readonly shown: ShownJob;
  readonly showsPlace: boolean;
  readonly isBusy: boolean;
  /** Kinds of this computer of which nothing begins. */
  readonly pausedKinds?: ReadonlySet<string>;
  readonly onAct: (shown: ShownJob, act: JobAct) => void;
  readonly openId?: string | null;
  readonly onOpen?: (shown: ShownJob) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useJobName();
  const { shown, isBusy, onOpen } = props;
  const { place, job } = shown;
  const label = place === 'here' ? job.label : '';
  const name = nameOf(shown);
  const spoken = label === '' ? name : `${name}, ${label}`;
  const isShown = props.openId === job.id;
  return (
    <tr data-job={job.id} data-kind={job.kind} data-state={job.state} data-shown={isShown}>
      <th scope="row">
        <span className={classes.name}>{name}</span>
        {label === '' ? null : <span className={classes.label}>{label}</span>}
      </th>
      {props.showsPlace ? <td>{t(`localJobs.places.${place}`)}</td> : null}
      <td>
        <StateOf
          shown={shown}
          spoken={spoken}
          isPaused={place === 'here' && job.state === 'waiting' && props.pausedKinds?.has(job.kind) === true}
        />
        <AttemptsOf job={job} />
      </td>
      <td className={classes.when}>{format.instant(job.startsAt ?? job.endedAt ?? job.startedAt ?? job.createdAt)}</td>
      <td className={classes.problem} data-selectable>
        <ProblemOf shown={shown} />
      </td>
      <td>
        <div className={classes.buttons}>
          {mayRetry(shown) ? (
            <Button
              size="compact-xs"
              variant="default"
              disabled={isBusy}
              aria-label={`${t(retryWord(shown))}: ${spoken}`}
              onClick={() => props.onAct(shown, 'retry')}
            >
              {t(retryWord(shown))}
            </Button>
          ) : null}
          {mayCancel(shown) ? (
            <Button
              size="compact-xs"
              variant="default"
              disabled={isBusy}
              aria-label={`${t(job.state === 'active' ? 'localJobs.stop' : 'operations.jobs.cancel')}: ${spoken}`}
              onClick={() => props.onAct(shown, 'cancel')}
            >
              {t(job.state === 'active' ? 'localJobs.stop' : 'operations.jobs.cancel')}
            </Button>
          ) : null}
          {place === 'here' && onOpen !== undefined ? (
            <Button
              size="compact-xs"
              variant={isShown ? 'light' : 'subtle'}
              aria-expanded={isShown}
              aria-label={`${t('localJobs.log')}: ${spoken}`}
              onClick={() => onOpen(shown)}
            >
              {t('localJobs.log')}
            </Button>
          ) : null}
        </div>
      </td>
    </tr>
  );
}

function StateOf(props: { readonly shown: ShownJob; readonly spoken: string; readonly isPaused: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { place, job } = props.shown;
  const isStopping = place === 'here' && job.isStopping;
  const words = isStopping ? t('localJobs.stopping') : t(`operations.jobStates.${job.state}`);
  if (props.isPaused) return <Pill tone="warn">{t('operations.jobs.paused')}</Pill>;
  const progress = place === 'here' && job.state === 'active' ? job.progress : null;
  if (progress === null || progress.total <= 0) return <Pill tone={tones[job.state] ?? 'neutral'}>{words}</Pill>;
  const value = Math.min(100, (progress.done / progress.total) * 100);
  return (
    <div className={classes.progress}>
      <span>
        {words} ·{' '}
        {t('localJobs.progress', { done: format.number(progress.done), total: format.number(progress.total) })}
      </span>
      <Progress.Root size="sm">
        <Progress.Section value={value} aria-label={props.spoken} />
      </Progress.Root>
    </div>
  );
}

function AttemptsOf({ job }: { readonly job: ShownJob['job'] }) {
  const { t } = useTranslation();
  const { attempts: attempt, mostAttempts } = job;
  const most = mostAttempts === null ? null : Math.max(attempt, mostAttempts);
  // What is tried only once has nothing to count.
  if (attempt === 0 || most === 1) return null;
  const text =
    most === null ? t('operations.jobs.attempt', { attempt }) : t('operations.jobs.attemptOf', { attempt, most });
  return <span className={classes.attempts}>{text}</span>;
}

function ProblemOf(props: { readonly shown: ShownJob }) {
  const { t } = useTranslation();
  const { place, job } = props.shown;
  if (place === 'server') return job.error === '' ? null : <code>{job.error}</code>;
  if (job.error === null) return null;
  const { code, message } = job.error;
  if (code === 'internal') return t('localJobs.reason', { reason: t('localJobs.unexpected'), said: message });
  // Codes with a dot are the words of a part of their own, and the message is what its server said.
  if (!code.includes('.')) return t(`errors.${code}`, { defaultValue: message });
  return message === '' ? t(code) : t('localJobs.reason', { reason: t(code), said: message });
}
