// What push and pull need of a store, in the words of synchronization. Decisions stand above this port and are the same
// everywhere; below it lies SQL (PGlite, PostgreSQL) or, for the simulation, a model in memory that can be crashed at
// every call. A transaction sees nothing of another one that did not commit, and leaves nothing when its work throws.
// Calls that are made without waiting are carried out in the order they were made.
import type { MaskRule } from '#shared/access/masking.ts';
import type { TerritoryReach } from '#shared/access/territory-reach.ts';
import type { AnyRecord, CollectionName } from '#shared/entities/define-entity.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { Reach } from '#shared/sync/scope-drop.ts';
import type { FileRoom } from '#server/files/file-room.ts';
import type { ChangedUser } from '#server/identity/follow-users.ts';
import type { LoadedActor } from '#server/identity/load-actor.ts';
import type { PlanRoom } from '#server/platform/plan-room.ts';
import type { Erased } from '#server/privacy/read-erased.ts';
import type { ChangeNotice, TransactionOptions } from '#server/store/database.ts';
import type { TenantHead } from '#server/store/tenants.ts';
import type { ReadPlan } from '#server/sync/keys.ts';
import type { MovedParent, NarrowingNumbers } from '#server/sync/narrow-children.ts';
import type { KnownResult, ResultRow } from '#server/sync/op-results.ts';
import type { ChangeAction } from '#server/sync/pending-change.ts';
import type { RoleHolders } from '#server/sync/role-holders.ts';
import type { Place, StoredRecord } from '#server/sync/stored-record.ts';
import type { PositionSealer } from '#server/sync/token.ts';
import type { UserEmails } from '#server/sync/user-emails.ts';
import type { RaisedEvent } from '#server/webhooks/raise-events.ts';

export interface SyncStore {
  /** One transaction that reads and writes rows of this tenant only. Rolled back when `work` throws. */
  inTenant<Value>(
    tenantId: TenantId,
    work: (transaction: SyncTransaction) => Promise<Value>,
    options?: TransactionOptions,
  ): Promise<Value>;
  /** True for a lost race: the same transaction may succeed when it is run again. */
  isRetryable(error: unknown): boolean;
  /** Seals the positions of devices; the same in every process of an installation. */
  openSealer(): Promise<PositionSealer>;
  /** Key of the masks of this installation. */
  readMaskSecret(): Promise<Uint8Array>;
  /** What the keys of manifests are made from. */
  readManifestSecret(): Promise<Uint8Array>;
}

/** A device as one of its users uses it: operations are numbered for the two together. */
export interface DeviceOwner {
  readonly deviceId: string;
  readonly userId: string;
}

/** The newest change of one sort that a device made; null: nobody's, as an import. */
export interface DeviceRev {
  readonly deviceId: string | null;
  readonly kind: string;
  readonly action: string;
  readonly groups: readonly string[];
  readonly seq: number;
}

/** When a change was made, and by whom. */
export interface Stamp {
  readonly seq: number;
  readonly ts: number;
  readonly actor: string | null;
}

/** Users whose rights change with a commit. */
export interface EpochBumps {
  readonly users: readonly { readonly userId: string; readonly isActive: boolean }[];
  /** Everybody of the tenant, in addition. */
  readonly everyone: boolean;
  /** These users in addition, as far as they have an epoch. */
  readonly others: readonly string[];
}

/** A record as it will stand after a commit. */
export interface RecordRow {
  readonly coll: CollectionName;
  readonly id: string;
  readonly kind: string;
  readonly rev: number;
  readonly owner: string | null;
  readonly scopeKeys: readonly string[];
  readonly fieldRev: Readonly<Record<string, number>>;
  readonly isDeleted: boolean;
  readonly deletedAtMs: number | null;
  /** The record this one follows. */
  readonly subject: string | null;
  readonly record: AnyRecord;
}

/** An entry of the log: the n-th change of the commit `seq`. */
export interface ChangeRow {
  readonly seq: number;
  readonly n: number;
  readonly coll: CollectionName;
  readonly id: string;
  readonly kind: string;
  readonly action: ChangeAction;
  readonly groups: readonly string[];
  readonly keysBefore: readonly string[];
  readonly keysAfter: readonly string[];
  readonly opId: string | null;
  readonly device: string | null;
  readonly actor: string | null;
  readonly ts: number;
}

/** By which key an entry of the log is found. */
export interface ChangeKeyRow {
  readonly key: string;
  readonly seq: number;
  readonly n: number;
}

/** Everything a batch of commits writes. */
export interface CommitRows {
  /** Records that were not there when they were judged: inserting one that is there by now is a lost race. */
  readonly created: readonly RecordRow[];
  /** Records that exist and are locked. */
  readonly updated: readonly RecordRow[];
  readonly changes: readonly ChangeRow[];
  readonly changeKeys: readonly ChangeKeyRow[];
  /** The head afterwards. */
  readonly seq: number;
  /** Every scope key the changes touch, for whoever listens; null: too many to name. */
  readonly touchedKeys: readonly string[] | null;
  /** What was edited, when nothing else happened and it can be said in few words. */
  readonly edits: ChangeNotice['edits'];
}

export interface ChangedPlace {
  readonly coll: string;
  readonly id: string;
  readonly kind: string;
  readonly seq: number;
}

/** A stored record as its text, which goes out as it is where nothing of it is held back. */
export interface TextRow {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly fieldRev: Readonly<Record<string, number>>;
}

export interface CurrentRow extends TextRow {
  readonly coll: string;
  readonly isDeleted: boolean;
  readonly scopeKeys: readonly string[];
}

/** Visible records of one collection that stand after an id, in key order. */
export interface VisibleRange {
  readonly coll: CollectionName;
  /** `mine`: records the user owns; `others`: all but those; `all`: no difference. */
  readonly part: 'all' | 'mine' | 'others';
  readonly userId: string;
  readonly afterId: string;
  readonly limit: number;
}

/** Put items of a range, as JSON text without brackets. */
export interface Chunk {
  readonly json: string;
  /** Rows read; a row may be without an item when the projection is empty. */
  readonly count: number;
  readonly lastId: string;
}

export interface SyncTransaction {
  readonly tenantId: TenantId;
  /** The order of the tenant, null for a tenant that does not exist. */
  readHead(): Promise<TenantHead | null>;
  /** Current epochs; users that do not exist are missing. `lock` keeps them from changing until the end. */
  readEpochs(userIds: readonly string[], lock: boolean): Promise<ReadonlyMap<string, number>>;
  /** Null when there is no such user, or the user is deleted or deactivated. */
  readActor(userId: UserId): Promise<LoadedActor | null>;
  /** What a user reached at an epoch, null when nobody knows any more. */
  readReach(userId: string, epoch: number): Promise<Reach | null>;
  /** Once written it stays: an epoch is one set of rights. */
  writeReach(userId: string, epoch: number, reach: Reach): Promise<void>;
  /** Number of the last operation by device; locked, so that two pushes of one device take turns. */
  lockDevices(owners: readonly DeviceOwner[], nowMs: number): Promise<ReadonlyMap<string, number>>;
  readLastOpNo(owner: DeviceOwner): Promise<number>;
  /** Results of these operations and of those they depend on, by device and id. */
  readKnownResults(
    pushes: readonly { readonly deviceId: string; readonly operations: readonly Operation[] }[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, KnownResult>>>;
  /** By place. `forUpdate` locks them, in key order, so that two transactions never wait for each other. */
  readRecords(places: readonly Place[], forUpdate: boolean): Promise<ReadonlyMap<string, StoredRecord>>;
  /**
   * Records that follow others, locked, and deleted ones that are followed themselves. `few`: only kinds that a record has few of. With a limit the rest is left out,
   * which the caller can tell from the number.
   */
  readChildren(
    parentIds: readonly string[],
    limit: number | null,
    which: 'all' | 'few',
  ): Promise<ReadonlyMap<string, StoredRecord>>;
  /** Changes of trees and of rights of a tenant take turns. Held until the end. */
  lockTrees(): Promise<void>;
  /** All territories that are not deleted, by id. */
  readTerritories(): Promise<ReadonlyMap<string, StoredRecord>>;
  readPeoplePlaces(kind: 'team' | 'user'): Promise<readonly Place[]>;
  /** Newest changes in the log of each record, by device and by what they touched. A change of keys alone does not count. */
  readDeviceRevs(places: readonly Place[]): Promise<ReadonlyMap<string, readonly DeviceRev[]>>;
  readUserEmails(operations: readonly Operation[]): Promise<UserEmails>;
  readErased(operations: readonly Operation[]): Promise<Erased>;
  /** Definitions of the required custom fields of what these operations make. */
  readRequiredFields(operations: readonly Operation[]): Promise<readonly AnyRecord[]>;
  /** How much room the organization has for files. */
  readFileRoom(): Promise<FileRoom>;
  /** What the organization may still add, as far as these operations can need it. */
  readPlanRoom(operations: readonly Operation[]): Promise<PlanRoom>;
  readRoleHolders(operations: readonly Operation[]): Promise<RoleHolders>;
  /** Role of every user, deleted ones included. */
  readRoles(): Promise<ReadonlyMap<string, string>>;
  /** How masked fields are masked, by `entity.field`. */
  readMaskRules(): Promise<ReadonlyMap<string, MaskRule>>;
  readMaskTokens(fingerprints: readonly string[]): Promise<ReadonlyMap<string, string>>;
  makeMaskTokens(fingerprints: readonly string[]): Promise<void>;
  /** Of these numbers, as far as the log still has them. */
  readStamps(seqs: readonly number[]): Promise<readonly Stamp[]>;
  /** What every user reaches by territories, as it was last written. */
  readTerritoryReach(): Promise<ReadonlyMap<string, TerritoryReach>>;
  bumpEpochs(bumps: EpochBumps, reach: ReadonlyMap<string, TerritoryReach>): Promise<void>;
  /** Draws the next numbers and locks the head until the end; answers the last of them, null for an unknown tenant. */
  drawNumbers(count: number, nowMs: number): Promise<{ readonly seq: number; readonly lastTs: number } | null>;
  writeCommit(rows: CommitRows): Promise<unknown>;
  countToNarrow(moved: readonly MovedParent[]): Promise<number>;
  narrowChildren(moved: readonly MovedParent[], numbers: NarrowingNumbers): Promise<void>;
  /** What webhooks are to be told, told once this transaction is done. */
  raiseEvents(events: readonly RaisedEvent[]): Promise<void>;
  /** What changed users mean for signing in. */
  followUsers(users: readonly ChangedUser[], nowMs: number): Promise<void>;
  /** Writes results and audit, and moves the counters of the devices. */
  writeResults(nowMs: number, rows: readonly ResultRow[]): Promise<unknown>;
  /** Entries of the log after a number up to another that the plan sees before or after, in order, at most `limit`. */
  readChanges(plan: ReadPlan, afterSeq: number, headSeq: number, limit: number): Promise<readonly ChangedPlace[]>;
  /** Records as they stand, as text. A same id in two collections may come along: look rows up by place. */
  readTexts(places: readonly { readonly coll: string; readonly id: string }[]): Promise<readonly CurrentRow[]>;
  readVisibleTexts(plan: ReadPlan, range: VisibleRange): Promise<readonly TextRow[]>;
  /** The same as put items, put together below: thousands of records cost one row. */
  readVisibleItems(plan: ReadPlan, range: VisibleRange): Promise<Chunk>;
  countVisible(plan: ReadPlan): Promise<number>;
}
