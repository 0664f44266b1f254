// Who sees how the server does, and who may change what it does. An administrator sees the own organization's part. What is the
// whole server's (the machine, queues that are paused, when backups are made) is for whoever runs it: somebody with rights over
// the platform, or an administrator where the server has one organization and so is its own.
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export function assertMayWatch(actor: Actor): void {
  if (!actor.permissions.includes('system.health'))
    throw new OutpostError('action_forbidden', 'Only administrators see the health of the system.');
}

export function assertMaySeeJobs(actor: Actor): void {
  if (!actor.permissions.includes('system.jobs'))
    throw new OutpostError('action_forbidden', 'Only administrators see background jobs.');
}

async function isOnlyOrganization(db: SqlDatabase): Promise<boolean> {
  const tenants = await db.asOwner((session) => session.query('SELECT 1 AS one FROM tenant_head LIMIT 2'));
  return tenants.length === 1;
}

/** Sees and changes what belongs to all organizations of the server. */
export async function runsTheServer(db: SqlDatabase, actor: Actor): Promise<boolean> {
  if (actor.permissions.includes('platform.view_system_metrics')) return true;
  return actor.permissions.includes('system.settings') && (await isOnlyOrganization(db));
}

export async function assertRunsTheServer(db: SqlDatabase, actor: Actor): Promise<void> {
  if (!(await runsTheServer(db, actor)))
    throw new OutpostError('action_forbidden', 'This concerns every organization of the server. Ask whoever runs it.');
}

/** The organization whose administrators are told of the whole server: the one that was founded first. */
export async function operatingTenant(db: SqlDatabase): Promise<TenantId | null> {
  const [row] = await db.asOwner((session) =>
    session.query<{ tenant: TenantId }>('SELECT tenant FROM tenant ORDER BY created_at, tenant LIMIT 1'),
  );
  return row?.tenant ?? null;
}
