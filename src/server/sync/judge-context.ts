import type { Actor } from '#shared/access/actor.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { CreateId } from '#shared/kernel/ids.ts';
import type { PlanRoom } from '#server/platform/plan-room.ts';
import type { FileRoom } from '#server/files/file-room.ts';
import type { StoredRecord } from '#server/sync/stored-record.ts';

/** What a judgement may know: who asks, what time it is, and the records as they are now. */
export interface JudgeContext {
  readonly actor: Actor;
  readonly deviceId: string;
  readonly nowMs: number;
  readonly createId: CreateId;
  /** A record as the operations before this one left it. */
  readonly read: (key: string) => StoredRecord | undefined;
  /** A record before the last change of it within the txn; what `read` answers when there was none, undefined for a new one. */
  readonly readEarlier: (key: string) => AnyRecord | undefined;
  /** True when an entry of the deal's history comes along with this change of it, in the same txn. */
  bringsHistory(operation: Operation): boolean;
  /** Newest change of a record that did not come from this device; used for deletes only. */
  foreignRevOf(key: string): number;
  /** Author of what stands in a group, null when nobody knows any more. */
  writerOf(stored: StoredRecord, group: string): string | null;
  /** All records of a kind that forms a tree, as the operations before this one left them. */
  every(kind: string): readonly AnyRecord[];
  /** Territory that the rules give an account today, null when none fits. */
  assignTerritory(values: Readonly<Record<string, unknown>>): string | null;
  /** True for an id that was erased for good. */
  isErased(id: string): boolean;
  /** True for the e-mail address of an erased person. */
  isErasedEmail(email: string): boolean;
  /** True when the address belongs to another user of the organization, or signs in somebody else. */
  isEmailTaken(email: string, userId: string): boolean;
  /** Definitions of the custom fields that new records must have, as they were before this batch. */
  readonly requiredFields: readonly AnyRecord[];
  /** How large a new file may be, and how much room all files have left, in bytes. */
  readonly fileRoom: FileRoom;
  /** What may still be added, after the operations before this one. */
  planRoom(): PlanRoom;
  /** True when a user has this role. */
  isRoleHeld(roleId: string): boolean;
}
