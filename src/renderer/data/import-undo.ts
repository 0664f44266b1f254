// Takes an import back, in batches between which everybody else gets a turn: records it made are deleted, records it
// changed get back what they said before. What somebody changed since is left alone; what may not be taken back by this
// user any more is left and told.
import { createBatchContext } from '#renderer/data/import-batch.ts';
import { unpackFormerValues } from '#renderer/data/former-values.ts';
import type { ProfileSession } from '#renderer/data/profile-session.ts';
import type { SerialQueue } from '#renderer/data/serial-queue.ts';
import { runCommand } from '#shared/entities/commands.ts';
import { entityNames, type EntityName } from '#shared/entities/define-entity.ts';
import { isAsLeft } from '#shared/entities/is-as-left.ts';
import { entities } from '#shared/entities/registry.ts';
import type { FormerValue } from '#shared/import/former-values.ts';
import type { RowError } from '#shared/import/import-plan.ts';
import { toErrorData } from '#shared/kernel/errors.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const BATCH_SIZE = 500;

interface Target {
  readonly entity: EntityName;
  readonly id: string;
}

/** What could not be taken back, with the reason. */
export async function undoImport(
  session: ProfileSession,
  queue: SerialQueue,
  importId: string,
): Promise<readonly RowError[]> {
  const { source } = session.context;
  const left: RowError[] = [];

  /** Runs a command for each target and saves what they answer at once. */
  async function runBatch(
    targets: readonly Target[],
    toInput: (target: Target) => { readonly name: string; readonly input: unknown } | null,
  ): Promise<void> {
    const batch = createBatchContext(session.createContext());
    for (const target of targets) {
      const step = toInput(target);
      if (step === null) continue;
      const result = await runCommand(step.name, batch.context, step.input);
      if (result.ok) batch.add(result.value.operations);
      else left.push(toRowError(target, toErrorData(result.error)));
    }
    await session.save(batch.operations);
  }

  function toRowError({ entity, id }: Target, refusal: NonNullable<RowError['refusal']>): RowError {
    const title = textOf(source.get(entity, id)?.[entities[entity].titleField]);
    return { row: 0, field: '', refusal, message: refusal.message, value: title };
  }

  async function inBatches(targets: readonly Target[], toInput: Parameters<typeof runBatch>[1]): Promise<void> {
    for (let at = 0; at < targets.length; at += BATCH_SIZE)
      await queue.run(() => runBatch(targets.slice(at, at + BATCH_SIZE), toInput));
  }

  const remove = (target: Target) => ({ name: 'deleteRecord', input: target });
  await inBatches(madeBy(session, importId).toReversed(), remove);
  const parts = partsOf(session, importId);
  for (const part of parts) {
    const byRecord = groupByRecord(
      await unpackFormerValues(textOf(source.get('importPart', part.id)?.['formerValues'])),
    );
    await inBatches(
      [...byRecord.values()].map(([first]) => first),
      (target) => restore(session, byRecord, target),
    );
  }
  await inBatches(parts, remove);
  return left;
}

function restore(session: ProfileSession, byRecord: ReadonlyMap<string, FormerValues>, { entity, id }: Target) {
  const current = session.context.source.get(entity, id);
  if (current === undefined) return null;
  const untouched = (byRecord.get(id) ?? []).filter(({ field, entered }) => isAsLeft(current, { [field]: entered }));
  const values = Object.fromEntries(untouched.map(({ field, before }) => [field, before]));
  return { name: 'updateRecord', input: { entity, id, values } };
}

type FormerValues = readonly [FormerValue, ...FormerValue[]];

/** Ids are of one kind each: an import changes records of one entity, and what it makes has other ids. */
function groupByRecord(values: readonly FormerValue[]): ReadonlyMap<string, FormerValues> {
  const byRecord = new Map<string, FormerValues>();
  for (const value of values) byRecord.set(value.id, [...(byRecord.get(value.id) ?? []), value] as [FormerValue]);
  return byRecord;
}

function madeBy({ context }: ProfileSession, importId: string): readonly Target[] {
  const prefix = `${importId}-`;
  return entityNames.flatMap((entity) => {
    // Stage histories go with their deals.
    if (entity === 'stageChange') return [];
    return [...context.source.all(entity).keys()].filter((id) => id.startsWith(prefix)).map((id) => ({ entity, id }));
  });
}

function partsOf({ context }: ProfileSession, importId: string): readonly Target[] {
  return [...context.source.all('importPart').values()]
    .filter((part) => part['importId'] === importId)
    .map(({ id }) => ({ entity: 'importPart', id }));
}
