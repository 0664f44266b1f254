// What has to be done once a day for every organization, when the day is over: the pipeline as it stood is written down,
// and content nobody can bring back, parts of the log nobody needs and entries of the audit that are old enough go.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { sweepExports } from '#server/audit/audit-exports.ts';
import { purgeAudit } from '#server/audit/purge-audit.ts';
import { sweepContent } from '#server/files/sweep-content.ts';
import { forgetAttempts } from '#server/identity/attempt-limits.ts';
import { forgetOldAlerts } from '#server/observe/alerts/alert-store.ts';
import { NOBODY } from '#server/observe/api-monitor.ts';
import { tidyMonitor } from '#server/observe/read-monitor.ts';
import { expire } from '#server/retention/expire.ts';
import { forgetOldDeliveries } from '#server/webhooks/webhook-rows.ts';
import type { SqlDatabase } from '#server/store/database.ts';

async function tidyOperations(db: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<void> {
  await db.inTenant(tenantId, async (session) => {
    await tidyMonitor(session, tenantId, nowMs);
    await forgetOldAlerts(session, tenantId, nowMs);
    await forgetOldDeliveries(session, tenantId, nowMs);
  });
}

const DAY_MS = 86_400_000;
/** How long after the end of a day it is noticed at most. */
const LOOK_MS = 600_000;

export interface HousekeepingOptions {
  readonly db: SqlDatabase;
  readonly clock: Clock;
  /** What the day of an organization owes its analytics. */
  readonly noteDay: (tenantId: TenantId) => Promise<void>;
}

/** Now and whenever a day is over (of UTC). Answers how to stop. */
export function startHousekeeping(
  { db, clock, noteDay }: HousekeepingOptions,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  let doneDay = -1;
  async function cleanUp(): Promise<void> {
    const day = Math.floor(clock.now() / DAY_MS);
    if (isStopped || day === doneDay) return;
    const tenants = await db.asOwner((session) =>
      session.query<{ tenant: TenantId }>('SELECT tenant FROM tenant_head'),
    );
    for (const { tenant } of tenants) {
      if (isStopped) return;
      await db.inTenant(tenant, (session) => sweepContent(session, tenant, clock.now()));
      await expire(db, tenant, clock.now());
      await db.inTenant(tenant, (session) => sweepExports(session, tenant, clock.now()));
      await purgeAudit(db, tenant, clock.now());
      await noteDay(tenant);
      await tidyOperations(db, tenant, clock.now());
    }
    await tidyOperations(db, NOBODY, clock.now());
    await db.transaction((session) => forgetAttempts(session, clock.now()));
    // What failed is tried again at the next look.
    doneDay = day;
  }
  const begin = (): void => {
    running = running.then(cleanUp).catch(onError);
  };
  begin();
  const timer = setInterval(begin, LOOK_MS);
  timer.unref();
  return async () => {
    isStopped = true;
    clearInterval(timer);
    await running;
  };
}
