// Cases of the local storage engine, run in a real Chromium page against real IndexedDB.
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import type { MangoQuery } from 'rxdb';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import type { SeededRandom } from '#shared/kernel/seeded-random.ts';
import {
  allRows,
  answerByDefinition,
  assertSame,
  assertTrue,
  countRecords,
  newDatabaseName,
  openSegments,
  openThings,
  prepare,
  rawText,
  toRow,
  withRawDatabase,
} from '#test/renderer/storage/storage-fixture.ts';
import type { SegmentThings, Thing, ThingInstance, ThingRow } from '#test/renderer/storage/storage-fixture.ts';

const owners = ['ada', 'bob', 'bo', 'cy', 'Ümit', 'zoë', ''];

function randomThing(random: SeededRandom, id: string, isTyped: boolean): Thing {
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

interface World {
  readonly random: SeededRandom;
  readonly isTyped: boolean;
  readonly known: Map<string, ThingRow>;
}

/** One bulk of writes, some of them on outdated revisions; `known` follows what must have succeeded. */
async function writeRandomly(world: World, stores: readonly ThingInstance[]): Promise<void> {
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

async function runWorld(seed: number, steps: number, isTyped: boolean): Promise<void> {
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
      await new Promise((resolve) => setTimeout(resolve, 3));
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

async function fill(instance: ThingInstance, count: number, prefix = 'id'): Promise<ThingRow[]> {
  const random = createSeededRandom(count);
  const rows = Array.from({ length: count }, (_, position) =>
    toRow(randomThing(random, `${prefix}${String(position).padStart(6, '0')}`, true)),
  );
  const { error } = await instance.bulkWrite(rows, 'fill');
  assertSame(error, [], 'errors while filling');
  return rows.map(({ document }) => document as ThingRow);
}

async function expectDamage(name: string): Promise<void> {
  try {
    const instance = await openSegments(name);
    await instance.close();
  } catch (error) {
    assertSame((error as { code?: string }).code, 'local_database_damaged', 'error code');
    return;
  }
  throw new Error('the damaged database opened');
}

export const cases: Record<string, () => Promise<unknown>> = {
  'STORAGE-1 answers thousands of random writes and queries exactly as the memory storage of RxDB and as the definition':
    async () => {
      for (let seed = 1; seed <= 4; seed += 1) await runWorld(seed, 300, true);
    },

  'STORAGE-2 orders and compares missing and null values as the matcher and the sort comparator define it':
    async () => {
      for (let seed = 11; seed <= 13; seed += 1) await runWorld(seed, 200, false);
    },

  'STORAGE-3 holds the same documents after closing and opening again': async () => {
    const name = newDatabaseName();
    const first = await openSegments(name);
    const rows = await fill(first, 500);
    await first.close();
    const second = await openSegments(name);
    assertSame(await allRows(second), rows, 'documents after opening again');
    await second.remove();
  },

  'STORAGE-4 never lets two concurrent writes succeed on one revision, and resolves only what is on disk': async () => {
    const name = newDatabaseName();
    const instance = await openSegments(name);
    const [row] = await fill(instance, 1);
    if (!row) throw new Error('no row');
    const responses = await Promise.all(
      ['ada', 'bob', 'cy'].map((owner) => instance.bulkWrite([toRow({ ...row, owner }, row)], 'race')),
    );
    assertSame(
      responses.map(({ error }) => error.length),
      [0, 1, 1],
      'conflicts',
    );
    assertTrue((await rawText(name)).includes('ada'), 'the resolved write is not on disk');
    await instance.remove();
  },

  'STORAGE-5 is a prefix of what was written when any number of last transactions is lost': async () => {
    const name = newDatabaseName();
    const instance = await openSegments(name);
    const states: { readonly segments: unknown[]; readonly meta: unknown[]; readonly rows: ThingRow[] }[] = [];
    const world: World = { random: createSeededRandom(5), isTyped: true, known: new Map() };
    for (let step = 0; step < 120; step += 1) {
      await writeRandomly(world, [instance]);
      if (step % 25 === 24) await instance.internals.mergeNow();
      const rows = [...world.known.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
      const raw = await withRawDatabase(name, async (dexie) => ({
        segments: await dexie.table('segments').toArray(),
        meta: await dexie.table('meta').toArray(),
      }));
      states.push({ ...raw, rows });
    }
    await instance.close();
    for (const state of states.toReversed()) {
      await withRawDatabase(name, async (dexie) => {
        await dexie.transaction('rw', dexie.table('segments'), dexie.table('meta'), async () => {
          await dexie.table('segments').clear();
          await dexie.table('segments').bulkPut(state.segments);
          await dexie.table('meta').bulkPut(state.meta);
        });
      });
      const reopened = await openSegments(name);
      assertSame(await allRows(reopened), state.rows, 'rows of a prefix');
      await reopened.close();
    }
  },

  'STORAGE-6 refuses to open when a segment is missing, added, unreadable, or when the meta record is gone':
    async () => {
      const damages: ((
        raw: { delete(key: unknown): unknown; put(value: unknown): unknown },
        record: object,
        meta: { delete(key: unknown): unknown },
      ) => unknown)[] = [
        (segments, record) => segments.delete(['things|0', (record as { number: number }).number]),
        (segments, record) => segments.put({ ...record, number: 999 }),
        (segments, record) => segments.put({ ...record, data: new Uint8Array([91, 49, 44, 91]) }),
        (_segments, _record, meta) => meta.delete('things|0'),
      ];
      for (const damage of damages) {
        const name = newDatabaseName();
        const instance = await openSegments(name);
        await fill(instance, 100);
        await instance.close();
        await withRawDatabase(name, async (dexie) => {
          const records = (await dexie.table('segments').toArray()) as object[];
          await (damage(
            dexie.table('segments') as never,
            records[2] ?? {},
            dexie.table('meta') as never,
          ) as Promise<unknown>);
        });
        await expectDamage(name);
      }
    },

  'STORAGE-7 merges many small records into few without changing a document, on its own and across a restart':
    async () => {
      const name = newDatabaseName();
      const instance = await openSegments(name, 200);
      const known = new Map<string, ThingRow>();
      for (let step = 0; step < 400; step += 1) {
        const id = `id${step % 150}`;
        const previous = known.get(id);
        const row = toRow({ id, owner: 'ada', amount: step, isOpen: true, changedAt: '2026-01-01' }, previous);
        await instance.bulkWrite([row], 'single');
        known.set(id, row.document);
      }
      await new Promise((resolve) => setTimeout(resolve, 700));
      const records = await countRecords(name);
      assertTrue(records < 34, `${records} records for 150 documents`);
      const expected = [...known.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
      assertSame(await allRows(instance), expected, 'after merging');
      await instance.close();
      const reopened = await openSegments(name, 200);
      assertSame(await allRows(reopened), expected, 'after opening again');
      await reopened.remove();
      return { records };
    },

  'STORAGE-8 leaves no byte of a deleted document, not even of its older versions, after cleanup': async () => {
    const name = newDatabaseName();
    const instance = await openSegments(name);
    const rows = await fill(instance, 200);
    const victim = rows[77];
    if (!victim) throw new Error('no row');
    const secret = toRow({ ...victim, note: 'CANARY-one' }, victim).document as ThingRow;
    await instance.bulkWrite([toRow(secret, victim)], 'secret');
    const written = (await instance.findDocumentsById([victim.id], true))[0];
    const changed = toRow({ ...secret, note: 'CANARY-two' }, written).document as ThingRow;
    await instance.bulkWrite([{ previous: written as ThingRow, document: changed }], 'secret');
    assertTrue((await rawText(name)).includes('CANARY-one'), 'the canary was never stored');
    await instance.bulkWrite([toRow(changed, changed, true)], 'delete');
    await new Promise((resolve) => setTimeout(resolve, 5));
    assertTrue(await instance.cleanup(0), 'cleanup has more to do');
    const text = await rawText(name);
    assertTrue(!text.includes('CANARY'), 'the canary is still on disk');
    assertTrue(!text.includes(victim.id), 'the id is still on disk');
    const rest = rows.filter(({ id }) => id !== victim.id);
    assertSame(await allRows(instance), rest, 'the other documents');
    await instance.close();
    const reopened = await openSegments(name);
    assertSame(await allRows(reopened), rest, 'the other documents after opening again');
    await reopened.remove();
  },

  'STORAGE-9 keeps every record under 64 KB, whatever the size of documents': async () => {
    const name = newDatabaseName();
    const instance = await openSegments(name, 200);
    const rows = Array.from({ length: 400 }, (_, position) =>
      toRow({
        id: `id${position}`,
        owner: 'ada',
        amount: 1,
        isOpen: true,
        changedAt: '2026',
        note: `${position} `.repeat((position * 37) % 4000),
      }),
    );
    await instance.bulkWrite(rows, 'large');
    const sizes = await withRawDatabase(name, async (dexie) =>
      ((await dexie.table('segments').toArray()) as { data: Uint8Array }[]).map(({ data }) => data.byteLength),
    );
    assertTrue(Math.max(...sizes) < 64 * 1024, `largest record ${Math.max(...sizes)} bytes`);
    await instance.remove();
  },

  'STORAGE-10 reads the newest first without looking at the rest, also when thousands tie': async () => {
    const name = newDatabaseName();
    const instance = await openSegments(name, 200);
    const rows = Array.from({ length: 20_000 }, (_, position) =>
      toRow({
        id: `id${String(position).padStart(5, '0')}`,
        owner: 'ada',
        amount: position % 3,
        isOpen: true,
        changedAt: new Date(position * 1000).toISOString(),
      }),
    );
    await instance.bulkWrite(rows, 'fill');
    const newest = prepare({ selector: {}, sort: [{ changedAt: 'desc' }], limit: 50 });
    const ties = prepare({ selector: {}, sort: [{ amount: 'desc' }], limit: 3 });
    await instance.query(newest);
    assertSame(
      (await instance.query(ties)).documents.map(({ id }) => id),
      ['id00002', 'id00005', 'id00008'],
      'ties',
    );
    const started = performance.now();
    for (let turn = 0; turn < 100; turn += 1) await instance.query(newest);
    const eachMs = (performance.now() - started) / 100;
    assertSame((await instance.query(newest)).documents[0]?.id, 'id19999', 'newest');
    assertTrue(eachMs < 2, `${eachMs} ms for the newest 50 of 20,000`);
    await instance.remove();
    return { eachMs };
  },

  'STORAGE-11 refuses attachments instead of losing them': async () => {
    const instance = await openSegments(newDatabaseName());
    const answer = await instance.getAttachmentData('a', 'b', 'c').then(
      () => 'data',
      (error: unknown) => (error as Error).message,
    );
    assertSame(answer, 'This storage holds no attachments.', 'answer');
    await instance.remove();
  },
};
