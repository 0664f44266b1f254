// Questions about people, answered from the records this computer holds: what a change of rights would mean (administrators), what
// somebody owns, and who sees a record. Counting reads every record once, so it lets other work pass between the kinds.
import type { LocalRecord, OwnedSummary } from '#renderer/data/data-contract.ts';
import type { FieldIndex } from '#renderer/data/queries/field-index.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import { readRights } from '#renderer/data/role-views.ts';
import type { Actor } from '#shared/access/actor.ts';
import { isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import { countedEntities, countKeysOf, previewRights, type RightsPreview } from '#shared/access/preview-rights.ts';
import type { RightsChange } from '#shared/access/rights-world.ts';
import { whoSees, type Sight } from '#shared/access/who-sees.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { findOwned, ownedKinds, placeOfKind } from '#shared/entities/user/owned-records.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** @throws OutpostError `action_forbidden`: only administrators hold the rules that are needed. */
export async function answerRightsPreview(
  source: RecordSource,
  viewer: Actor,
  changes: readonly RightsChange[],
): Promise<RightsPreview> {
  if (!isUnrestrictedRole(viewer.role))
    throw new OutpostError('action_forbidden', 'Only administrators see what a change of rights means for others.');
  const counts = new Map<(typeof countedEntities)[number], ReturnType<typeof countKeysOf>>();
  for (const entity of countedEntities) {
    counts.set(entity, countKeysOf(source, entity));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return previewRights({ records: readRights(source), counts, changes, tenantId: viewer.tenantId });
}

export function answerWhoSees(
  source: RecordSource,
  viewer: Actor,
  asked: { readonly entity: EntityName; readonly id: string; readonly userIds: readonly string[] },
): Promise<Readonly<Record<string, Sight>>> {
  const record = source.get(asked.entity, asked.id);
  if (record === undefined) return Promise.resolve({});
  return Promise.resolve(
    whoSees({
      records: readRights(source),
      viewer,
      definition: entities[asked.entity],
      record,
      userIds: asked.userIds,
      read: (entity, id) => source.get(entity, id),
    }),
  );
}

/** Names that are shown of each kind. */
const SAMPLE = 3;

export async function answerOwned(index: FieldIndex, userId: string, now: string): Promise<readonly OwnedSummary[]> {
  const place = {
    now,
    find: (...asked: Parameters<FieldIndex['find']>): Promise<readonly LocalRecord[]> =>
      Promise.resolve(index.find(...asked)),
  };
  const summaries: OwnedSummary[] = [];
  for (const kind of ownedKinds) {
    const found = await findOwned(place, kind, userId);
    const { titleField } = entities[placeOfKind[kind].entity];
    const names = found.slice(0, SAMPLE).map((record) => textOf(record[titleField]));
    summaries.push({ kind, count: found.length, names });
  }
  return summaries;
}
