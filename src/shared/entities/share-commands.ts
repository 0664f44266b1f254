// Sharing a record is a change of the record: it works offline, merges with what others do meanwhile, and is judged by the
// same `can()` as every change. Several records can be shared at once.
import { Type } from 'typebox';
import { entriesWithoutShare, entriesWithShare, granteeKinds, isShareable, shareModes } from '#shared/access/shares.ts';
import type { CommandContext } from '#shared/entities/command.ts';
import { defineCommand, IdInput, outcome, requireEntity, requireRecord } from '#shared/entities/define-command.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { draftUpdate } from '#shared/entities/draft-record.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { fail, type Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

const Target = {
  entity: Type.String({ minLength: 1, maxLength: 32 }),
  id: IdInput,
  granteeKind: Type.Union(granteeKinds.map((kind) => Type.Literal(kind))),
  granteeId: IdInput,
};

/** Shares a record, or changes what somebody it is shared with may do. */
export const shareRecord = defineCommand(
  Type.Object({ ...Target, mode: Type.Union(shareModes.map((mode) => Type.Literal(mode))) }),
  async (context, { entity, id, granteeKind, granteeId, mode }) => {
    const share = { kind: granteeKind, id: granteeId, mode };
    const drafted = await draftShares(context, 'shareRecord', entity, id, (record) => entriesWithShare(record, share));
    return drafted.ok ? outcome(drafted.value, id) : drafted;
  },
);

/** Takes a share back. */
export const unshareRecord = defineCommand(
  Type.Object(Target),
  async (context, { entity, id, granteeKind, granteeId }) => {
    const grantee = { kind: granteeKind, id: granteeId };
    const drafted = await draftShares(context, 'unshareRecord', entity, id, (record) =>
      entriesWithoutShare(record, grantee),
    );
    return drafted.ok ? outcome(drafted.value, id) : drafted;
  },
);

async function draftShares(
  context: CommandContext,
  command: string,
  entity: string,
  id: string,
  change: (record: AnyRecord) => readonly string[],
): Promise<Result<readonly OperationDraft[]>> {
  const definition = requireEntity(entity);
  if (!definition.ok) return definition;
  if (!isShareable(definition.value)) {
    return fail(new OutpostError('invalid', 'Records of this kind are not shared one by one.', { entity }));
  }
  const record = await requireRecord(context, definition.value.name, id);
  if (!record.ok) return record;
  const shares = change(record.value);
  const drafted = await draftUpdate(context, definition.value, record.value, {}, { command, system: { shares } });
  return drafted.ok ? { ok: true, value: drafted.value.operations } : drafted;
}
