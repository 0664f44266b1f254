// What is worked out for every organization when a day is over, as jobs of the queue `analytics`: administrators see them, and what
// fails is tried again. The same day of the same organization is one job, however many servers notice that it is over.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { JobEngine, JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { sweepRuns } from '#server/reports/sweep-runs.ts';
import { dayOf, isSnapshotMissing, retireSnapshots, writeSnapshots } from '#server/snapshots/write-snapshots.ts';
import type { SqlDatabase } from '#server/store/database.ts';

interface DayJob {
  readonly tenantId: TenantId;
}

const MOST_SECONDS = 1800;

export interface AnalyticsJobs {
  /** Sends what the days that are over owe; nothing, when nothing is owed. */
  readonly noteDay: (tenantId: TenantId) => Promise<void>;
}

export function createAnalyticsJobs(
  { database, clock }: { readonly database: SqlDatabase; readonly clock: Clock },
  engine: Pick<JobEngine, 'add' | 'send'>,
): AnalyticsJobs {
  const shared = {
    queue: 'analytics',
    atOnce: 1,
    mostSeconds: MOST_SECONDS,
    // The next day does what this one left.
    giveUp: () => Promise.resolve(),
  };
  /** Writes down the open pipeline of each day that is over: what dashboards and *What was* compare with. */
  const metrics: JobKind<DayJob> = {
    ...shared,
    name: 'daily-metrics',
    async work({ tenantId }) {
      await writeSnapshots(database, tenantId, clock.now());
    },
  };
  /** Takes off the computers what is older than they keep, and forgets runs of reports nobody looks at any more. */
  const cleanUp: JobKind<DayJob> = {
    ...shared,
    name: 'old-analytics',
    async work({ tenantId }) {
      await retireSnapshots(database, tenantId, clock.now());
      await sweepRuns(database, tenantId, clock.now());
    },
  };
  engine.add(metrics);
  engine.add(cleanUp);
  return {
    async noteDay(tenantId) {
      if (!(await isSnapshotMissing(database, tenantId, clock.now()))) return;
      const day = dayOf(clock.now());
      for (const kind of [metrics, cleanUp])
        await engine.send(kind, stableId(kind.name ?? '', tenantId, day), { tenantId });
    },
  };
}
