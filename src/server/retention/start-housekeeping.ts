// What has to be done once a day for every organization: content nobody can bring back, parts of the log nobody needs.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { sweepContent } from '#server/files/sweep-content.ts';
import { expire } from '#server/retention/expire.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const DAY_MS = 86_400_000;

/** Now and once a day. Answers how to stop. */
export function startHousekeeping(
  { db, clock }: { readonly db: SqlDatabase; readonly clock: Clock },
  onError: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  async function cleanUp(): Promise<void> {
    const tenants = await db.asOwner((session) =>
      session.query<{ tenant: TenantId }>('SELECT tenant FROM tenant_head'),
    );
    for (const { tenant } of tenants) {
      if (isStopped) return;
      await db.inTenant(tenant, (session) => sweepContent(session, tenant, clock.now()));
      await expire(db, tenant, clock.now());
    }
  }
  const begin = (): void => {
    running = running.then(cleanUp).catch(onError);
  };
  begin();
  const timer = setInterval(begin, DAY_MS);
  timer.unref();
  return async () => {
    isStopped = true;
    clearInterval(timer);
    await running;
  };
}
