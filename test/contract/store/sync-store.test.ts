// The model that the simulation runs on, and the databases, give the same answers to the same histories.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { createTenant } from '#server/store/tenants.ts';
import { createSqlSyncStore } from '#server/sync/sql/sql-sync-store.ts';
import { createModelStore } from '#test/sim/server/model-store.ts';
import { plainSealer } from '#test/sim/server/plain-sealer.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { playHistory } from '#test/support/sync-history.ts';
import { STARTED_AT_MS } from '#test/support/sync-world.ts';

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

function playOnModel(seed: number): Promise<readonly unknown[]> {
  const tenantId = `history-${String(seed)}` as TenantId;
  const store = createModelStore(plainSealer, () => undefined);
  store.createTenant(tenantId, STARTED_AT_MS);
  return playHistory(store.openFor({ before: () => null, isAlive: () => true }), tenantId, seed);
}

/** Names of tenants are no part of a history. */
function withoutTenant(transcript: readonly unknown[], tenantId: string): unknown {
  return JSON.parse(JSON.stringify(transcript).replaceAll(tenantId, 'tenant'));
}

describe.each(sqlEngines)('the model of the store and $name', (engine) => {
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

  it('SYNC-16 SYNC-5 give the same verdicts, pages, rights and numbers for the same histories', async () => {
    let refusals = 0;
    for (const seed of SEEDS) {
      const tenantId = `history-${randomUUID()}` as TenantId;
      await createTenant(db, tenantId, `Company history-${String(seed)}`, STARTED_AT_MS);
      const onEngine = withoutTenant(await playHistory(createSqlSyncStore(db), tenantId, seed), tenantId);
      const onModel = withoutTenant(await playOnModel(seed), `history-${String(seed)}`);
      expect(onEngine, `history of seed ${String(seed)}`).toEqual(onModel);
      refusals += JSON.stringify(onModel).split('"rejected"').length - 1;
    }
    // Histories in which nothing is refused would prove little.
    expect(refusals).toBeGreaterThan(50);
  });
});
