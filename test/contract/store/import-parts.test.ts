import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packFormerValues, unpackFormerValues } from '#renderer/data/former-values.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { changesFor, createSyncWorld } from '#test/support/sync-world.ts';

describe.each(sqlEngines)('former values of an import on $name', (engine) => {
  let db: SqlDatabase;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const place = await engine.createLocation();
    remove = place.remove;
    db = await openDatabase(place.location);
  });
  afterAll(async () => {
    await db.close();
    await remove();
  });

  it('IMP-08 reach the other devices of whoever imported, nobody else in the team, and go with the undoing', async () => {
    const world = await createSyncWorld(db);
    const [laptop, desktop, colleague, viewer] = [
      world.device('rep'),
      world.device('rep'),
      world.device('manager'),
      world.device('viewer'),
    ];
    const values = Array.from({ length: 2000 }, (_, index) => ({
      entity: 'account' as const,
      id: `account-${index}`,
      field: 'description',
      before: `Text ${index * 7919}`.repeat(20),
      entered: null,
    }));
    const [packed] = await packFormerValues(values);
    if (packed === undefined) throw new Error('nothing was packed');
    const job = { fileName: 'firms.csv', entity: 'account', state: 'running', ownerId: 'rep' };
    const part = { importId: 'job', ...packed, ownerId: 'rep' };
    const { verdicts } = await laptop.push([
      laptop.operation({ kind: 'create', entity: 'importJob', recordId: 'job', changes: changesFor('importJob', job) }),
      laptop.operation({
        kind: 'create',
        entity: 'importPart',
        recordId: 'p1',
        changes: changesFor('importPart', part),
      }),
    ]);
    expect(verdicts.map(({ status }) => status)).toEqual(['applied', 'applied']);
    for (const device of [desktop, colleague, viewer]) await device.pullAll();
    const kept = desktop.store.get('reports/p1')?.['formerValues'];
    expect(await unpackFormerValues(String(kept))).toEqual(
      values.slice(0, (await unpackFormerValues(packed.formerValues)).length),
    );
    expect([colleague, viewer].map(({ store }) => store.has('reports/p1'))).toEqual([false, false]);

    const baseRev = await world.headSeq();
    expect(await desktop.send({ kind: 'delete', entity: 'importPart', recordId: 'p1', baseRev })).toMatchObject({
      status: 'applied',
    });
    await laptop.pullAll();
    expect(laptop.store.has('reports/p1')).toBe(false);
  });
});
