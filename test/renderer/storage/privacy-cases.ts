// What must not be found on the disk: documents and values that were taken away, and anything readable when a key is given.
import { getSegmentStorage } from '#renderer/data/storage/get-segment-storage.ts';
import { fill } from '#test/renderer/storage/random-world.ts';
import {
  allRows,
  assertSame,
  assertTrue,
  countRecords,
  expectDamage,
  newDatabaseName,
  openSegments,
  openThings,
  rawText,
  toRow,
  withRawDatabase,
} from '#test/renderer/storage/storage-fixture.ts';
import type { ThingRow } from '#test/renderer/storage/storage-fixture.ts';

export const privacyCases: Record<string, () => Promise<unknown>> = {
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

  'STORAGE-15 seals every record with the given key: nothing readable on disk, no opening with another key, no moved record':
    async () => {
      const name = newDatabaseName();
      const makeKey = (): Promise<CryptoKey> =>
        crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
      const key = await makeKey();
      const first = await openThings(getSegmentStorage({ segmentRows: 20, key }), name);
      const rows = await fill(first, 100, 'CANARY');
      await first.close();
      assertTrue(!(await rawText(name)).includes('CANARY'), 'documents are readable on disk');
      const second = await openThings(getSegmentStorage({ segmentRows: 20, key }), name);
      assertSame(await allRows(second), rows, 'documents after opening again');
      await second.close();
      const other = await makeKey();
      await expectDamage(() => openThings(getSegmentStorage({ key: other }), name));
      await withRawDatabase(name, async (dexie) => {
        const [one, two] = (await dexie.table('segments').toArray()) as { number: number; data: Uint8Array }[];
        await dexie.table('segments').put({ ...one, data: two?.data });
      });
      await expectDamage(() => openThings(getSegmentStorage({ key }), name));
    },

  'STORAGE-16 removes half of a large collection for good and keeps the rest': async () => {
    const name = newDatabaseName();
    const instance = await openSegments(name, 200);
    const rows = await fill(instance, 20_000);
    const leaving = rows.filter((_, position) => position % 2 === 0);
    await instance.bulkWrite(
      leaving.map((row) => toRow(row, row, true)),
      'revoked',
    );
    const started = performance.now();
    await instance.cleanup(0);
    const cleanupMs = performance.now() - started;
    await instance.internals.mergeNow();
    const staying = rows.filter((_, position) => position % 2 === 1);
    assertSame(await allRows(instance), staying, 'rows that stay');
    const text = await rawText(name);
    assertTrue(
      leaving.every(({ id }) => !text.includes(id)),
      'removed ids are still on disk',
    );
    const records = await countRecords(name);
    await instance.close();
    const reopened = await openSegments(name, 200);
    assertSame(await allRows(reopened), staying, 'after opening again');
    await reopened.remove();
    return { cleanupMs, records };
  },

  'STORAGE-17 removes former values of documents that stay when asked to': async () => {
    const name = newDatabaseName();
    const instance = await openSegments(name);
    const [row] = await fill(instance, 50);
    if (!row) throw new Error('no row');
    const secret = toRow({ ...row, note: 'CANARY' }, row).document as ThingRow;
    await instance.bulkWrite([{ previous: row, document: secret }], 'secret');
    await instance.bulkWrite([toRow({ ...secret, note: 'harmless' }, secret)], 'projection');
    assertTrue((await rawText(name)).includes('CANARY'), 'the canary was never stored');
    const before = await allRows(instance);
    await instance.internals.removeOutdated();
    assertTrue(!(await rawText(name)).includes('CANARY'), 'the former value is still on disk');
    await instance.close();
    const reopened = await openSegments(name);
    assertSame(await allRows(reopened), before, 'documents after opening again');
    await reopened.remove();
  },
};
