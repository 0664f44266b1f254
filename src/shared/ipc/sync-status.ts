// What windows know of the synchronization and of what waits for a decision.
import type { ErrorData } from '#shared/kernel/errors.ts';
import type { LiveEvent } from '#shared/live/live-events.ts';
import type { Why } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';

/** States of the sync engine (src/shared/sync/engine-state.ts). */
export type SyncPhase = 'signedOut' | 'offline' | 'pulling' | 'pushing' | 'idle' | 'backingOff' | 'blocked';

export interface SyncStatus {
  readonly phase: SyncPhase;
  /** The user's own switch *Work offline*. */
  readonly workOffline: boolean;
  /** Operations saved on this computer that the server has not answered. */
  readonly pendingCount: number;
  /** Records these operations are about, as a person counts them. */
  readonly pendingRecords: number;
  readonly attentionCount: number;
  /** Instant of the last time everything was exchanged, null before the first. */
  readonly upToDateAt: string | null;
  /** Progress of a first or full sync. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly retryAt: string | null;
  readonly error: ErrorData | null;
}

/** Something the user typed that the server refused, kept until the user decides. */
export interface AttentionItem {
  readonly id: string;
  readonly operation: Operation;
  /** Name of the record, only while it is visible. */
  readonly label: string | null;
  readonly code: string;
  readonly message: string;
  readonly problems: readonly { readonly field: string; readonly code: string; readonly message: string }[];
  /** Why, with the facts to say it in the user's words. Absent where the code says all there is, and in items of older versions. */
  readonly why?: Why;
  readonly createdAt: string;
  /** For `blocked`: the operation that was refused first. */
  readonly causedBy: string | null;
}

/** Answer to `applyPage` and `applyVerdicts`: what happened in the eyes of this user. */
export interface AppliedOutcome {
  readonly events: readonly LiveEvent[];
}
