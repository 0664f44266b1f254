// Devices that ask at one poke share a transaction and what is read in it. Each gets what it would have got alone.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PullResponse } from '#shared/sync/messages.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { pullPage } from '#server/sync/pull.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  change,
  changesFor,
  createSyncWorld,
  people,
  type SyncWorld,
  type TestDevice,
} from '#test/support/sync-world.ts';

/** Same store, with its transactions counted; a server process of its own. */
function counting({ store, clock, createId }: SyncDependencies): {
  deps: SyncDependencies;
  transactions: () => number;
} {
  let count = 0;
  const inTenant: typeof store.inTenant = (tenantId, work, options) => {
    count += 1;
    return store.inTenant(tenantId, work, options);
  };
  return { deps: { store: { ...store, inTenant }, clock, createId }, transactions: () => count };
}

describe.each(sqlEngines)('pulls that share a transaction on $name', (engine) => {
  let db: SqlDatabase;
  let world: SyncWorld;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const place = await engine.createLocation();
    db = await openDatabase(place.location);
    world = await createSyncWorld(db);
    remove = place.remove;
  });
  afterAll(async () => {
    await db.close();
    await remove();
  });

  async function createAccount(recordId: string, owner: string, teamId: string): Promise<void> {
    const changes = changesFor('account', { name: recordId, ownerId: owner, teamId });
    const verdict = await world.device('admin').send({ kind: 'create', recordId, changes });
    expect(verdict.status).toBe('applied');
  }

  /** Each of its own position, all at one instant. */
  async function pullAtOnce(devices: readonly TestDevice[], deps: SyncDependencies) {
    const actors = await Promise.all(devices.map(({ userId }) => world.actorOf(userId)));
    return Promise.allSettled(
      devices.map(({ id, token }, index) => {
        const actor = actors[index];
        if (actor === undefined) throw new Error('an actor for each device expected');
        return pullPage(deps, actor, id, { protocol: 1, token });
      }),
    );
  }

  const withoutToken = ({ token: _token, ...page }: PullResponse) => page;

  it('SYNC-16 SYNC-23 answers everybody with the own rights, the same as alone, also those who are far behind', async () => {
    await createAccount('ours', 'rep', 'north');
    await createAccount('theirs', 'stranger', 'south');
    await createAccount('going', 'rep', 'north');
    const behind = world.device('rep');
    await behind.pullAll();
    const busy = world.device('admin');
    // More entries than are read at once.
    for (let round = 0; round < 9; round += 1) {
      const operations = Array.from({ length: 30 }, (_, index) =>
        busy.operation({ recordId: 'ours', changes: [change('phone', null, `+49 ${String(round)} ${String(index)}`)] }),
      );
      await busy.push(operations);
    }
    const devices = [...people.map(({ id }) => world.device(id)), ...people.map(({ id }) => world.device(id))];
    for (const device of devices) await device.pullAll();
    await busy.send({ recordId: 'theirs', changes: [change('phone', null, '+49 30 1')] });
    await busy.send({ recordId: 'ours', changes: [change('website', null, 'https://ours.example')] });
    await busy.send({ kind: 'delete', recordId: 'going', baseRev: await world.headSeq() });
    const asking = [behind, ...devices];

    const { deps, transactions } = counting(world.deps);
    const together = await pullAtOnce(asking, deps);
    // The first one goes alone, everybody else with the next.
    expect(transactions()).toBe(2);
    const alone: PullResponse[] = [];
    for (const device of asking) {
      const request = { protocol: 1, token: device.token };
      alone.push(await pullPage(counting(world.deps).deps, await world.actorOf(device.userId), device.id, request));
    }
    const answers = together.map((outcome) => (outcome.status === 'fulfilled' ? withoutToken(outcome.value) : outcome));
    expect(answers).toEqual(alone.map(withoutToken));
    const idsOf = (userId: string) => {
      const page = alone[asking.findIndex((device) => device.userId === userId && device !== behind)];
      const items = page?.items.filter((item) => item.t !== 'put' || item.record['kind'] !== 'fieldChange');
      return items?.map((item) => (item.t === 'put' ? item.record['id'] : `${item.t} ${item.id}`)).sort();
    };
    expect(idsOf('rep')).toEqual(['del going', 'ours']);
    expect(idsOf('stranger')).toEqual(['theirs']);
    expect(idsOf('admin')).toEqual(['del going', 'ours', 'theirs']);
  });

  it('SYNC-18 refuses the one whose rights changed and answers the others', async () => {
    const [rep, colleague, admin] = [world.device('rep'), world.device('colleague'), world.device('admin')];
    for (const device of [rep, colleague, admin]) await device.pullAll();
    const before = await world.actorOf('colleague');
    const moved = await world
      .device('admin')
      .send({ entity: 'user', recordId: 'colleague', changes: [change('teamId', 'north', 'south')] });
    expect(moved.status).toBe('applied');
    const { deps } = counting(world.deps);
    const actors = await Promise.all(['admin', 'colleague', 'rep'].map((id) => world.actorOf(id)));
    const [asAdmin = before, asColleague = before, asRep = before] = actors;
    const outcomes = await Promise.allSettled([
      pullPage(deps, asAdmin, admin.id, { protocol: 1, token: admin.token }),
      pullPage(deps, before, colleague.id, { protocol: 1, token: colleague.token }),
      pullPage(deps, asColleague, colleague.id, { protocol: 1, token: colleague.token }),
      pullPage(deps, asRep, rep.id, { protocol: 1, token: 'not a token' }),
      pullPage(deps, asRep, rep.id, { protocol: 1, token: rep.token }),
    ]);
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'page' : outcome.reason.code))).toEqual([
      'page',
      'scope_changed',
      'scope_changed',
      'bad_token',
      'page',
    ]);
    expect(outcomes[2]).toMatchObject({ reason: { details: { dropScopes: expect.anything() } } });
  });

  it('SYNC-16 a store that fails for a group answers each of them alone', async () => {
    const devices = ['admin', 'rep', 'viewer'].map((id) => world.device(id));
    for (const device of devices) await device.pullAll();
    let calls = 0;
    const inTenant: typeof world.deps.store.inTenant = (tenantId, work, options) => {
      calls += 1;
      // The second group, and the second of those that are tried alone.
      return calls === 2 || calls === 4
        ? Promise.reject(new Error('lost'))
        : world.deps.store.inTenant(tenantId, work, options);
    };
    const outcomes = await pullAtOnce(devices, { ...world.deps, store: { ...world.deps.store, inTenant } });
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });
});
