// The RxDB database of one profile: one collection for each of collectionNames, all records of the view in them, and
// the pull token beside the data it describes. Losing any part of it is noticed after the next start and means: drop it,
// fetch again from the server, replay the journal. Nothing a person typed lives only here. Records of a collection are
// unpacked when one of them is first asked for: a start waits only for those of its first screen.
import {
  createRxDatabase,
  prepareQuery,
  removeRxDatabase,
  type RxCollection,
  type RxDatabase,
  type RxStorage,
} from 'rxdb';
import { createRecordMirror, type RecordMirror } from '#renderer/data/record-mirror.ts';
import type { SegmentStorage } from '#renderer/data/storage/get-segment-storage.ts';
import { shownOf, type StoredRecord } from '#renderer/data/local-record.ts';
import { collectionNames, type CollectionName, type EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { isId } from '#shared/kernel/ids.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

/** Where pulling stands. Written after the records it covers, in the same database. */
export interface SyncPosition {
  readonly token: string | null;
  /**
   * `initial`: a snapshot into an empty database is under way; `resync`: one that must also forget what it does not name;
   * `manifest`: the token is a place in a manifest.
   */
  readonly snapshot: (typeof snapshotStates)[number];
  /** Epoch of the rights everything here was delivered with. */
  readonly epoch: number | null;
}
const snapshotStates = ['none', 'initial', 'resync', 'manifest'] as const;

export interface CollectionWrites {
  readonly put: readonly StoredRecord[];
  readonly purge: readonly string[];
}
export type WriteBatch = ReadonlyMap<CollectionName, CollectionWrites>;

export interface LocalDatabase {
  readonly mirror: RecordMirror;
  /**
   * Unpacks records nobody has asked for yet, until this instant (of `performance.now`); returns whether that was all.
   * @throws OutpostError `local_database_damaged`, as every reading of them does.
   */
  unpack(untilMs: number): boolean;
  readonly isUnpacked: (collection: CollectionName) => boolean;
  /** From now on a record with operations on top is shown as this makes it of what is unpacked; null: it is not shown. */
  showThrough(fold: (record: StoredRecord) => StoredRecord | null): void;
  /** The document as stored, of any entity of the collection. */
  getStored(collection: CollectionName, id: string): StoredRecord | undefined;
  storedOf(collection: CollectionName): ReadonlyMap<string, StoredRecord>;
  readPosition(): SyncPosition;
  writePosition(position: SyncPosition): Promise<void>;
  /** Durable when it resolves; the mirror then changes once for the whole batch. */
  write(batch: WriteBatch): Promise<void>;
  /** Shows the batch at once and then writes it: for what the journal holds already. Durable when it resolves. */
  showAndWrite(batch: WriteBatch): Promise<void>;
  /** Takes former values of records off the disk at once, where a storage keeps them for a while. */
  forgetFormerValues(collections: Iterable<CollectionName>): Promise<void>;
  close(): Promise<void>;
  /** Deletes the database with all its bytes. */
  remove(): Promise<void>;
}

// Reserved documents have ids no record can have (see isId).
const POSITION_ID = '~position';
const MARKER_ID = '~marker';
const RESERVED_KIND = '~' as EntityName;
const POSITION_COLLECTION: CollectionName = 'inbox';

// Frozen for ever: fields of entities are not part of it, so a new field never needs a migration of the database.
// Only what is always there and never null can be an index in RxDB.
const frozenSchema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 64 },
    kind: { type: 'string', maxLength: 32 },
    createdAt: { type: 'string', maxLength: 40 },
    updatedAt: { type: 'string', maxLength: 40 },
    schema: { type: 'integer' },
    pending: { type: 'array', items: { type: 'string' } },
  },
  required: ['id', 'kind', 'createdAt', 'updatedAt', 'schema', 'pending'],
  indexes: ['kind', 'updatedAt'],
} as const;

/** A storage may read collections before they are asked for. */
type Storage = RxStorage<unknown, unknown> & Partial<Pick<SegmentStorage, 'openAhead'>>;
type Collections = Record<CollectionName, RxCollection<StoredRecord>>;
type RowDocument = StoredRecord & {
  _deleted: boolean;
  _attachments: Record<string, never>;
  _rev: string;
  _meta: { lwt: number };
};

/** A document without any content: what a purged record is overwritten with, and the frame of reserved documents. */
function createBlank(id: string): StoredRecord {
  const empty = { ownerId: null, teamId: null, createdBy: null, updatedBy: null };
  return { ...empty, id, kind: RESERVED_KIND, rev: 0, createdAt: '', updatedAt: '', schema: 1, pending: [] };
}

function toRow(document: StoredRecord, previous: StoredRecord | undefined, isDeleted = false) {
  const row: RowDocument = { ...document, _deleted: isDeleted, _attachments: {}, _rev: '', _meta: { lwt: 0 } };
  return previous === undefined ? { document: row } : { document: row, previous: previous as RowDocument };
}

export function databaseNameOf(profileId: string): string {
  if (!isId(profileId)) throw new OutpostError('invalid', 'A profile id must be an id');
  return `outpost-${profileId}`;
}

/** Opens or creates; throws `local_database_damaged` when it cannot be read completely. */
export async function openLocalDatabase(profileId: string, storage: Storage): Promise<LocalDatabase> {
  let database: RxDatabase<Collections> | null = null;
  const databaseName = databaseNameOf(profileId);
  const { version, primaryKey: primaryPath } = frozenSchema;
  const closeUnused = storage.openAhead?.(
    databaseName,
    collectionNames.map((name) => ({ name, version, primaryPath })),
  );
  try {
    database = await createRxDatabase<Collections>({
      name: databaseName,
      storage,
      multiInstance: false,
      eventReduce: false,
    });
    const creators = Object.fromEntries(collectionNames.map((name) => [name, { schema: frozenSchema }]));
    await database.addCollections(creators);
    return await loadDatabase(database);
  } catch (cause) {
    await database?.close();
    if (cause instanceof OutpostError) throw cause;
    throw new OutpostError('local_database_damaged', 'The local database could not be opened', {}, { cause });
  } finally {
    await closeUnused?.();
  }
}

/** Deletes what is left of a database, whether or not it can be opened. */
export async function dropLocalDatabase(profileId: string, storage: Storage): Promise<void> {
  const name = databaseNameOf(profileId);
  try {
    await removeRxDatabase(name, storage, false);
  } catch (cause) {
    // It cannot even be opened to be removed: take the files below it.
    const found = await indexedDB.databases();
    const names = found.flatMap((entry) => (entry.name?.includes(name) === true ? [entry.name] : []));
    const results = await Promise.all(names.map(deleteIndexedDatabase));
    if (results.includes(false))
      throw new OutpostError('internal', 'The damaged local database could not be removed', {}, { cause });
  }
}

function deleteIndexedDatabase(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve(true);
    request.onerror = () => resolve(false);
    request.onblocked = () => resolve(false);
  });
}

interface PackedInternals {
  readonly current: () => readonly StoredRecord[];
  readonly isEmpty: () => boolean;
  readonly unpack: (untilMs: number) => boolean;
}

/** What lies in a collection at the start. */
interface StoredCollection {
  readonly isEmpty: boolean;
  /** See `LocalDatabase.unpack`. */
  readonly unpack: (untilMs: number) => boolean;
  readAll(): Map<string, StoredRecord>;
}

function mapById(documents: readonly StoredRecord[]): Map<string, StoredRecord> {
  return new Map(documents.map((document) => [document.id, document]));
}

async function lookInto(collection: RxCollection<StoredRecord>): Promise<StoredCollection> {
  const internals = collection.storageInstance.internals as Partial<PackedInternals>;
  const { current, isEmpty, unpack } = internals;
  if (current !== undefined && isEmpty !== undefined && unpack !== undefined)
    return { isEmpty: isEmpty(), unpack, readAll: () => mapById(current()) };
  const query = prepareQuery<StoredRecord>(collection.storageInstance.schema, {
    selector: { _deleted: { $eq: false } },
    sort: [{ id: 'asc' }],
    skip: 0,
  });
  const { documents } = await collection.storageInstance.query(query);
  const all = mapById(documents);
  return { isEmpty: all.size === 0, unpack: () => true, readAll: () => all };
}

async function writeMarkers(collections: Collections): Promise<void> {
  const mark = crypto.randomUUID();
  await Promise.all(
    collectionNames.map(async (name) => {
      const marker: StoredRecord = { ...createBlank(MARKER_ID), mark };
      await collections[name].storageInstance.bulkWrite([toRow(marker, undefined)], 'outpost-marker');
    }),
  );
}

/** Every collection carries the same random mark: one that lost it was lost itself. */
function createMarkerCheck(): (mark: unknown) => void {
  let known: unknown;
  return (mark) => {
    known ??= mark;
    if (mark === undefined || mark !== known)
      throw new OutpostError('local_database_damaged', 'A part of the local database is missing');
  };
}

async function loadDatabase(database: RxDatabase<Collections>): Promise<LocalDatabase> {
  const collections = database.collections;
  const found = new Map<CollectionName, StoredCollection>();
  await Promise.all(collectionNames.map(async (name) => found.set(name, await lookInto(collections[name]))));
  const checkMarker = createMarkerCheck();
  if ([...found.values()].every(({ isEmpty }) => isEmpty)) {
    await writeMarkers(collections);
    found.clear();
  } else if ([...found.values()].some(({ isEmpty }) => isEmpty)) checkMarker(undefined);

  let fold = (record: StoredRecord): StoredRecord | null => record;
  let positionDocument: StoredRecord | undefined;
  const stored = new Map<CollectionName, Map<string, StoredRecord>>();
  const shown = new Map<EntityName, Map<string, StoredRecord>>();
  /** The documents of a collection; unpacks them when they are asked for the first time. */
  function recordsOf(name: CollectionName): Map<string, StoredRecord> {
    const known = stored.get(name);
    if (known !== undefined) return known;
    const records = found.get(name)?.readAll() ?? new Map<string, StoredRecord>();
    if (found.has(name)) checkMarker(records.get(MARKER_ID)?.['mark']);
    if (name === POSITION_COLLECTION) positionDocument = records.get(POSITION_ID);
    records.delete(MARKER_ID);
    records.delete(POSITION_ID);
    for (const document of records.values()) {
      const record = shownOf((document.pending.length === 0 ? document : fold(document)) ?? undefined);
      if (record === undefined) continue;
      const ofKind = shown.get(record.kind);
      if (ofKind === undefined) shown.set(record.kind, new Map([[record.id, record]]));
      else ofKind.set(record.id, record);
    }
    stored.set(name, records);
    return records;
  }
  const mirror = createRecordMirror((entity) => {
    // Absent for what a newer release knows: such records are kept and not shown.
    const definition = (entities as Partial<typeof entities>)[entity];
    if (definition !== undefined) recordsOf(definition.collection);
    return shown.get(entity);
  });
  recordsOf(POSITION_COLLECTION);

  const arrived: { entity: EntityName; id: string; after: StoredRecord | undefined }[] = [];
  const subscriptions = collectionNames.map((name) =>
    collections[name].eventBulks$.subscribe((bulk) => {
      const records = recordsOf(name);
      for (const event of bulk.events) {
        const after = event.operation === 'DELETE' ? undefined : (event.documentData as StoredRecord);
        if (event.documentId === POSITION_ID) {
          positionDocument = after;
          continue;
        }
        const entity = (after ?? records.get(event.documentId))?.kind;
        if (after === undefined) records.delete(event.documentId);
        else records.set(event.documentId, after);
        if (entity !== undefined) arrived.push({ entity, id: event.documentId, after: shownOf(after) });
      }
    }),
  );

  async function writeCollection(name: CollectionName, writes: CollectionWrites): Promise<void> {
    const records = recordsOf(name);
    const instance = collections[name].storageInstance;
    const known = writes.purge.flatMap((id) => records.get(id) ?? []);
    const rows = writes.put.map((document) => toRow(document, records.get(document.id)));
    rows.push(...known.map((previous) => toRow(createBlank(previous.id), previous, true)));
    if (rows.length > 0) {
      const result = await instance.bulkWrite(rows, 'outpost');
      const [problem] = result.error;
      if (problem !== undefined) {
        throw new OutpostError('local_database_damaged', 'A write to the local database was refused', {
          status: problem.status,
        });
      }
    }
    // Tombstones written this millisecond count as old enough.
    if (known.length > 0) await instance.cleanup(-60_000);
  }

  async function write(batch: WriteBatch): Promise<void> {
    arrived.length = 0;
    const written = await Promise.allSettled([...batch].map(([name, writes]) => writeCollection(name, writes)));
    // Also when a part of it failed: screens show what is stored.
    mirror.change(arrived.splice(0));
    for (const outcome of written) if (outcome.status === 'rejected') throw outcome.reason;
  }

  function storedAs(entity: EntityName, id: string): StoredRecord | undefined {
    return shownOf(recordsOf(entities[entity].collection).get(id));
  }

  return {
    mirror,
    unpack(untilMs) {
      for (const [name, collection] of found) {
        if (stored.has(name)) continue;
        if (collection.unpack(untilMs)) recordsOf(name);
        if (performance.now() >= untilMs) break;
      }
      return [...found.keys()].every((name) => stored.has(name));
    },
    isUnpacked: (collection) => stored.has(collection),
    showThrough(next) {
      fold = next;
    },
    getStored: (collection, id) => recordsOf(collection).get(id),
    storedOf: recordsOf,
    readPosition() {
      const token = positionDocument?.['token'];
      const epoch = positionDocument?.['epoch'];
      return {
        token: typeof token === 'string' ? token : null,
        snapshot: snapshotStates.find((state) => state === positionDocument?.['snapshot']) ?? 'none',
        epoch: typeof epoch === 'number' ? epoch : null,
      };
    },
    async writePosition(position) {
      const document: StoredRecord = { ...createBlank(POSITION_ID), ...position };
      const result = await collections[POSITION_COLLECTION].storageInstance.bulkWrite(
        [toRow(document, positionDocument)],
        'outpost-position',
      );
      if (result.error.length > 0)
        throw new OutpostError('local_database_damaged', 'The sync position could not be written');
    },
    write,
    async showAndWrite(batch) {
      const shown = [...batch].flatMap(([name, { put, purge }]) => [
        ...put.map((after) => ({ entity: after.kind, id: after.id, after: shownOf(after) })),
        ...purge.flatMap((id) => {
          const entity = recordsOf(name).get(id)?.kind;
          return entity === undefined ? [] : [{ entity, id, after: undefined }];
        }),
      ]);
      mirror.change(shown);
      try {
        await write(batch);
      } catch (error) {
        // What could not be stored is not shown either: nobody would take it back.
        mirror.change(shown.map(({ entity, id }) => ({ entity, id, after: storedAs(entity, id) })));
        throw error;
      }
    },
    async forgetFormerValues(names) {
      for (const name of names) {
        const internals = collections[name].storageInstance.internals as { removeOutdated?: () => Promise<void> };
        await internals.removeOutdated?.();
      }
    },
    async close() {
      for (const subscription of subscriptions) subscription.unsubscribe();
      await database.close();
    },
    async remove() {
      for (const subscription of subscriptions) subscription.unsubscribe();
      await database.remove();
    },
  };
}
