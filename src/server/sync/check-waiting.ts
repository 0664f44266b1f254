// Tasks that wait for others, judged on what is stored: they never wait in a circle, and a task is not completed by somebody who
// was not told what it waits for. Of tasks its author does not see nothing is said.
import { keySetOf, meets } from '#shared/access/scope.ts';
import type { AnyRecord, EntityDefinition, FieldProblem } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { blockedBy } from '#shared/entities/task/prepare-task.ts';
import { idsOf, MOST_WAITING, waitsInACircle } from '#shared/entities/task/prerequisites.ts';
import { isOpenTask } from '#shared/entities/task/reminders.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';
import { placeKey, placeOf, type Place, type StoredRecord } from '#server/sync/stored-record.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';

const { task } = entities;
const keyOf = (id: string): string => placeKey(task.collection, id);

export function findWaitingProblems(
  context: Pick<JudgeContext, 'actor' | 'read'>,
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord,
): readonly FieldProblem[] {
  if (definition.name !== 'task') return [];
  const known = idsOf(before?.['prerequisiteIds']);
  const added = idsOf(after['prerequisiteIds']).filter((id) => !known.includes(id));
  const circle =
    added.length === 0 ? null : waitsInACircle(after.id, added, (id) => stored(context, id)?.record ?? null);
  if (circle !== null) return [circle];
  if (before === null || before['status'] === 'done' || after['status'] !== 'done') return [];
  const told = idsOf(after['completedDespite']);
  const unheard = idsOf(after['prerequisiteIds']).filter((id) => !told.includes(id) && isOpenFor(context, id));
  return unheard.length === 0 ? [] : [blockedBy(unheard.length)];
}

function stored(context: Pick<JudgeContext, 'read'>, id: string): StoredRecord | undefined {
  const found = context.read(keyOf(id));
  return found?.record.kind === 'task' && !found.isDeleted ? found : undefined;
}

function isOpenFor(context: Pick<JudgeContext, 'actor' | 'read'>, id: string): boolean {
  const found = stored(context, id);
  return (
    found !== undefined && isOpenTask(found.record) && meets(keySetOf(context.actor, task, 'read'), found.scopeKeys)
  );
}

const names = (operation: Operation, group: string): boolean =>
  operation.changes.some((change) => change.group === group);

/** True for an operation that can close a circle: whoever judges it must know that no other one closes it meanwhile. */
export function addsPrerequisites(operation: Operation): boolean {
  return operation.entity === 'task' && names(operation, 'prerequisiteIds');
}

/** Tasks that the touched ones wait for, over all levels where a circle could close, otherwise the first. */
export async function readWaiting(
  transaction: SyncTransaction,
  operations: readonly Operation[],
  locked: ReadonlyMap<string, StoredRecord>,
): Promise<ReadonlyMap<string, StoredRecord>> {
  const asked = operations.filter((one) => one.entity === 'task' && (addsPrerequisites(one) || names(one, 'status')));
  if (asked.length === 0) return new Map();
  const isDeep = asked.some(addsPrerequisites);
  const found = new Map<string, StoredRecord>();
  const seen = new Set<string>();
  let level = asked.flatMap((operation) => [
    ...idsOf(locked.get(keyOf(operation.recordId))?.record['prerequisiteIds']),
    ...operation.changes.flatMap(({ group, to, add }) =>
      group === 'prerequisiteIds' ? [...idsOf(to?.[group]), ...idsOf(add?.[group])] : [],
    ),
  ]);
  while (level.length > 0) {
    const places: Place[] = [];
    for (const id of level) {
      if (seen.has(id) || id.includes('\0') || seen.size > MOST_WAITING * asked.length) continue;
      seen.add(id);
      places.push(placeOf(task, id));
    }
    const read = places.length === 0 ? new Map<string, StoredRecord>() : await transaction.readRecords(places, false);
    for (const [key, record] of read) found.set(key, record);
    level = isDeep ? [...read.values()].flatMap(({ record }) => idsOf(record['prerequisiteIds'])) : [];
  }
  return found;
}
