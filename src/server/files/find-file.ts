// A file as its record allows: seen by whoever sees the record it belongs to, written by whoever may change that. Judged with
// the rights of this moment, in the transaction that then reads or writes the content.
import type { Actor } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import { NOT_VISIBLE_MESSAGE } from '#shared/access/refusal-sentences.ts';
import { parentOf } from '#shared/access/parent-record.ts';
import { keySetOf, meets } from '#shared/access/scope.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { isId, type TenantId, type UserId } from '#shared/kernel/ids.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SqlSession } from '#server/store/database.ts';
import { placeOf, readRecords, type StoredRecord } from '#server/sync/stored-record.ts';

export interface FoundFile {
  readonly stored: StoredRecord;
  readonly record: AnyRecord;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The same for a file that is not there, is deleted, belongs to somebody else or to another organization. */
const notVisible = (): OutpostError => new OutpostError('not_visible', NOT_VISIBLE_MESSAGE);

async function readSeen(
  session: SqlSession,
  actor: Actor,
  definition: EntityDefinition,
  id: string,
  isLocked: boolean,
): Promise<StoredRecord | null> {
  const places = [placeOf(definition, id)];
  const [stored] = (await readRecords(session, actor.tenantId as TenantId, places, isLocked)).values();
  if (stored === undefined || stored.isDeleted || stored.record.kind !== definition.name) return null;
  return meets(keySetOf(actor, definition, 'read'), stored.scopeKeys) ? stored : null;
}

/** `write` locks the record. @throws OutpostError `not_visible`, `action_forbidden`. */
export async function findFile(
  session: SqlSession,
  principal: Principal,
  id: string,
  right: 'read' | 'write',
): Promise<FoundFile> {
  const { tenantId, userId } = principal.actor;
  // As it is in this transaction: whoever lost a right since the request came in has lost it here.
  const actor = isId(id) ? (await readActor(session, tenantId as TenantId, userId as UserId))?.actor : undefined;
  if (actor === undefined) throw notVisible();
  const stored = await readSeen(session, actor, entities.file, id, right === 'write');
  const reference = stored === null ? null : parentOf(entities.file, stored.record);
  if (stored === null || reference === null) throw notVisible();
  const definition = entities[reference.entity];
  const above = await readSeen(session, actor, definition, reference.id, false);
  if (above === null) throw notVisible();
  if (right === 'write') {
    const parent = { definition, record: above.record };
    const answer = can({
      actor,
      action: 'update',
      definition: entities.file,
      before: stored.record,
      after: null,
      isVisible: true,
      parent,
    });
    if (!answer.ok) throw answer.error;
  }
  const { record } = stored;
  return { stored, record, sizeBytes: Number(record['sizeBytes']), sha256: String(record['sha256']) };
}
