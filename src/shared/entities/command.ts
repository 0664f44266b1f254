// A command is what a user does, as a pure function: it checks `can()`, reads what it needs and answers the operations
// to journal. It never writes. The same function runs for a click, a bulk edit, an import and an automation.
import type { Actor } from '#shared/access/actor.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import type { CreateId } from '#shared/kernel/ids.ts';
import type { Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

export interface CommandContext {
  readonly actor: Actor;
  /** Instant of the device, ISO. */
  readonly now: string;
  readonly sinceBootMs: number;
  readonly createId: CreateId;
  /** Currency of the organization, for amounts entered without one. Default: EUR. */
  readonly currency?: string;
  /**
   * The record as it is on this device, null when absent or not visible. It may carry `pending` (ids of operations the
   * server has not answered): what a command does to an unsent record then depends on the operation that made it.
   */
  read(entity: EntityName, id: string): Promise<AnyRecord | null>;
  /** Records whose field equals a value (indexed fields only), e.g. the deals of an account. */
  find(entity: EntityName, field: string, value: string): Promise<readonly AnyRecord[]>;
}

/** What a command answers: operations to journal, and the id of the record the screen should go to, if any. */
export interface CommandOutcome {
  readonly operations: readonly OperationDraft[];
  readonly recordId: string | null;
}

export type Command<Input> = (context: CommandContext, input: Input) => Promise<Result<CommandOutcome>>;
