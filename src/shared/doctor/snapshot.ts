// What the sync doctor shows: one picture of how this computer stands to its server, made in the main process and only
// drawn by the window. It names records by id and fields by name and carries no value of any record.
import type { ErrorCode } from '#shared/kernel/errors.ts';

/** Requests to the server, and what the local database does with their answers. */
export const exchangeKinds = ['push', 'pull', 'manifest', 'bodies', 'apply'] as const;
export type ExchangeKind = (typeof exchangeKinds)[number];

/** One exchange that ended, well or not. */
export interface Exchange {
  readonly kind: ExchangeKind;
  /** Instant at which it began. */
  readonly at: string;
  readonly tookMs: number;
  /** Operations sent, or records received, named or applied. */
  readonly count: number;
  /** Null when it went well. */
  readonly code: ErrorCode | null;
}

export interface Timing {
  readonly kind: ExchangeKind;
  /** How many of the last exchanges it is made of; failed ones are left out. */
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly lastMs: number;
}

export interface NotedError {
  readonly at: string;
  readonly code: ErrorCode;
  /** What was being done. */
  readonly during: ExchangeKind | 'session';
}

/** Where unsent work on a record stands. */
export type PendingState = 'waiting' | 'sending' | 'retrying' | 'answered' | 'refused';

/** Unsent work on one record. */
export interface PendingRecord {
  readonly entity: string;
  readonly recordId: string;
  readonly state: PendingState;
  /** Number of changes. */
  readonly changes: number;
  /** Kinds of the changes, in order: `create`, `patch` … */
  readonly kinds: readonly string[];
  /** Names of the fields that were changed. */
  readonly fields: readonly string[];
  /** When the oldest of them was made, by this computer's clock. */
  readonly since: string;
  /** Instant of the last time it was on its way; null when it never was since Outpost started. */
  readonly lastTryAt: string | null;
  /** Why that did not succeed, or why the server refused it. */
  readonly reason: string | null;
}

export interface ConnectionState {
  readonly phase: string;
  /** Instant since which the phase is what it is. */
  readonly since: string;
  readonly workOffline: boolean;
  readonly live: 'open' | 'connecting' | 'closed';
  readonly liveSince: string;
  readonly retryAt: string | null;
  /** Last time everything was exchanged; kept over restarts. */
  readonly upToDateAt: string | null;
  /** Last answer of the server to a push or pull since Outpost started. */
  readonly lastAnswerAt: string | null;
}

export interface PositionState {
  /** `empty`, `log` or `manifest`; null while the local database is not open. */
  readonly stage: 'empty' | 'log' | 'manifest' | null;
  /** Epoch of the rights with which the local data was delivered. */
  readonly epoch: number | null;
  /** Epoch of the rights this computer knows. */
  readonly ownEpoch: number;
  /** Short fingerprint of the sealed place in the server's order: two pictures can be compared, nothing can be read. */
  readonly mark: string | null;
}

export interface JournalStanding {
  /** Never sent since Outpost started. */
  readonly waiting: number;
  /** On their way now. */
  readonly sending: number;
  /** Sent, and not answered. */
  readonly retrying: number;
  /** Answered; the local database does not hold the answer yet. */
  readonly answered: number;
  /** Refused; kept until the user decides. */
  readonly refused: number;
  readonly sizeBytes: number;
  /** Last time something was written durably; null for a journal without a file. */
  readonly lastCommitAt: string | null;
  /** Rows kept aside because they could not be read when it was opened. */
  readonly damagedRows: number;
}

export interface DatabaseStanding {
  /** Records by entity, zero left out. */
  readonly counts: Readonly<Record<string, number>>;
  /** Records with unsent work folded in. */
  readonly unsentCount: number;
  /** What the browser engine says the local database takes; null when it does not say. */
  readonly sizeBytes: number | null;
}

export interface DoctorSnapshot {
  readonly takenAt: string;
  readonly connection: ConnectionState;
  readonly position: PositionState;
  readonly journal: JournalStanding;
  /** At most `MOST_PENDING`; the oldest first. */
  readonly pending: readonly PendingRecord[];
  /** Records with unsent work in all. */
  readonly pendingTotal: number;
  /** Newest first. */
  readonly errors: readonly NotedError[];
  readonly timings: readonly Timing[];
  /** Newest first. */
  readonly exchanges: readonly Exchange[];
  /** Null while the local database is not open. */
  readonly database: DatabaseStanding | null;
}

/** Records with unsent work that are listed one by one. */
export const MOST_PENDING = 200;

/** What only the server can tell; asked for when it can be reached. */
export interface ServerStanding {
  /** Which life of the organization's order this is; a restore begins a new one. */
  readonly incarnation: string;
  readonly epoch: number;
  readonly roundTripMs: number;
  /** How far this computer's clock is ahead of the server's; negative when it is behind. */
  readonly clockAheadMs: number;
}

export const findingKinds = ['missing', 'different', 'surplus'] as const;
export type FindingKind = (typeof findingKinds)[number];

/** A record that is not as the server says. */
export interface Finding {
  readonly kind: FindingKind;
  /** Collection of the local database. */
  readonly coll: string;
  readonly id: string;
}

/** Outcome of a comparison with the server's manifest. */
export interface Verification {
  readonly checkedAt: string;
  readonly tookMs: number;
  /** Records that should be here. */
  readonly records: number;
  readonly missing: number;
  readonly different: number;
  readonly surplus: number;
  /** The first `MOST_FINDINGS`. */
  readonly findings: readonly Finding[];
}

export const MOST_FINDINGS = 100;

/** Outcome of a repair. */
export interface Repair {
  readonly doneAt: string;
  readonly tookMs: number;
  /** Records that were missing and were fetched. */
  readonly fetched: number;
  /** Records that differed and were replaced by what the server says. */
  readonly replaced: number;
  /** Records that should not have been here and were removed. */
  readonly removed: number;
  /** Unsent changes before and after: a repair neither adds nor takes any. */
  readonly unsentBefore: number;
  readonly unsentAfter: number;
  /** The comparison that was made afterwards. */
  readonly after: Verification;
}
