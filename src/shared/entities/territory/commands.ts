// Moving a territory takes everything below it along; the server rewrites the paths. Accounts go into territories together
// with their contacts and deals, as far as those were where the account was.
import { Type } from 'typebox';
import { findTreeProblem } from '#shared/access/tree.ts';
import type { CommandContext } from '#shared/entities/command.ts';
import {
  defineCommand,
  definitionOf,
  IdInput,
  invalid,
  outcome,
  requireRecord,
} from '#shared/entities/define-command.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { draftUpdate } from '#shared/entities/draft-record.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

const MOST_ASSIGNMENTS = 20_000;

/** Puts a territory below another one, or to the top (null). */
export const moveTerritory = defineCommand(
  Type.Object({ id: IdInput, parentId: Type.Union([IdInput, Type.Null()]) }),
  async (context, { id, parentId }) => {
    const found = await requireRecord(context, 'territory', id);
    if (!found.ok) return found;
    const above = await readAncestry(context, parentId);
    const parentOf = (of: string): string | null => (of === id ? parentId : (above.get(of) ?? null));
    if (findTreeProblem(id, parentOf, 0) !== null) {
      return invalid('territory', [
        { field: 'parentId', code: 'cycle', message: 'A territory cannot be moved below itself or so deep.' },
      ]);
    }
    const drafted = await draftUpdate(
      context,
      definitionOf('territory'),
      found.value,
      { parentId },
      { command: 'moveTerritory' },
    );
    return drafted.ok ? outcome(drafted.value.operations, id) : drafted;
  },
);

/** Puts accounts into territories (null: into none). Where one is there already, nothing is done. */
export const assignTerritories = defineCommand(
  Type.Object({
    assignments: Type.Array(Type.Object({ accountId: IdInput, territoryId: Type.Union([IdInput, Type.Null()]) }), {
      maxItems: MOST_ASSIGNMENTS,
    }),
  }),
  async (context, { assignments }) => {
    const operations: OperationDraft[] = [];
    for (const { accountId, territoryId } of assignments) {
      const drafted = await draftAssignment(context, accountId, territoryId);
      if (!drafted.ok) return drafted;
      operations.push(...drafted.value);
    }
    return outcome(operations, null);
  },
);

async function draftAssignment(
  context: CommandContext,
  accountId: string,
  territoryId: string | null,
): Promise<Result<readonly OperationDraft[]>> {
  const account = await requireRecord(context, 'account', accountId);
  if (!account.ok) return account;
  const former = account.value['territoryId'] ?? null;
  const followers = await Promise.all(
    (['contact', 'deal'] satisfies EntityName[]).map((entity) => context.find(entity, 'accountId', accountId)),
  );
  const moving = followers.flat().filter((record) => isWhere(record, former));
  const operations: OperationDraft[] = [];
  for (const record of [account.value, ...moving]) {
    const drafted = await draftUpdate(
      context,
      definitionOf(record.kind),
      record,
      { territoryId },
      { command: 'assignTerritories' },
    );
    if (!drafted.ok) return drafted;
    operations.push(...drafted.value.operations);
  }
  return ok(operations);
}

/** A contact or deal that was put into another territory by hand stays there. */
function isWhere(record: AnyRecord, territoryId: unknown): boolean {
  const current = record['territoryId'] ?? null;
  return current === null || current === territoryId;
}

/** Parent of each territory above a place. */
async function readAncestry(
  context: CommandContext,
  fromId: string | null,
): Promise<ReadonlyMap<string, string | null>> {
  const parents = new Map<string, string | null>();
  let at = fromId;
  while (at !== null && !parents.has(at)) {
    const record = await context.read('territory', at);
    const parentId = record?.['parentId'];
    parents.set(at, typeof parentId === 'string' ? parentId : null);
    at = parents.get(at) ?? null;
  }
  return parents;
}
