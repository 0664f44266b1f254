// How the server's answers reach the local database. Applying anything twice changes nothing; a record that left the
// user's view goes at once, whatever is unsent on it; unsent operations stay folded on top of every projection; the
// pull token is written last, so a crash repeats a page and never skips one.
import type { LocalDatabase, WriteBatch } from '#renderer/data/database.ts';
import { projectedRevOf, projectionOf, toStoredRecord, type StoredRecord } from '#renderer/data/local-record.ts';
import type { PendingOperations } from '#renderer/data/pending-operations.ts';
import { collectionNames, type AnyRecord, type CollectionName } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { PullItem, Verdict } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';

export interface PullPage {
  readonly items: readonly PullItem[];
  readonly token: string;
  readonly snapshotStart: boolean;
  readonly caughtUp: boolean;
  readonly epoch?: number;
}

interface Changes {
  readonly put: Map<string, StoredRecord>;
  readonly purge: Set<string>;
}
type ChangesByCollection = Map<CollectionName, Changes>;

function isCollectionName(name: string): name is CollectionName {
  return (collectionNames as readonly string[]).includes(name);
}

function isSameRecord(left: StoredRecord | undefined, right: StoredRecord): boolean {
  if (left === undefined) return false;
  return isJsonEqual(projectionOf(left), projectionOf(right)) && isJsonEqual(left.pending, right.pending);
}

/** A field that was there and is not: it was not cleared (that would be null), the user may not see it any more. */
function hasLostField(before: AnyRecord | null, after: AnyRecord): boolean {
  return before !== null && Object.keys(before).some((field) => !Object.hasOwn(after, field));
}

/** Applies pages and verdicts to one database. Not reentrant: the caller runs one call at a time. */
export interface Applier {
  applyPage(page: PullPage): Promise<void>;
  applyVerdicts(verdicts: readonly Verdict[]): Promise<void>;
  /** Puts operations that are now in the journal into the view. */
  applyOperations(operations: readonly Operation[]): Promise<void>;
  /** Makes the view agree with the journal: what is unpacked of it by now, and what the operations are about. */
  replay(operations: readonly Operation[]): Promise<void>;
  /** Writes what was unpacked since as it is shown: see `LocalDatabase.showThrough`. */
  mend(): Promise<void>;
  /** Sets records to what the server says now, older or not, or takes them away; former values leave the disk. */
  setProjections(projections: Iterable<ProjectionToSet>): Promise<void>;
}

export interface ProjectionToSet {
  readonly entity: string;
  readonly id: string;
  /** Null: it is not to be seen any more. */
  readonly projection: AnyRecord | null;
}

/** Three times what the local database is made for; a server that never ends would fill the computer. */
const MOST_RECORDS = 1_000_000;

export function createApplier(
  database: LocalDatabase,
  pending: PendingOperations,
  userId: string,
  mostRecords = MOST_RECORDS,
): Applier {
  /** Collections in which a page took a field out of sight. */
  const narrowed = new Set<CollectionName>();
  // Ids a running snapshot has named. A resync that is interrupted starts anew, so memory is enough for it.
  const named = new Map<CollectionName, Set<string>>();

  function changesOf(changes: ChangesByCollection, collection: CollectionName): Changes {
    let known = changes.get(collection);
    if (known === undefined) changes.set(collection, (known = { put: new Map(), purge: new Set() }));
    return known;
  }

  function toBatch(changes: ChangesByCollection): WriteBatch {
    return new Map([...changes].map(([name, { put, purge }]) => [name, { put: [...put.values()], purge: [...purge] }]));
  }

  function checkRoom(changes: ChangesByCollection): void {
    let count = collectionNames.reduce((sum, name) => sum + database.storedOf(name).size, 0);
    for (const [name, { put }] of changes)
      for (const id of put.keys()) if (database.getStored(name, id) === undefined) count += 1;
    if (count > mostRecords)
      throw new OutpostError('wrong_answer', 'The server sends more records than this computer is made for.');
  }

  async function write(changes: ChangesByCollection): Promise<void> {
    if (changes.size > 0) await database.write(toBatch(changes));
  }

  async function writeAnswer(changes: ChangesByCollection): Promise<void> {
    if (changes.size > 0) checkRoom(changes);
    await write(changes);
  }

  /** Sets a record to a projection with everything pending on top. */
  function setProjection(changes: ChangesByCollection, entity: string, id: string, projection: AnyRecord | null): void {
    const definition = entityOf(entity);
    if (definition === undefined) return;
    const { put, purge } = changesOf(changes, definition.collection);
    const next = toStoredRecord(projection, pending.of(entity, id), userId);
    const stored = database.getStored(definition.collection, id);
    put.delete(id);
    purge.delete(id);
    if (next === null) {
      if (stored !== undefined) purge.add(id);
    } else if (!isSameRecord(stored, next)) put.set(id, next);
  }

  function applyPut(changes: ChangesByCollection, record: AnyRecord, isSnapshot: boolean): void {
    const collection = entityOf(record.kind)?.collection;
    if (collection === undefined) return;
    if (isSnapshot) nameInSnapshot(record);
    const current = changes.get(collection)?.put.get(record.id) ?? database.getStored(collection, record.id);
    const isPurged = changes.get(collection)?.purge.has(record.id) === true;
    // A snapshot is the truth of now and may show less of a record than before; the log only ever moves forward.
    const isOlder = current !== undefined && !isPurged && (projectedRevOf(current) ?? 0) > record.rev;
    if (isOlder && !isSnapshot) return;
    if (current !== undefined && hasLostField(projectionOf(current), record)) narrowed.add(collection);
    setProjection(changes, record.kind, record.id, record);
  }

  function nameInSnapshot({ kind, id }: AnyRecord): void {
    const collection = entityOf(kind)?.collection;
    if (collection !== undefined) named.get(collection)?.add(id);
  }

  function purgeUnnamed(changes: ChangesByCollection): void {
    for (const collection of collectionNames) {
      const names = named.get(collection) ?? new Set();
      for (const [id, stored] of database.storedOf(collection)) {
        const isKnownToServer = projectedRevOf(stored) !== null;
        if (!isKnownToServer || names.has(id)) continue;
        const { put, purge } = changesOf(changes, collection);
        put.delete(id);
        purge.add(id);
      }
    }
  }

  async function applyPage(page: PullPage): Promise<void> {
    let { snapshot } = database.readPosition();
    if (page.snapshotStart) {
      const isEmpty = collectionNames.every((name) => database.storedOf(name).size === 0);
      snapshot = isEmpty ? 'initial' : 'resync';
      // Noted before anything is written: a start in the middle of a resync must begin it anew.
      await database.writePosition({ ...database.readPosition(), snapshot });
      named.clear();
      for (const name of collectionNames) named.set(name, new Set());
    }
    const changes: ChangesByCollection = new Map();
    for (const item of page.items) {
      if (item.t === 'put') applyPut(changes, item.record as AnyRecord, snapshot !== 'none');
      else if (isCollectionName(item.coll)) {
        const { put, purge } = changesOf(changes, item.coll);
        put.delete(item.id);
        named.get(item.coll)?.delete(item.id);
        purge.add(item.id);
      }
    }
    if (page.caughtUp) {
      if (snapshot === 'resync') purgeUnnamed(changes);
      snapshot = 'none';
    }
    await writeAnswer(changes);
    await database.forgetFormerValues(narrowed);
    narrowed.clear();
    await database.writePosition({ token: page.token, snapshot, epoch: page.epoch ?? database.readPosition().epoch });
    // Not before: a page that could not be written comes again, and what earlier ones named still counts.
    if (page.caughtUp) named.clear();
  }

  async function applyVerdicts(verdicts: readonly Verdict[]): Promise<void> {
    const answered = new Map(verdicts.map((verdict) => [verdict.opId, verdict]));
    const removed = pending.remove(new Set(answered.keys()));
    const changes: ChangesByCollection = new Map();
    // A verdict told again, or one whose operation was already gone from the journal at the last start.
    const known = new Set(removed.map((operation) => operation.opId));
    for (const { opId, record } of verdicts) {
      // What was made while a snapshot came in is in none of its pages that were on their way, and is there all the same.
      if (record !== null) nameInSnapshot(record as AnyRecord);
      if (!known.has(opId) && record !== null) applyPut(changes, record as AnyRecord, false);
    }
    for (const operation of removed.toSorted((a, b) => a.opNo - b.opNo)) {
      const verdict = answered.get(operation.opId);
      if (verdict === undefined) continue;
      const record = verdict.record as AnyRecord | null;
      const collection = entityOf(operation.entity)?.collection;
      const current = collection === undefined ? undefined : database.getStored(collection, operation.recordId);
      const local = current === undefined ? null : projectionOf(current);
      // A page may have brought a newer state than the verdict carries; then only the operation is taken back.
      const isOlder = record !== null && local !== null && local.rev > record.rev;
      setProjection(changes, operation.entity, operation.recordId, isOlder ? local : record);
    }
    try {
      await writeAnswer(changes);
    } catch (error) {
      // The verdicts are told again, and must find what they answer.
      pending.add(removed);
      throw error;
    }
  }

  function refold(records: Iterable<{ readonly entity: string; readonly id: string }>): ChangesByCollection {
    const changes: ChangesByCollection = new Map();
    for (const { entity, id } of records) {
      const collection = entityOf(entity)?.collection;
      const stored = collection === undefined ? undefined : database.getStored(collection, id);
      setProjection(changes, entity, id, stored === undefined ? null : projectionOf(stored));
    }
    return changes;
  }

  // An operation may have left the journal before its record was written anew.
  database.showThrough((stored) => {
    const next = toStoredRecord(projectionOf(stored), pending.of(stored.kind, stored.id), userId);
    return next !== null && isSameRecord(stored, next) ? stored : next;
  });

  /** Records with operations on top, sent or not. */
  function findPending(): { entity: string; id: string }[] {
    return collectionNames
      .filter(database.isUnpacked)
      .flatMap((collection) =>
        [...database.storedOf(collection)].flatMap(([id, { kind, pending: unsent }]) =>
          unsent.length > 0 ? [{ entity: kind, id }] : [],
        ),
      );
  }

  return {
    applyPage,
    applyVerdicts,
    async applyOperations(operations) {
      pending.add(operations);
      const changes = refold(operations.map((operation) => ({ entity: operation.entity, id: operation.recordId })));
      if (changes.size > 0) await database.showAndWrite(toBatch(changes));
    },
    async setProjections(projections) {
      const changes: ChangesByCollection = new Map();
      for (const { entity, id, projection } of projections) setProjection(changes, entity, id, projection);
      await writeAnswer(changes);
      await database.forgetFormerValues(changes.keys());
    },
    async replay(operations) {
      pending.replaceAll(operations);
      const meant = operations.map((operation) => ({ entity: operation.entity, id: operation.recordId }));
      await write(refold([...findPending(), ...meant]));
    },
    mend: () => write(refold(findPending())),
  };
}
