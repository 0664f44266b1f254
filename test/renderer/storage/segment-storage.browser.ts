// Cases of the local storage engine, run in a real Chromium page against real IndexedDB.
import { createRxDatabase } from 'rxdb';
import type { RxCollection, RxDatabase } from 'rxdb';
import {
  dropSegmentDatabase,
  getSegmentStorage,
  segmentDatabaseName,
} from '#renderer/data/storage/get-segment-storage.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { privacyCases } from '#test/renderer/storage/privacy-cases.ts';
import { fill, randomThing, runWorld, writeRandomly } from '#test/renderer/storage/random-world.ts';
import type { World } from '#test/renderer/storage/random-world.ts';
import {
  allRows,
  assertSame,
  assertTrue,
  countRecords,
  expectDamage,
  newDatabaseName,
  openSegments,
  openThings,
  plainSchema,
  prepare,
  rawText,
  toRow,
  withRawDatabase,
} from '#test/renderer/storage/storage-fixture.ts';
import type { Thing, ThingRow } from '#test/renderer/storage/storage-fixture.ts';

async function openDatabase(name: string): Promise<{
  readonly database: RxDatabase;
  readonly things: RxCollection<Thing>;
  readonly others: RxCollection<Thing>;
}> {
  const database = await createRxDatabase({ name, storage: getSegmentStorage(), multiInstance: false });
  const { things, others } = await database.addCollections({
    things: { schema: plainSchema },
    others: { schema: plainSchema },
  });
  if (!things || !others) throw new Error('no collections');
  return {
    database,
    things: things as unknown as RxCollection<Thing>,
    others: others as unknown as RxCollection<Thing>,
  };
}

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

/** Where the writer that is killed notes how many of its writes were acknowledged. */
const ACKNOWLEDGED = 'acknowledged';
const KILLED = 'killed';

export const cases: Record<string, () => Promise<unknown>> = {
  ...privacyCases,

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
      // One transaction: a merge may commit at any time.
      const raw = await withRawDatabase(name, (dexie) =>
        Promise.resolve(
          dexie.transaction('r', dexie.table('segments'), dexie.table('meta'), async () => ({
            segments: await dexie.table('segments').toArray(),
            meta: await dexie.table('meta').toArray(),
          })),
        ),
      );
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

  'STORAGE-6 refuses when a segment is missing, added, unreadable, or when the meta record is gone': async () => {
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
      await expectDamage(async () => {
        const opened = await openSegments(name);
        // What no key vouches for is looked into when it is unpacked.
        opened.internals.unpack(Number.POSITIVE_INFINITY);
        return opened;
      });
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

  'STORAGE-12 carries an RxDB database: live queries, several collections, restart, removal of one and of all':
    async () => {
      const name = newDatabaseName();
      const random = createSeededRandom(12);
      let { database, things, others } = await openDatabase(name);
      const newestFirst = { sort: [{ changedAt: 'desc' as const }], limit: 3 };
      const live: string[][] = [];
      things.find(newestFirst).$.subscribe((rows) => live.push(idsOf(rows)));
      await things.bulkInsert(
        Array.from({ length: 60 }, (_, position) => ({
          ...randomThing(random, `t${position}`, true),
          changedAt: `2026-01-${10 + position}`,
        })),
      );
      await others.insert(randomThing(random, 'o1', true));
      const first = await things.findOne('t5').exec();
      await first?.incrementalPatch({ changedAt: '2027-01-01' });
      await (await things.findOne('t59').exec())?.remove();
      await new Promise((resolve) => setTimeout(resolve, 50));
      assertSame(live.at(-1), ['t5', 't58', 't57'], 'live query');
      await database.close();
      ({ database, things, others } = await openDatabase(name));
      assertSame(idsOf(await things.find(newestFirst).exec()), ['t5', 't58', 't57'], 'after a restart');
      assertSame(await things.count({ selector: { isOpen: { $in: [true, false] } } }).exec(), 59, 'count');
      await others.remove();
      assertTrue((await things.find().exec()).length === 59, 'the other collection was touched');
      await database.remove();
      const left = (await indexedDB.databases()).filter((info) => info.name === segmentDatabaseName(name));
      assertSame(left, [], 'IndexedDB databases');
    },

  'STORAGE-13 shows nothing of a write whose transaction failed, and goes on': async () => {
    const name = newDatabaseName();
    const instance = await openSegments(name);
    const rows = await fill(instance, 30);
    const put = Reflect.get<IDBObjectStore, 'put'>(IDBObjectStore.prototype, 'put');
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('no space', 'QuotaExceededError');
    };
    const failing = instance.bulkWrite(
      [toRow({ id: 'x', owner: 'ada', amount: 1, isOpen: true, changedAt: '2026' })],
      'full',
    );
    const code = await failing.then(
      () => 'written',
      (error: unknown) => (error as { code?: string }).code,
    );
    IDBObjectStore.prototype.put = put;
    assertSame(code, 'disk_full', 'error code');
    assertSame(await allRows(instance), rows, 'after the failed write');
    const again = await instance.bulkWrite(
      [toRow({ id: 'x', owner: 'ada', amount: 1, isOpen: true, changedAt: '2026' })],
      'again',
    );
    assertSame(again.error, [], 'the next write');
    await instance.close();
    const reopened = await openSegments(name);
    assertSame((await allRows(reopened)).length, 31, 'rows after opening again');
    await reopened.remove();
  },

  'STORAGE-18 tells RxDB about damage with its code, and works again after the database was dropped': async () => {
    const name = newDatabaseName();
    const { database, things } = await openDatabase(name);
    await things.bulkInsert(
      Array.from({ length: 500 }, (_, position) => randomThing(createSeededRandom(position), `t${position}`, true)),
    );
    await database.close();
    await withRawDatabase(name, (dexie) =>
      Promise.resolve(dexie.table('segments').where(':id').between(['things|0', 0], ['things|0', 2]).delete()),
    );
    const damaged = await createRxDatabase({ name, storage: getSegmentStorage(), multiInstance: false });
    const code = await damaged.addCollections({ things: { schema: plainSchema } }).then(
      () => 'opened',
      (error: unknown) => (error as { code?: string }).code,
    );
    assertSame(code, 'local_database_damaged', 'error code');
    await damaged.close();
    await dropSegmentDatabase(name);
    const again = await openDatabase(name);
    assertSame((await again.things.find().exec()).length, 0, 'documents after dropping');
    await again.things.insert(randomThing(createSeededRandom(1), 't1', true));
    await again.database.remove();
  },
  'STORAGE-20 reads collections ahead once: they are what an instance is made of, damage included, and what nobody takes is closed':
    async () => {
      const name = newDatabaseName();
      const first = await openSegments(name);
      const rows = await fill(first, 120);
      await first.close();
      const storage = getSegmentStorage({ segmentRows: 20 });
      const wanted = ['things', 'others'].map((collection) => ({ name: collection, version: 0, primaryPath: 'id' }));
      const closeUnused = storage.openAhead(name, wanted);
      const instance = await openThings(storage, name);
      await closeUnused();
      assertSame(await allRows(instance), rows, 'documents read ahead');
      const [row] = rows;
      await instance.bulkWrite([toRow({ ...rows[0], owner: 'ada' } as ThingRow, row)], 'after');
      await instance.close();
      await withRawDatabase(name, (dexie) =>
        Promise.resolve(dexie.table('segments').where(':id').between(['things|0', 0], ['things|0', 2]).delete()),
      );
      const closeDamaged = storage.openAhead(name, wanted);
      await expectDamage(() => openThings(storage, name));
      await closeDamaged();
      // Nothing holds it open any more: it can be dropped and begun anew.
      await dropSegmentDatabase(name);
      const again = await openThings(storage, name);
      assertSame(await allRows(again), [], 'documents after dropping');
      await again.remove();
    },
  'STORAGE-21 unpacks when it is asked, in turns or at once, and writes, merges and purges as if it always had':
    async () => {
      const name = newDatabaseName();
      const first = await openSegments(name);
      assertTrue(first.internals.isEmpty(), 'nothing is stored yet');
      const rows = await fill(first, 200);
      await first.close();
      const inTurns = await openSegments(name);
      assertTrue(!inTurns.internals.isEmpty(), 'something is stored');
      let turns = 1;
      while (!inTurns.internals.unpack(0)) turns += 1;
      assertTrue(turns > 5, `turns to unpack all: ${String(turns)}`);
      assertSame(await allRows(inTurns), rows, 'documents unpacked in turns');
      await inTurns.close();
      const writing = await openSegments(name);
      const [row, other] = rows;
      const changed = toRow({ ...row, owner: 'zoe' } as ThingRow, row);
      assertSame((await writing.bulkWrite([changed], 'first thing after opening')).error, [], 'errors');
      await writing.close();
      const purging = await openSegments(name);
      await purging.bulkWrite([toRow({ ...other, owner: 'gone' } as ThingRow, other, true)], 'remove');
      await purging.cleanup(-60_000);
      await purging.internals.removeOutdated();
      await purging.close();
      const last = await openSegments(name);
      const left = await allRows(last);
      assertSame(
        [left.length, left.find(({ id }) => id === row?.id)?.owner],
        [rows.length - 1, 'zoe'],
        'documents at last',
      );
      await last.remove();
    },
};

/** Steps that the test drives from outside, because a page is killed between them. */
export const steps: Record<string, () => Promise<unknown>> = {
  async writeUntilKilled() {
    const instance = await openSegments(KILLED, 200);
    for (let turn = 0; ; turn += 1) {
      const rows = Array.from({ length: 1 + ((turn * 7) % 90) }, (_, position) =>
        toRow({
          id: `turn${String(turn).padStart(5, '0')}-${position}`,
          owner: 'ada',
          amount: turn,
          isOpen: true,
          changedAt: '2026',
        }),
      );
      const { error } = await instance.bulkWrite(rows, 'turn');
      assertSame(error, [], 'errors of the writer');
      localStorage.setItem(ACKNOWLEDGED, String(turn));
    }
  },

  /** Every acknowledged write is there, and the one under way is there as a whole or not at all. */
  async checkAfterKill() {
    const acknowledged = Number(localStorage.getItem(ACKNOWLEDGED));
    const instance = await openSegments(KILLED, 200);
    const sizes = new Map<number, number>();
    for (const { amount } of await allRows(instance)) sizes.set(amount, (sizes.get(amount) ?? 0) + 1);
    for (let turn = 0; turn <= acknowledged; turn += 1)
      assertSame(sizes.get(turn), 1 + ((turn * 7) % 90), `rows of turn ${turn}`);
    const last = sizes.size - 1;
    assertTrue(last >= acknowledged && sizes.get(last) === 1 + ((last * 7) % 90), 'the last write is torn');
    await instance.close();
    return { acknowledged, last };
  },
};
