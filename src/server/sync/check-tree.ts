// A team, a territory or a person cannot come below itself, nor so deep that walking the tree would take long, and a territory
// goes only when nothing hangs below it.
import { findTreeProblem, heightBelow, MOST_LEVELS, treeFieldOf, type TreeProblem } from '#shared/access/tree.ts';
import type { AnyRecord, EntityDefinition, FieldProblem } from '#shared/entities/define-entity.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';

const messages: Readonly<Record<TreeProblem, string>> = {
  cycle: 'It cannot be placed below itself.',
  tooDeep: `It cannot be placed that deep: there are at most ${String(MOST_LEVELS)} levels.`,
};

/** Whether this operation can change a tree, which is judged as a whole. Most changes of people leave reporting lines alone. */
export function touchesTree(definition: EntityDefinition, operation: Operation): boolean {
  if (definition.name !== 'user') return treeFieldOf(definition.name) !== undefined;
  return operation.changes.some(({ group }) => group === 'managerId');
}

export function findTreeProblems(
  context: Pick<JudgeContext, 'every'>,
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord,
): readonly FieldProblem[] {
  const field = treeFieldOf(definition.name);
  if (field === undefined || (before?.[field] ?? null) === (after[field] ?? null)) return [];
  // Every device can tell that alone, so the entity says it.
  if (after[field] === after.id) return [];
  const parents = new Map(context.every(definition.name).map((record) => [record.id, idIn(record, field)]));
  parents.set(after.id, idIn(after, field));
  const problem = findTreeProblem(after.id, (id) => parents.get(id) ?? null, heightBelow(after.id, parents));
  return problem === null ? [] : [{ field, code: problem, message: messages[problem] }];
}

/** True for a territory that others are placed below. */
export function hasTerritoriesBelow(
  context: Pick<JudgeContext, 'every'>,
  definition: EntityDefinition,
  id: string,
): boolean {
  if (definition.name !== 'territory') return false;
  return context.every('territory').some((record) => idIn(record, 'parentId') === id);
}

function idIn(record: AnyRecord, field: string): string | null {
  const id = record[field];
  return typeof id === 'string' && id !== '' ? id : null;
}
