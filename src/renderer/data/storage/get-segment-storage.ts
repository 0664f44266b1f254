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

export type SegmentStorage = RxStorage<SegmentStorageInternals, SegmentStorageInstanceOptions>;

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
  return {
    name,
    rxdbVersion: RXDB_VERSION,
    /** @throws OutpostError `local_database_damaged` when stored segments are missing or unreadable. */
    async createStorageInstance<RxDocType>(
      params: RxStorageInstanceCreationParams<RxDocType, SegmentStorageInstanceOptions>,
    ) {
      ensureRxStorageInstanceParamsAreCorrect(params);
      if (params.schema.attachments)
        throw new OutpostError('internal', 'This storage holds no attachments.', { collection: params.collectionName });
      const collection = await SegmentCollection.open({
        databaseName: segmentDatabaseName(params.databaseName, name),
        collection: `${params.collectionName}|${params.schema.version}`,
        primaryPath: getPrimaryFieldOfPrimaryKey(params.schema.primaryKey),
        segmentRows,
        durability,
        seal,
      });
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
