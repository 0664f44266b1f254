// The two-world law on the databases, and the proof that the model, on which many more pairs are compared, answers like
// them also where field rules hide something.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { createTenant } from '#server/store/tenants.ts';
import { createSqlSyncStore } from '#server/sync/sql/sql-sync-store.ts';
import { compareTwins, playTwinOnModel, withoutNumbers, withoutSecrets } from '#test/sim/twins/compare-twins.ts';
import { playTwin } from '#test/sim/twins/play-twin.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { STARTED_AT_MS } from '#test/support/sync-world.ts';

const SEEDS = Array.from({ length: 6 }, (_, index) => index + 1);

describe.each(sqlEngines)('two worlds on $name', (engine) => {
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

  type Script = Parameters<typeof playTwinOnModel>[0];
  async function playOnEngine(script: Script): Promise<readonly string[]> {
    const tenantId = `twin-${randomUUID()}` as TenantId;
    await createTenant(db, tenantId, 'Company', STARTED_AT_MS);
    const store = createSqlSyncStore(db);
    return playTwin({ ...script, tenantId, storeFor: () => store, takePokes: () => [] });
  }

  it.each([
    ['one', withoutSecrets],
    ['any', withoutNumbers],
  ] as const)(
    'SYNC-23 answer alike whoever may not see where they differ, when hidden work takes %s commits',
    async (hiddenWork, normal) => {
      for (const seed of SEEDS) expect(await compareTwins(seed, hiddenWork, playOnEngine, normal)).toBeNull();
    },
    60_000,
  );

  it('SYNC-22 SYNC-23 answer like the model of the store, to the byte', async () => {
    for (const seed of SEEDS) {
      const script: Script = { seed, hiddenSeed: seed, hiddenWork: 'any' };
      const onEngine = await playOnEngine(script);
      const onModel = (await playTwinOnModel(script)).filter((answer) => answer !== 'poke');
      expect(onEngine.map(withoutSecrets), `seed ${String(seed)}`).toEqual(onModel.map(withoutSecrets));
    }
  }, 60_000);
});
