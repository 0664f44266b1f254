// Everything an organization keeps about a person, for that person: records as they stand, who changed what and when, and
// the audit. With an actor it holds what the actor may see; the operator of the server gets all of it. That it was exported stands in
// the audit from then on.
import type { Actor } from '#shared/access/actor.ts';
import { project } from '#shared/access/project.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { PersonExport } from '#shared/sync/privacy-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { SqlSession } from '#server/store/database.ts';
import { findPerson, type FoundRecord, type PersonWish } from '#server/privacy/find-person.ts';

/** @throws OutpostError `not_found`, also for a person the actor does not see. */
export async function exportPerson(
  session: SqlSession,
  tenantId: TenantId,
  wish: PersonWish,
  reader: { readonly nowMs: number; readonly actor: Actor | null },
): Promise<PersonExport> {
  const person = await findPerson(session, tenantId, wish);
  const show = ({ definition, record, isDeleted }: FoundRecord): PersonExport['records'] => {
    const visible = reader.actor === null ? record : project(reader.actor, definition, record);
    return visible === null ? [] : [{ ...visible, deleted: isDeleted }];
  };
  const records = [...person.themselves, ...person.theirs, ...person.pointing].flatMap(show);
  if (person.themselves.flatMap(show).length === 0)
    throw new OutpostError('not_found', 'There is no such person here.');
  const ids = records.map((record) => String(record['id']));
  const history = await session.query<{ at: number; by: string | null; action: string; id: string; fields: string[] }>(
    `SELECT ts AS at, actor AS by, action, id, groups AS fields FROM change
     WHERE tenant = $1 AND id = ANY($2::text[]) ORDER BY seq, n`,
    [tenantId, ids],
  );
  const audit = await session.query<{ at: number; by: string | null; command: string; id: string; outcome: string }>(
    `SELECT at, actor AS by, command, id, outcome FROM audit WHERE tenant = $1 AND (id = ANY($2::text[]) OR actor = ANY($3::text[]))
     ORDER BY no`,
    [tenantId, ids, person.themselves.map(({ record }) => record.id)],
  );
  await appendAudit(
    session,
    tenantId,
    reader.nowMs,
    person.themselves.map(({ record }) => ({
      actor: reader.actor?.userId ?? null,
      device: null,
      command: 'exportPerson',
      entity: record.kind,
      id: record.id,
      groups: [],
      outcome: 'applied',
    })),
  );
  return {
    exportedAt: toInstant(reader.nowMs),
    persons: person.themselves.map(({ record }) => ({ entity: record.kind, id: record.id })),
    records,
    history: history.map((row) => ({ ...row, at: toInstant(row.at) })),
    audit: audit.map((row) => ({ ...row, at: toInstant(row.at) })),
  };
}
