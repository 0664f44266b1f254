// A planted defect: what stands between the product and the world of the simulation, and breaks one promise. The product
// knows nothing of it.
import type { Journal } from '#main/journal/journal.ts';
import type { Applier } from '#renderer/data/apply.ts';
import type { LocalDatabase } from '#renderer/data/database.ts';
import type { PullResponse } from '#shared/sync/messages.ts';
import type { SyncStore, SyncTransaction } from '#server/sync/sync-store.ts';
import type { DatabaseFile } from '#test/sim/client/database-file.ts';
import type { JournalFile } from '#test/sim/client/journal-file.ts';
import type { Loop } from '#test/sim/kernel/loop.ts';
import type { Quirks } from '#test/sim/server/model-store.ts';
import type { ModelTenant } from '#test/sim/server/model-tenant.ts';
import type { Caller, ServerRequest } from '#test/sim/server/server-process.ts';

/** What a defect of the server may know: the books of the store, and who asks. */
export interface ServerSide {
  readonly tenants: ReadonlyMap<string, ModelTenant>;
  readonly caller: Caller;
}

export interface Defect {
  readonly name: string;
  /** What somebody would have got wrong. */
  readonly story: string;
  readonly quirks?: Quirks;
  readonly store?: (store: SyncStore, side: ServerSide) => SyncStore;
  /** What the server believes to have been asked. */
  readonly request?: (request: ServerRequest, tenant: ModelTenant) => ServerRequest;
  readonly database?: (database: LocalDatabase, file: DatabaseFile) => LocalDatabase;
  readonly applier?: (applier: Applier) => Applier;
  readonly journal?: (journal: Journal, file: JournalFile, loop: Loop) => Journal;
  readonly page?: (page: PullResponse, wanted: number) => PullResponse;
  readonly ignoresWipe?: boolean;
  /** Unsent work is kept where the cache is. */
  readonly keepsWorkInCache?: boolean;
}

export const noDefect: Defect = { name: 'none', story: 'The product as it is.' };

/** Replaces calls of every transaction. */
export function inEveryTransaction(
  change: (transaction: SyncTransaction, tenant: ModelTenant, side: ServerSide) => Partial<SyncTransaction>,
): (store: SyncStore, side: ServerSide) => SyncStore {
  return (store, side) => ({
    ...store,
    inTenant: (tenantId, work, options) =>
      store.inTenant(
        tenantId,
        (transaction) => {
          const tenant = side.tenants.get(tenantId);
          if (tenant === undefined) throw new Error('no such tenant');
          return work({ ...transaction, ...change(transaction, tenant, side) });
        },
        options,
      ),
  });
}
