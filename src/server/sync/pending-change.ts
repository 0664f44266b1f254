// A decided change of one record, before it has a number.
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';

export type ChangeAction = 'create' | 'update' | 'delete' | 'restore';

export interface PendingChange {
  readonly definition: EntityDefinition;
  readonly action: ChangeAction;
  readonly groups: readonly string[];
  /** The record afterwards; its rev and time stamps are set here. */
  readonly after: AnyRecord;
  /** The record as it was, for the audit; absent where the server itself follows up. */
  readonly before?: AnyRecord | null;
  readonly keysBefore: readonly string[];
  readonly keysAfter: readonly string[];
  /** Of the record as it was read; null for a new one. */
  readonly fieldRevBefore: Readonly<Record<string, number>> | null;
  /** The record brings its own time stamps (import, demo). */
  readonly keepsStamps: boolean;
}
