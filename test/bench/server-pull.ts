// How fast the server fills pages for somebody who sees a part of what there is: 100,000 deals, read as a team manager, in
// pages of a thousand, from the snapshot's first to its last, on both engines. The value is the slower one.
import { median, type Figure } from '#test/bench/figure.ts';
import { makeCompany } from '#test/bench/make-deals.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { loadActor } from '#server/identity/load-actor.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { createTenant } from '#server/store/tenants.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { pullPageJson } from '#server/sync/pull.ts';
import { createSqlSyncStore } from '#server/sync/sql/sql-sync-store.ts';
import type { PullResponse } from '#shared/sync/messages.ts';

const DEALS = 100_000;
const ROUNDS = 3;
const tenantId = 'bench' as TenantId;

interface Measured {
  readonly rate: number;
  /** Records for each second of processor time of this process: what the load of the machine leaves alone. */
  readonly ratePerCpu: number;
  readonly records: number;
}

async function measureEngine(engine: SqlEngine): Promise<Measured> {
  const place = await engine.createLocation();
  const db = await openDatabase(place.location);
  try {
    const { records } = makeCompany(DEALS, Date.now());
    const manager = records.find((record) => record.kind === 'user' && record['role'] === 'manager');
    if (manager === undefined) throw new Error('the company has a manager');
    await createTenant(db, tenantId, 'Bench company', Date.now());
    await seedRecords(db, tenantId, records);
    const loaded = await loadActor(db, tenantId, manager.id as UserId);
    if (loaded === null) throw new Error('the manager is active');
    const store = createSqlSyncStore(db);
    const deps = { store, clock: { now: () => Date.now() }, createId: () => crypto.randomUUID() };
    const rates: number[] = [];
    let count = 0;
    const before = process.cpuUsage();
    for (let round = 0; round < ROUNDS; round += 1) {
      count = 0;
      const startedMs = performance.now();
      for (let token: string | null = null, isDone = false; !isDone;) {
        const text: string = await pullPageJson(deps, loaded.actor, 'device', { protocol: 1, token, wantItems: 1000 });
        const page = JSON.parse(text) as PullResponse;
        count += page.items.length;
        token = page.token;
        isDone = page.caughtUp;
      }
      rates.push((count / (performance.now() - startedMs)) * 1000);
    }
    const { user, system } = process.cpuUsage(before);
    return { rate: median(rates), ratePerCpu: (count * ROUNDS) / ((user + system) / 1e6), records: count };
  } finally {
    await db.close();
    await place.remove();
  }
}

export const serverPull: Figure = {
  name: 'server-pull',
  unit: 'records/s',
  target: { is: '>=', limit: 30_000 },
  async measure() {
    const notes: string[] = [];
    const rates: number[] = [];
    for (const engine of sqlEngines) {
      const { rate, ratePerCpu, records } = await measureEngine(engine);
      rates.push(rate);
      notes.push(
        `${engine.name}: ${rate.toFixed(0)} records/s, ${ratePerCpu.toFixed(0)} for each second of processor time of the server, ${String(records)} of ${String(DEALS)} deals in scope`,
      );
    }
    return { value: Math.min(...rates), notes };
  },
};
