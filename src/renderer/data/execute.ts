// A command of a screen, an import or a bulk edit: rights and rules are checked, the operations are durable in the
// journal of the main process, then every view shows them. In this order, so that "saved" is never said too early.
import type { Applier } from '#renderer/data/apply.ts';
import { toLocalRecord } from '#renderer/data/local-record.ts';
import type { FieldIndex } from '#renderer/data/queries/field-index.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { CommandContext } from '#shared/entities/command.ts';
import { runCommand } from '#shared/entities/commands.ts';
import type { CreateId } from '#shared/kernel/ids.ts';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { Operation, OperationDraft } from '#shared/sync/operation.ts';

/** The journal in the main process, as the data host sees it. */
export interface JournalPort {
  /** Durable when it resolves; all or nothing. */
  append(operations: readonly OperationDraft[]): Promise<readonly Operation[]>;
  /** Operations without a verdict, in order. */
  pending(): Promise<readonly Operation[]>;
}

export interface ExecuteDeps {
  readonly actor: Actor;
  readonly source: RecordSource;
  readonly index: FieldIndex;
  readonly journal: JournalPort;
  readonly applier: Applier;
  readonly clock: Clock;
  readonly createId: CreateId;
  /** Milliseconds since the application started, monotonic. */
  readonly sinceStartMs: () => number;
  /** The view could not be written although the journal has the operations: whoever hears this shows them later. Absent: thrown. */
  readonly onSavedUnseen?: (error: unknown) => Promise<void>;
}

export interface ExecuteOutcome {
  readonly recordId: string | null;
  readonly operationIds: readonly string[];
}

export function createCommandContext(deps: ExecuteDeps): CommandContext {
  return {
    actor: deps.actor,
    now: toInstant(deps.clock.now()),
    sinceBootMs: deps.sinceStartMs(),
    createId: deps.createId,
    currency: figuresOf(deps.source.get('organization', ORGANIZATION_ID)).currency,
    async read(entity, id) {
      const stored = deps.source.get(entity, id);
      return stored === undefined ? null : toLocalRecord(stored);
    },
    async find(entity, field, value) {
      return deps.index.find(entity, field, value).map(toLocalRecord);
    },
  };
}

/**
 * Makes operations durable, then visible. Must run inside the queue that also applies pages and verdicts. Answers the
 * ids of the operations. What is durable is saved: a view that cannot be written at this moment is no reason to say otherwise.
 */
export async function saveOperations(
  deps: Pick<ExecuteDeps, 'journal' | 'applier' | 'onSavedUnseen'>,
  operations: readonly OperationDraft[],
): Promise<readonly string[]> {
  if (operations.length === 0) return [];
  const appended = await deps.journal.append(operations);
  try {
    await deps.applier.applyOperations(appended);
  } catch (error) {
    if (deps.onSavedUnseen === undefined) throw error;
    await deps.onSavedUnseen(error);
  }
  return appended.map((operation) => operation.opId);
}

/** Like `saveOperations`, for a command. Throws the OutpostError the command refuses with. */
export async function executeCommand(deps: ExecuteDeps, command: string, input: unknown): Promise<ExecuteOutcome> {
  const result = await runCommand(command, createCommandContext(deps), input);
  if (!result.ok) throw result.error;
  const { operations, recordId } = result.value;
  return { recordId, operationIds: await saveOperations(deps, operations) };
}
