import type { Actor } from '#shared/access/actor.ts';
import type { ReadPlan } from '#server/sync/keys.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';

/** What reading a page needs: one snapshot of the store, one user's eyes. */
export interface PullContext {
  readonly transaction: SyncTransaction;
  readonly actor: Actor;
  readonly plan: ReadPlan;
  /** Key of the masks of this installation. */
  readonly maskSecret: Uint8Array;
  /** Most items of the page. */
  readonly limit: number;
}
