// What of a batch of operations is about erased persons: ids that were erased, addresses that are on the list.
import { entityOf } from '#shared/entities/registry.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { SqlSession } from '#server/store/database.ts';
import { addressesIn } from '#server/privacy/addresses-of.ts';
import { findErasedEmails } from '#server/privacy/erased-emails.ts';

export interface Erased {
  readonly ids: ReadonlySet<string>;
  /** As they were written. */
  readonly emails: ReadonlySet<string>;
}

export async function readErased(
  session: SqlSession,
  tenantId: TenantId,
  operations: readonly Operation[],
): Promise<Erased> {
  const readingIds = session.query<{ id: string }>(
    'SELECT id FROM erasure_list WHERE tenant = $1 AND id = ANY($2::text[])',
    [tenantId, [...new Set(operations.map((operation) => operation.recordId))]],
  );
  const [rows, emails] = await Promise.all([
    readingIds,
    findErasedEmails(session, tenantId, [...new Set(operations.flatMap(emailsIn))]),
  ]);
  return { ids: new Set(rows.map((row) => row.id)), emails };
}

function emailsIn(operation: Operation): readonly string[] {
  const definition = entityOf(operation.entity);
  if (definition === undefined) return [];
  return operation.changes.flatMap((change) =>
    Object.entries(change.to ?? {}).flatMap(([field, value]) => addressesIn(definition, field, value)),
  );
}
