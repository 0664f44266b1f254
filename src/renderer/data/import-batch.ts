// Commands that run before the ones ahead of them are saved: what those will make can be read already, so that a row may
// point to a row above it.
import type { CommandContext } from '#shared/entities/command.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { foldOnto } from '#shared/sync/fold.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

export interface BatchContext {
  readonly context: CommandContext;
  readonly operations: readonly OperationDraft[];
  /** Takes in what a command answered. */
  add(operations: readonly OperationDraft[]): void;
}

export function createBatchContext(base: CommandContext): BatchContext {
  const operations: OperationDraft[] = [];
  const made = new Map<string, AnyRecord>();
  const keyOf = (entity: string, id: string): string => `${entity} ${id}`;
  return {
    operations,
    context: { ...base, read: async (entity, id) => made.get(keyOf(entity, id)) ?? base.read(entity, id) },
    add(drafts) {
      for (const draft of drafts) {
        operations.push(draft);
        const definition = entityOf(draft.entity);
        if (definition === undefined || draft.kind !== 'create') continue;
        const record = foldOnto(definition, null, draft, base.actor.userId);
        if (record !== null) made.set(keyOf(draft.entity, draft.recordId), { ...record, pending: [draft.opId] });
      }
    },
  };
}
