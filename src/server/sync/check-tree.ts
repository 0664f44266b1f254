// A team or territory cannot come below itself, nor so deep that walking the tree would take long, and a territory goes
// only when nothing hangs below it.
import { findTreeProblem, heightBelow, MOST_LEVELS, type TreeProblem } from '#shared/access/tree.ts';
import type { AnyRecord, EntityDefinition, FieldProblem } from '#shared/entities/define-entity.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';

const trees = new Set(['team', 'territory']);

const messages: Readonly<Record<TreeProblem, string>> = {
  cycle: 'It cannot be placed below itself.',
  tooDeep: `It cannot be placed that deep: there are at most ${String(MOST_LEVELS)} levels.`,
};

/** Entities whose records form a tree that is judged as a whole. */
export function isTree(definition: EntityDefinition): boolean {
  return trees.has(definition.name);
}

export function findTreeProblems(
  context: Pick<JudgeContext, 'every'>,
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord,
): readonly FieldProblem[] {
  if (!isTree(definition) || (before?.['parentId'] ?? null) === (after['parentId'] ?? null)) return [];
  const parents = new Map(context.every(definition.name).map((record) => [record.id, parentIdOf(record)]));
  parents.set(after.id, parentIdOf(after));
  const problem = findTreeProblem(after.id, (id) => parents.get(id) ?? null, heightBelow(after.id, parents));
  return problem === null ? [] : [{ field: 'parentId', code: problem, message: messages[problem] }];
}

/** True for a territory that others are placed below. */
export function hasTerritoriesBelow(
  context: Pick<JudgeContext, 'every'>,
  definition: EntityDefinition,
  id: string,
): boolean {
  if (definition.name !== 'territory') return false;
  return context.every('territory').some((record) => parentIdOf(record) === id);
}

function parentIdOf(record: AnyRecord): string | null {
  return typeof record['parentId'] === 'string' && record['parentId'] !== '' ? record['parentId'] : null;
}
