// The local database of a device as a model. What is on its disk is the sequence of its writes: whoever dies may lose the
// last of them, never one in the middle. Everything can be lost at once, too. After opening nothing is unpacked until it is
// asked for, as in the product.
import { createRecordMirror, type RecordMirror } from '#renderer/data/record-mirror.ts';
import type { LocalDatabase, SyncPosition, WriteBatch } from '#renderer/data/database.ts';
import { shownOf, type StoredRecord } from '#renderer/data/local-record.ts';
import { collectionNames, type CollectionName, type EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

type Changed = Parameters<RecordMirror['change']>[0][number];

interface Undo {
  readonly coll: CollectionName;
  readonly id: string;
  readonly before: StoredRecord | undefined;
}

/** One write: what it replaced. */
interface Write {
  readonly undo: readonly Undo[];
  readonly position: SyncPosition | null;
}

export interface DatabaseFile {
  readonly stored: ReadonlyMap<CollectionName, Map<string, StoredRecord>>;
  position: SyncPosition;
  /** Writes that the disk may not have taken yet, oldest first. */
  recent: Write[];
}

/** Writes beyond these are on the disk for sure. */
const MOST_RECENT = 24;

export function createDatabaseFile(): DatabaseFile {
  return {
    stored: new Map(collectionNames.map((name) => [name, new Map()])),
    position: { token: null, snapshot: 'none', epoch: null },
    recent: [],
  };
}

/** The newest writes never reached the disk. */
export function loseNewest(file: DatabaseFile, count: number): void {
  for (let lost = 0; lost < count; lost += 1) {
    const write = file.recent.pop();
    if (write === undefined) return;
    for (const { coll, id, before } of write.undo) {
      if (before === undefined) file.stored.get(coll)?.delete(id);
      else file.stored.get(coll)?.set(id, before);
    }
    if (write.position !== null) file.position = write.position;
  }
}

function remember(file: DatabaseFile, write: Write): void {
  file.recent.push(write);
  if (file.recent.length > MOST_RECENT) file.recent.shift();
}

/** `before` is asked before every write; it may take its time, or never come back. */
export function openDatabaseFile(file: DatabaseFile, before: () => Promise<void> | null): LocalDatabase {
  let fold = (record: StoredRecord): StoredRecord | null => record;
  const shown = new Map<CollectionName, readonly StoredRecord[]>();
  function recordsOf(coll: CollectionName): Map<string, StoredRecord> {
    const records = file.stored.get(coll) ?? new Map<string, StoredRecord>();
    if (!shown.has(coll)) {
      const folded = [...records.values()].map((record) => (record.pending.length === 0 ? record : fold(record)));
      shown.set(
        coll,
        folded.flatMap((record) => shownOf(record ?? undefined) ?? []),
      );
    }
    return records;
  }
  const mirror = createRecordMirror((entity) => {
    const { collection } = entities[entity];
    recordsOf(collection);
    const ofKind = (shown.get(collection) ?? []).filter(({ kind }) => kind === entity);
    return new Map(ofKind.map((record) => [record.id, record]));
  });

  async function write(batch: WriteBatch): Promise<void> {
    const changed: Changed[] = [];
    try {
      await writeInto(batch, changed);
    } finally {
      // Also when a part of it failed, as the product does.
      mirror.change(changed);
    }
  }

  async function writeInto(batch: WriteBatch, changed: Changed[]): Promise<void> {
    for (const [coll, { put, purge }] of batch) {
      // Collections are written one by one: whoever dies in between leaves a half.
      await before();
      const records = recordsOf(coll);
      const undo: Undo[] = [];
      for (const after of put) {
        undo.push({ coll, id: after.id, before: records.get(after.id) });
        records.set(after.id, after);
        changed.push({ entity: after.kind, id: after.id, after: shownOf(after) });
      }
      for (const id of purge) {
        const known = records.get(id);
        if (known === undefined) continue;
        undo.push({ coll, id, before: known });
        records.delete(id);
        changed.push({ entity: known.kind, id, after: undefined });
      }
      remember(file, { undo, position: null });
    }
  }

  return {
    mirror,
    unpack() {
      for (const name of collectionNames) recordsOf(name);
      return true;
    },
    isUnpacked: (coll) => shown.has(coll),
    showThrough(next) {
      fold = next;
    },
    getStored: (coll, id) => recordsOf(coll).get(id),
    storedOf: recordsOf,
    readPosition: () => file.position,
    async writePosition(position) {
      await before();
      remember(file, { undo: [], position: file.position });
      file.position = position;
    },
    write,
    async showAndWrite(batch) {
      const shown = [...batch].flatMap(([coll, { put, purge }]) => [
        ...put.map((after) => ({ entity: after.kind, id: after.id, after: shownOf(after) })),
        ...purge.flatMap((id) => {
          const entity = file.stored.get(coll)?.get(id)?.kind;
          return entity === undefined ? [] : [{ entity, id, after: undefined }];
        }),
      ]);
      mirror.change(shown);
      try {
        await write(batch);
      } catch (error) {
        const now = (entity: EntityName, id: string) => shownOf(file.stored.get(entities[entity].collection)?.get(id));
        mirror.change(shown.map(({ entity, id }) => ({ entity, id, after: now(entity, id) })));
        throw error;
      }
    },
    forgetFormerValues: () => Promise.resolve(),
    close: () => Promise.resolve(),
    async remove() {
      for (const records of file.stored.values()) records.clear();
      file.position = { token: null, snapshot: 'none', epoch: null };
      file.recent = [];
    },
  };
}
