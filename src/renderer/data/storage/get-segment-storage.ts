// The storage of the local database: RxDB keeps its documents and sorted indexes in memory and finds them packed in segments
// of IndexedDB when it opens again. One owner only: a second window with the same database would not see the first one's writes.
import { Dexie } from 'dexie';
import {
  addRxStorageMultiInstanceSupport,
  ensureRxStorageInstanceParamsAreCorrect,
  getPrimaryFieldOfPrimaryKey,
  RXDB_VERSION,
} from 'rxdb';
import type { RxStorage, RxStorageInstance, RxStorageInstanceCreationParams } from 'rxdb';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { StoredDocument } from '#renderer/data/storage/segment-codec.ts';
import { SegmentCollection } from '#renderer/data/storage/segment-collection.ts';
import { createSeal } from '#renderer/data/storage/segment-seal.ts';
import { SegmentStorageInstance } from '#renderer/data/storage/segment-storage-instance.ts';
import type {
  SegmentStorageInstanceOptions,
  SegmentStorageInternals,
} from '#renderer/data/storage/segment-storage-instance.ts';
import type { Durability } from '#renderer/data/storage/segment-store.ts';

export interface SegmentStorageOptions {
  /** Prefix of the IndexedDB databases. */
  readonly name?: string;
  /** Rows of a full segment. */
  readonly segmentRows?: number;
  /** What IndexedDB waits for before a commit counts. `default` is the browser's choice. */
  readonly durability?: Durability;
  /** AES-GCM key that seals everything stored; without it documents are stored readable. Another key later means `local_database_damaged`. */
  readonly key?: CryptoKey;
}

export interface SegmentStorage extends RxStorage<SegmentStorageInternals, SegmentStorageInstanceOptions> {
  /**
   * Begins to read these collections while RxDB still keeps its books; whoever creates their instances finds them there.
   * Answers what closes those that nobody took.
   */
  openAhead(databaseName: string, collections: readonly Ahead[]): () => Promise<void>;
}

/** A collection by its name, version of its schema and primary field. */
export interface Ahead {
  readonly name: string;
  readonly version: number;
  readonly primaryPath: string;
}

const DEFAULT_NAME = 'segments';

/** Name of the IndexedDB database that holds an RxDB database. */
export function segmentDatabaseName(databaseName: string, name = DEFAULT_NAME): string {
  return `${name}/${databaseName}`;
}

/** Drops a whole local database, also a damaged one. All its collections must be closed. */
export async function dropSegmentDatabase(databaseName: string, name = DEFAULT_NAME): Promise<void> {
  await Dexie.delete(segmentDatabaseName(databaseName, name));
}

export function getSegmentStorage(options: SegmentStorageOptions = {}): SegmentStorage {
  const { name = DEFAULT_NAME, segmentRows = 200, durability = 'default', key = null } = options;
  const seal = createSeal(key);
  const ahead = new Map<string, Promise<SegmentCollection>>();
  const placeOf = (databaseName: string, collection: string): string => `${databaseName}/${collection}`;
  const open = (databaseName: string, collection: string, primaryPath: string): Promise<SegmentCollection> =>
    SegmentCollection.open({
      databaseName: segmentDatabaseName(databaseName, name),
      collection,
      primaryPath,
      segmentRows,
      durability,
      seal,
    });
  function take(databaseName: string, collection: string, primaryPath: string): Promise<SegmentCollection> {
    const place = placeOf(databaseName, collection);
    const opening = ahead.get(place);
    ahead.delete(place);
    return opening ?? open(databaseName, collection, primaryPath);
  }
  return {
    name,
    rxdbVersion: RXDB_VERSION,
    openAhead(databaseName, collections) {
      const places = collections.map(({ name: collection, version, primaryPath }) => {
        const full = `${collection}|${version}`;
        const opening = open(databaseName, full, primaryPath);
        // Whoever takes it hears of a failure; nobody else needs to.
        opening.catch(() => undefined);
        ahead.set(placeOf(databaseName, full), opening);
        return placeOf(databaseName, full);
      });
      return async () => {
        const left = places.flatMap((place) => ahead.get(place) ?? []);
        for (const place of places) ahead.delete(place);
        for (const outcome of await Promise.allSettled(left)) if (outcome.status === 'fulfilled') outcome.value.close();
      };
    },
    /** @throws OutpostError `local_database_damaged` when stored segments are missing or unreadable. */
    async createStorageInstance<RxDocType>(
      params: RxStorageInstanceCreationParams<RxDocType, SegmentStorageInstanceOptions>,
    ) {
      ensureRxStorageInstanceParamsAreCorrect(params);
      if (params.schema.attachments)
        throw new OutpostError('internal', 'This storage holds no attachments.', { collection: params.collectionName });
      const collection = await take(
        params.databaseName,
        `${params.collectionName}|${params.schema.version}`,
        getPrimaryFieldOfPrimaryKey(params.schema.primaryKey),
      );
      const own = params as unknown as RxStorageInstanceCreationParams<StoredDocument, SegmentStorageInstanceOptions>;
      const instance = new SegmentStorageInstance(own, collection);
      addRxStorageMultiInstanceSupport(name, own, instance);
      return instance as unknown as RxStorageInstance<
        RxDocType,
        SegmentStorageInternals,
        SegmentStorageInstanceOptions
      >;
    },
  };
}
