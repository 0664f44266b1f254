// What the storage cases share: a schema with the shapes indexes must cope with, stores opened without RxDB's database
// around them, and prepared queries made the way RxDB makes them.
import { Dexie } from 'dexie';
import {
  createRevision,
  fillWithDefaultSettings,
  getQueryMatcher,
  getSortComparator,
  normalizeMangoQuery,
  now,
  prepareQuery,
} from 'rxdb';
import type { BulkWriteRow, MangoQuery, RxDocumentData, RxJsonSchema, RxStorage, RxStorageInstance } from 'rxdb';
import { getSegmentStorage, segmentDatabaseName } from '#renderer/data/storage/get-segment-storage.ts';
import type { SegmentStorageInternals } from '#renderer/data/storage/segment-storage-instance.ts';

export interface Thing {
  id: string;
  owner: string;
  amount: number;
  isOpen: boolean;
  changedAt: string;
  note?: string;
  closedOn?: string | null;
}
export type ThingRow = RxDocumentData<Thing>;
export type ThingInstance = RxStorageInstance<Thing, unknown, unknown>;
export type SegmentThings = RxStorageInstance<Thing, SegmentStorageInternals, unknown>;

export const plainSchema: RxJsonSchema<Thing> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    owner: { type: 'string', maxLength: 20 },
    amount: { type: 'number', minimum: 0, maximum: 1_000_000, multipleOf: 0.01 },
    isOpen: { type: 'boolean' },
    changedAt: { type: 'string', maxLength: 24 },
    note: { type: 'string' },
    closedOn: { type: ['string', 'null'], maxLength: 10 },
  },
  required: ['id', 'owner', 'amount', 'isOpen', 'changedAt'],
  indexes: ['owner', 'amount', 'changedAt', ['isOpen', 'amount'], ['owner', 'changedAt']],
};

export const thingSchema: RxJsonSchema<ThingRow> = fillWithDefaultSettings(plainSchema);

let databases = 0;

/** A database name no other case of this page uses. */
export function newDatabaseName(): string {
  databases += 1;
  return `case${databases}-${Date.now()}`;
}

export function openThings<Internals, Options>(
  storage: RxStorage<Internals, Options>,
  databaseName: string,
): Promise<RxStorageInstance<Thing, Internals, Options>> {
  return storage.createStorageInstance<Thing>({
    databaseInstanceToken: databaseName,
    databaseName,
    collectionName: 'things',
    schema: thingSchema,
    options: {} as Options,
    multiInstance: false,
    devMode: false,
  });
}

export function openSegments(databaseName: string, segmentRows = 20): Promise<SegmentThings> {
  return openThings(getSegmentStorage({ segmentRows }), databaseName);
}

/** Works on the stored records below the storage. */
export async function withRawDatabase<Value>(
  databaseName: string,
  work: (dexie: Dexie) => Promise<Value>,
): Promise<Value> {
  const dexie = await new Dexie(segmentDatabaseName(databaseName)).open();
  try {
    return await work(dexie);
  } finally {
    dexie.close();
  }
}

export async function rawText(databaseName: string): Promise<string> {
  return withRawDatabase(databaseName, async (dexie) => {
    const records = (await dexie.table('segments').toArray()) as { data: Uint8Array }[];
    return records.map(({ data }) => new TextDecoder().decode(data)).join('\n');
  });
}

export function countRecords(databaseName: string): Promise<number> {
  return withRawDatabase(databaseName, (dexie) => Promise.resolve(dexie.table('segments').count()));
}

/** The next state of a document as RxDB would hand it to a storage. */
export function toRow(thing: Thing, previous?: ThingRow, isDeleted = false): BulkWriteRow<Thing> {
  const document: ThingRow = {
    ...thing,
    _deleted: isDeleted,
    _attachments: {},
    _meta: { lwt: now() },
    _rev: createRevision('token', previous),
  };
  return previous ? { previous, document } : { document };
}

export function prepare(query: MangoQuery<Thing>): ReturnType<typeof prepareQuery<Thing>> {
  // RxDB asks for documents that are not deleted in every query of an application.
  const selector = { _deleted: { $eq: false }, ...query.selector } as MangoQuery<ThingRow>['selector'];
  const normalized = normalizeMangoQuery<ThingRow>(thingSchema, { ...query, selector } as MangoQuery<ThingRow>);
  return prepareQuery(thingSchema, normalized as Parameters<typeof prepareQuery<Thing>>[1]);
}

/** The answer by definition: test every document, sort them all. */
export function answerByDefinition(rows: readonly ThingRow[], query: MangoQuery<Thing>): ThingRow[] {
  const prepared = prepare(query);
  const isMatch = getQueryMatcher<ThingRow>(thingSchema, prepared.query);
  const compare = getSortComparator<Thing>(thingSchema, prepared.query) as (left: ThingRow, right: ThingRow) => number;
  const matching = rows.filter((row) => isMatch(row)).sort(compare);
  const skip = prepared.query.skip;
  return matching.slice(skip, skip + (prepared.query.limit ?? matching.length));
}

export async function allRows(instance: ThingInstance): Promise<ThingRow[]> {
  const { documents } = await instance.query(prepare({ selector: { _deleted: { $in: [true, false] } } as never }));
  return documents.toSorted((left, right) => (left.id < right.id ? -1 : 1));
}

export function assertSame(actual: unknown, expected: unknown, what: string): void {
  const left = JSON.stringify(actual, sortKeys);
  const right = JSON.stringify(expected, sortKeys);
  if (left !== right) throw new Error(`${what}\nactual:   ${left?.slice(0, 1500)}\nexpected: ${right?.slice(0, 1500)}`);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

export function assertTrue(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** The given opening must fail as damage. */
export async function expectDamage(open: () => Promise<{ close(): Promise<void> }>): Promise<void> {
  try {
    const instance = await open();
    await instance.close();
  } catch (error) {
    assertSame((error as { code?: string }).code, 'local_database_damaged', 'error code');
    return;
  }
  throw new Error('the damaged database opened');
}
