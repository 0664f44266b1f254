// Says something to one person where they read everything else: in the inbox, on every device, offline too. It is a record like
// what a manager tells a team, made by nobody, and it names no records and no people: what it is about is looked at there.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';
import { createRecords, findRecord, newRecord } from '#server/sync/write-record.ts';

export interface Notice {
  /** The same id is the same notice: saying it twice says it once. */
  readonly id: string;
  readonly userId: string;
  readonly title: string;
  readonly text: string;
}

const LONGEST_TITLE = 160;

export async function tellPerson(
  session: SqlSession,
  place: { readonly tenantId: TenantId; readonly nowMs: number },
  { id, userId, title, text }: Notice,
): Promise<void> {
  if ((await findRecord(session, place.tenantId, 'announcement', id, true)) !== null) return;
  const by = { nowMs: place.nowMs, actorId: null };
  const values = { topic: 'security', sharing: 'person', title: title.slice(0, LONGEST_TITLE), text, isUrgent: false };
  await createRecords(session, { tenantId: place.tenantId, ...by }, [
    newRecord('announcement', id, userId, values, by),
  ]);
}
