// What the window of background jobs asks of this computer.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { JobsChannel } from '#shared/ipc/channel-names.ts';
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import type { Jobs } from '#main/jobs/job-types.ts';

export type SeenJobs = Pick<
  Jobs<never>,
  'overview' | 'runPlan' | 'unschedule' | 'list' | 'logOf' | 'retry' | 'cancel' | 'pause' | 'resume'
>;

export function createJobsHandlers(jobs: SeenJobs): Pick<Handlers, JobsChannel> {
  async function cancel(id: string): Promise<void> {
    const [job] = jobs.list({ id });
    if (job !== undefined && !job.canCancel) throw new OutpostError('blocked', 'This job cannot be taken back.');
    await jobs.cancel(id);
  }
  return {
    'localJobs.overview': () => jobs.overview(),
    'localJobs.list': (filter) => jobs.list(filter),
    'localJobs.log': ({ id }) => jobs.logOf(id),
    'localJobs.act': async ({ id, action }) => {
      await (action === 'retry' ? jobs.retry(id) : cancel(id));
      return null;
    },
    'localJobs.runPlan': async ({ name }) => {
      await jobs.runPlan(name);
      return null;
    },
    'localJobs.removePlan': async ({ name }) => {
      const plan = jobs.overview().plans.find((one) => one.name === name);
      if (plan?.canRemove === false) throw new OutpostError('blocked', 'This schedule is a part of Outpost.');
      await jobs.unschedule(name);
      return null;
    },
    'localJobs.pause': async ({ kind, isPaused }) => {
      await (isPaused ? jobs.pause(kind) : jobs.resume(kind));
      return null;
    },
  };
}
