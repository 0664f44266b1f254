// A territory with 400 members is moved under another one, whose records they see instead. All 400 devices are connected and
// come back at once: each is refused, purges, compares by the manifest and brings the difference. Meanwhile somebody else
// goes on saving one edit after the other. The value is the time until the last device holds exactly what it may see.
import { findPostgresBinaries } from '#test/support/start-postgres.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, createSyncWorld, seededRecord, type SyncWorld, type TestDevice } from '#test/support/sync-world.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { seedInto } from '#server/sync/apply-records.ts';
import { percentile, type Figure } from '#test/bench/figure.ts';

const MEMBERS = 400;
const ACCOUNTS = 300;
const CALM_EDITS = 400;

async function seed(world: SyncWorld): Promise<void> {
  const members = Array.from({ length: MEMBERS }, (_, index) => `member-${String(index)}`);
  const territory = (id: string, values: Readonly<Record<string, unknown>>) =>
    seededRecord('territory', id, { name: id, shareWithChildren: true, ...values });
  const accounts = ['west', 'east'].flatMap((territoryId) =>
    Array.from({ length: ACCOUNTS }, (_, index) =>
      seededRecord('account', `${territoryId}-${String(index)}`, {
        name: `Account ${String(index)}`,
        territoryId,
        ownerId: 'admin',
      }),
    ),
  );
  const users = members.map((id) =>
    seededRecord('user', id, { name: id, email: `${id}@example.com`, role: 'sales_rep', isActive: true }),
  );
  await seedInto(
    world.deps.store,
    world.tenantId,
    [
      ...users,
      territory('west', {}),
      territory('east', {}),
      territory('sales', { parentId: 'west', memberIds: members }),
      seededRecord('account', 'own', { name: 'Own', ownerId: 'rep', teamId: 'north' }),
      ...accounts,
    ],
    world.deps.clock,
  );
}

function accountsOn(device: TestDevice): { readonly west: number; readonly east: number } {
  const places = [...device.store.keys()];
  const count = (prefix: string): number => places.filter((place) => place.startsWith(`accounts/${prefix}-`)).length;
  return { west: count('west'), east: count('east') };
}

/** Saves one edit after the other until told to stop; milliseconds of each. */
async function editOn(device: TestDevice, isOver: () => boolean): Promise<readonly number[]> {
  const took: number[] = [];
  while (!isOver()) {
    const startedMs = performance.now();
    const phone = `+49 30 ${String(took.length)}`;
    const verdict = await device.send({ recordId: 'own', changes: [change('phone', null, phone)] });
    if (verdict.status === 'rejected') throw new Error(JSON.stringify(verdict));
    took.push(performance.now() - startedMs);
  }
  return took;
}

async function measure(): Promise<Awaited<ReturnType<Figure['measure']>>> {
  const engine = sqlEngines.find(({ name }) => name === (findPostgresBinaries() === null ? 'pglite' : 'postgres'));
  if (engine === undefined) throw new Error('there is no database to measure on');
  const place = await engine.createLocation();
  const db = await openDatabase(place.location);
  try {
    const world = await createSyncWorld(db);
    await seed(world);
    const devices = Array.from({ length: MEMBERS }, (_, index) => world.device(`member-${String(index)}`));
    for (const device of devices) await device.pullAll(5000);
    const rep = world.device('rep');
    await rep.pullAll(5000);
    let edits = 0;
    const calm = await editOn(rep, () => (edits += 1) > CALM_EDITS);
    const state = { isOver: false };
    const editing = editOn(rep, () => state.isOver);
    const startedMs = performance.now();
    const move = { entity: 'territory', recordId: 'sales', changes: [change('parentId', 'west', 'east')] };
    const verdict = await world.device('admin').send(move);
    if (verdict.status !== 'applied') throw new Error(JSON.stringify(verdict));
    await Promise.all(devices.map((device) => device.pullAll(5000)));
    const tookMs = performance.now() - startedMs;
    state.isOver = true;
    const busy = await editing;
    const wrong = devices.filter((device) => accountsOn(device).west > 0 || accountsOn(device).east !== ACCOUNTS);
    if (wrong.length > 0) throw new Error(`${String(wrong.length)} devices do not hold what they may see`);
    const [before, during] = [percentile(calm, 0.99), percentile(busy, 0.99)];
    return {
      value: tookMs / 1000,
      notes: [
        `${engine.name}, one process for server and devices; ${String(ACCOUNTS)} accounts left and ${String(ACCOUNTS)} came, on each`,
        `p99 of somebody else's edits ${before.toFixed(0)} ms before, ${during.toFixed(0)} ms meanwhile: ${(during / before).toFixed(1)} times (asked are 2)`,
      ],
    };
  } finally {
    await db.close();
    await place.remove();
  }
}

export const rescope: Figure = { name: 'rescope-400', unit: 's', target: { is: '<=', limit: 60 }, measure };
