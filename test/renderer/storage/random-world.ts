// A seeded world of writes and queries for one schema: runs against the storage engine, RxDB's memory storage and the
// definition (test every document, sort them all) at once.
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import type { MangoQuery } from 'rxdb';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import type { SeededRandom } from '#shared/kernel/seeded-random.ts';
import {
  allRows,
  answerByDefinition,
  assertSame,
  newDatabaseName,
  openSegments,
  openThings,
  prepare,
  toRow,
} from '#test/renderer/storage/storage-fixture.ts';
import type { SegmentThings, Thing, ThingInstance, ThingRow } from '#test/renderer/storage/storage-fixture.ts';

const owners = ['ada', 'bob', 'bo', 'cy', 'Ümit', 'zoë', ''];

export function randomThing(random: SeededRandom, id: string, isTyped: boolean): Thing {
  const thing: Thing = {
    id,
    owner: random.pick(owners),
    amount: random.integer(0, 40) * 0.25,
    isOpen: random.chance(0.5),
    changedAt: new Date(1_700_000_000_000 + random.integer(0, 60) * 86_400_000).toISOString(),
  };
  if (random.chance(0.3)) thing.note = `note ${random.integer(0, 5)} \u{1F680}`;
  if (isTyped) return thing;
  // What schemas without validation let in: values that are missing or null in indexed fields.
  const loose = thing as unknown as Record<string, unknown>;
  if (random.chance(0.2)) loose['amount'] = null;
  if (random.chance(0.2)) delete loose['owner'];
  if (random.chance(0.1)) loose['isOpen'] = null;
  return thing;
}

function randomSelector(random: SeededRandom): Record<string, unknown> {
  const selector: Record<string, unknown> = {};
  if (random.chance(0.4))
    selector['owner'] = random.chance(0.6) ? random.pick(owners) : { $gte: random.pick(owners), $lt: 'c' };
  if (random.chance(0.4)) {
    // Within the schema's minimum: below it RxDB's memory storage finds documents the matcher rejects.
    const bound = random.integer(0, 42) * 0.25;
    selector['amount'] = random.pick([
      { $gt: bound },
      { $gte: bound, $lt: bound + 3 },
      { $lte: bound },
      { $lt: bound },
      { $eq: bound },
      { $in: [bound, 1, 2.5] },
      { $ne: bound },
    ]);
  }
  if (random.chance(0.3)) selector['isOpen'] = random.chance(0.5);
  if (random.chance(0.2))
    selector['changedAt'] = { $gt: new Date(1_700_000_000_000 + random.integer(0, 60) * 86_400_000).toISOString() };
  if (random.chance(0.15)) selector['$or'] = [{ owner: 'ada' }, { amount: { $gt: 5 } }];
  if (random.chance(0.1)) selector['note'] = { $exists: random.chance(0.5) };
  return selector;
}

function randomQuery(random: SeededRandom): MangoQuery<Thing> {
  // Everything, as whoever opens the database asks for it.
  if (random.chance(0.1)) return { selector: {}, sort: [{ id: 'asc' }] };
  const query: Record<string, unknown> = { selector: randomSelector(random) };
  const way = (): string => (random.chance(0.5) ? 'asc' : 'desc');
  if (random.chance(0.7)) {
    const one = way();
    query['sort'] = random.pick([
      [{ changedAt: one }],
      [{ amount: one }],
      [{ owner: one }, { changedAt: one }],
      [{ owner: way() }, { changedAt: way() }],
      [{ isOpen: one }, { amount: one }],
      [{ amount: one }, { id: way() }],
      [{ id: one }],
      [{ note: one }],
    ]);
  }
  if (random.chance(0.4)) query['skip'] = random.integer(0, 12);
  if (random.chance(0.5)) query['limit'] = random.integer(1, 15);
  return query;
}

export interface World {
  readonly random: SeededRandom;
  readonly isTyped: boolean;
  readonly known: Map<string, ThingRow>;
}

/** One bulk of writes, some of them on outdated revisions; `known` follows what must have succeeded. */
export async function writeRandomly(world: World, stores: readonly ThingInstance[]): Promise<void> {
  const { random, known } = world;
  const ids = new Set(Array.from({ length: random.integer(1, 12) }, () => `id${random.integer(0, 150)}`));
  const rows = [...ids].map((id) => {
    const current = known.get(id);
    const thing = randomThing(random, id, world.isTyped);
    const isStale = random.chance(0.15);
    if (!current || (isStale && random.chance(0.5))) return toRow(thing);
    return toRow(thing, isStale ? { ...current, _rev: '1-stale' } : current, random.chance(0.2));
  });
  const responses = await Promise.all(stores.map((store) => store.bulkWrite(rows, 'case')));
  const failed = responses.map((response) =>
    response.error.map((error) => ({ id: error.documentId, status: error.status })),
  );
  const first = failed[0] ?? [];
  for (const other of failed) assertSame(other, first, 'write errors');
  const failedIds = new Set(first.map(({ id }) => id));
  for (const { document } of rows) if (!failedIds.has(document.id)) known.set(document.id, document);
}

async function compareQuery(world: World, segments: ThingInstance, memory: ThingInstance | null): Promise<void> {
  const query = randomQuery(world.random);
  const prepared = prepare(query);
  const found = (await segments.query(prepared)).documents;
  assertSame(found, answerByDefinition([...world.known.values()], query), `query ${JSON.stringify(query)}`);
  if (memory)
    assertSame(found, (await memory.query(prepared)).documents, `memory storage, query ${JSON.stringify(query)}`);
  assertSame((await segments.count(prepared)).count, found.length, `count ${JSON.stringify(query)}`);
}

export async function runWorld(seed: number, steps: number, isTyped: boolean): Promise<void> {
  const name = newDatabaseName();
  const world: World = { random: createSeededRandom(seed), isTyped, known: new Map() };
  const memory = isTyped ? ((await openThings(getRxStorageMemory(), name)) as ThingInstance) : null;
  let segments: SegmentThings = await openSegments(name);
  const countsByStore: number[] = [0, 0];
  memory?.changeStream().subscribe((bulk) => (countsByStore[0] = (countsByStore[0] ?? 0) + bulk.events.length));
  const count = (store: ThingInstance): void =>
    void store.changeStream().subscribe((bulk) => (countsByStore[1] = (countsByStore[1] ?? 0) + bulk.events.length));
  count(segments);
  for (let step = 0; step < steps; step += 1) {
    await writeRandomly(world, memory ? [segments, memory] : [segments]);
    await compareQuery(world, segments, memory);
    await compareQuery(world, segments, memory);
    if (world.random.chance(0.02)) await segments.internals.mergeNow();
    if (world.random.chance(0.01)) {
      await segments.close();
      segments = await openSegments(name);
      count(segments);
    }
    if (world.random.chance(0.01)) {
      await segments.cleanup(0);
      await memory?.cleanup(0);
      for (const [id, row] of world.known) if (row._deleted) world.known.delete(id);
    }
  }
  if (memory) assertSame(countsByStore[1], countsByStore[0], 'number of events');
  assertSame(
    await allRows(segments),
    [...world.known.values()].sort((left, right) => (left.id < right.id ? -1 : 1)),
    'all rows',
  );
  await segments.remove();
}

export async function fill(instance: ThingInstance, count: number, prefix = 'id'): Promise<ThingRow[]> {
  const random = createSeededRandom(count);
  const rows = Array.from({ length: count }, (_, position) =>
    toRow(randomThing(random, `${prefix}${String(position).padStart(6, '0')}`, true)),
  );
  const { error } = await instance.bulkWrite(rows, 'fill');
  assertSame(error, [], 'errors while filling');
  return rows.map(({ document }) => document as ThingRow);
}
