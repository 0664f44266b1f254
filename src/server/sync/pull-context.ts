import type { Actor } from '#shared/access/actor.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';
import type { ReadPlan } from '#server/sync/keys.ts';

/** What reading a page needs: one snapshot of the database, one user's eyes. */
export interface PullContext {
  readonly session: SqlSession;
  readonly tenantId: TenantId;
  readonly actor: Actor;
  readonly plan: ReadPlan;
  /** Key of the masks of this installation. */
  readonly maskSecret: Uint8Array;
  /** Most items of the page. */
  readonly limit: number;
}
