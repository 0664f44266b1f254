// Of a person who is erased, campaigns keep that there was a mail and what became of it, and nothing that names the person.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';

/** `recordIds`: of everything that was the person. What still waits is not sent. */
export async function forgetRecipients(
  session: SqlSession,
  tenantId: TenantId,
  recordIds: readonly string[],
): Promise<void> {
  await session.query(
    `DELETE FROM mail_suppression s USING campaign_recipient r
     WHERE s.tenant = $1 AND r.tenant = $1 AND r.record_id = ANY($2::text[]) AND s.address = r.address`,
    [tenantId, recordIds],
  );
  await session.query(
    `UPDATE campaign_recipient SET address = 'erased:' || no, given = '{}', detail = NULL, claim = NULL,
       reason = CASE WHEN state IN ('waiting', 'claimed') THEN 'erased' ELSE reason END,
       state = CASE WHEN state IN ('waiting', 'claimed') THEN 'skipped' ELSE state END
     WHERE tenant = $1 AND record_id = ANY($2::text[])`,
    [tenantId, recordIds],
  );
}
