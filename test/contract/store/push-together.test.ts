// Pushes that arrive while another one is under way share a transaction. Whatever they do to each other is decided as if
// they had come one after the other.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { createGroupCommit } from '#server/sync/group-commit.ts';
import { pushOperations } from '#server/sync/push.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, changesFor, createSyncWorld, type SyncWorld, type TestDevice } from '#test/support/sync-world.ts';

it('SYNC-48 work that waits for a turn goes together in the next one, and a failing group fails only itself', async () => {
  const groups: (readonly number[])[] = [];
  const gates: (() => void)[] = [];
  const join = createGroupCommit<number, string>({
    async run(items) {
      groups.push(items);
      await new Promise<void>((resolve) => gates.push(resolve));
      if (items.includes(13)) throw new Error('unlucky');
      return items.map((item) => ({ ok: true, value: `did ${String(item)}` }));
    },
    fits: (chosen, next) => chosen.length < 3 && next !== 13 && !chosen.includes(13),
  });
  const outcomes = [1, 2, 3, 13, 4, 5].map((item) => join(item).catch((error: unknown) => String(error)));
  for (let turn = 0; turn < 4; turn += 1) {
    await expect.poll(() => gates.length).toBe(turn + 1);
    gates[turn]?.();
  }
  expect(await Promise.all(outcomes)).toEqual(['did 1', 'did 2', 'did 3', 'Error: unlucky', 'did 4', 'did 5']);
  expect(groups).toEqual([[1], [2, 3, 4], [13], [5]]);
});

describe.each(sqlEngines)('pushes that share a transaction on $name', (engine) => {
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

  /** Pushes of all devices, each beginning while the first one is under way. */
  async function pushAtOnce(
    pushes: readonly (readonly [TestDevice, readonly Operation[]])[],
  ): Promise<readonly unknown[]> {
    const first = world.device('admin');
    const opener = createAccount(first, first.id);
    const all = [[first, [opener]] as const, ...pushes];
    const actors = await Promise.all(all.map(([device]) => world.actorOf(device.userId)));
    const settled = await Promise.allSettled(
      all.map(([device, operations], index) => {
        const actor = actors[index];
        if (actor === undefined) throw new Error('an actor for each device expected');
        const request = { protocol: 1, epoch: actor.epoch, ops: [...operations] };
        return pushOperations(world.deps, actor, device.id, request);
      }),
    );
    return settled
      .slice(1)
      .map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.verdicts : outcome.reason));
  }

  function createAccount(device: TestDevice, recordId: string, opNo?: number): Operation {
    const changes = changesFor('account', { name: recordId, ownerId: device.userId });
    return device.operation({ kind: 'create', recordId, changes, ...(opNo === undefined ? {} : { opNo }) });
  }

  const statusesOf = (verdicts: unknown): readonly string[] =>
    (verdicts as readonly Verdict[]).map((verdict) => (verdict.status === 'rejected' ? verdict.code : verdict.status));

  it('SYNC-2 SYNC-48 many devices at once need few transactions, and the one that cannot be answered stops no other', async () => {
    const devices = Array.from({ length: 12 }, (_, index) => world.device('rep', `crowd-${String(index)}`));
    const pushes = devices.map((device, index): readonly [TestDevice, readonly Operation[]] => {
      if (index === 4) return [device, [createAccount(device, 'crowd-gap', 7)]];
      if (index === 5) {
        const changes = [...changesFor('deal', { name: 'NUL', accountId: 'a\u0000b', ownerId: 'rep' })];
        return [device, [device.operation({ kind: 'create', entity: 'deal', recordId: 'crowd-nul', changes })]];
      }
      return [device, [createAccount(device, `crowd-${String(index)}`)]];
    });
    const outcomes = await pushAtOnce(pushes);
    expect(outcomes[4]).toMatchObject({ code: 'invalid', details: { expectedOpNo: 1 } });
    expect(statusesOf(outcomes[5])).toEqual(['invalid']);
    const good = outcomes.filter((_, index) => index !== 4 && index !== 5);
    expect(good.flatMap(statusesOf)).toEqual(good.map(() => 'applied'));
    const [row] = await world.rows<{ transactions: number; numbers: number; commits: number }>(
      `SELECT count(DISTINCT xmin::text) AS transactions, count(DISTINCT seq) AS numbers, count(*) AS commits
       FROM change WHERE tenant = $1 AND device LIKE 'crowd-%'`,
      [world.tenantId],
    );
    expect(row).toMatchObject({ numbers: 10, commits: 10 });
    expect(row?.transactions).toBeLessThan(4);
  });

  it('SYNC-5 the same id created by two devices at once exists once', async () => {
    const devices = [world.device('rep'), world.device('colleague')];
    const outcomes = await pushAtOnce(devices.map((device) => [device, [createAccount(device, 'twice')]]));
    expect(outcomes.flatMap(statusesOf)).toEqual(['applied', 'duplicate']);
  });

  it('SYNC-41 who lost to somebody of the same transaction finds that name on the conflict', async () => {
    const device = world.device('manager');
    await device.send({
      kind: 'create',
      recordId: 'shared',
      changes: changesFor('account', { name: 'Shared', ownerId: 'rep', teamId: 'north' }),
    });
    const [rep, manager] = [world.device('rep'), world.device('manager')];
    const outcomes = await pushAtOnce([
      [rep, [rep.operation({ recordId: 'shared', changes: [change('industry', null, 'energy')] })]],
      [manager, [manager.operation({ recordId: 'shared', changes: [change('industry', null, 'retail')] })]],
    ]);
    expect(outcomes.flatMap(statusesOf)).toEqual(['applied', 'merged']);
    const conflicts = await world.rows<{ data: Record<string, unknown> }>(
      `SELECT data FROM record WHERE tenant = $1 AND kind = 'conflict' AND subject = 'shared'`,
      [world.tenantId],
    );
    expect(conflicts.map(({ data }) => [data['kept'], data['lost'], data['keptBy'], data['lostBy']])).toEqual([
      [{ industry: 'retail' }, { industry: 'energy' }, 'manager', 'rep'],
    ]);
  });

  it('SYNC-3 a delete that had not seen the change before it in the same transaction asks', async () => {
    const creator = world.device('rep');
    const verdict = await creator.send({
      kind: 'create',
      recordId: 'doomed',
      changes: changesFor('account', { name: 'Doomed', ownerId: 'rep', teamId: 'north' }),
    });
    const baseRev = verdict.record?.['rev'] as number;
    const [rep, manager] = [world.device('rep'), world.device('manager')];
    const outcomes = await pushAtOnce([
      [rep, [rep.operation({ recordId: 'doomed', changes: [change('industry', null, 'energy')] })]],
      [manager, [manager.operation({ kind: 'delete', recordId: 'doomed', baseRev })]],
    ]);
    expect(outcomes.flatMap(statusesOf)).toEqual(['applied', 'conflict_manual']);
  });

  it('SYNC-28 a conflict opened by one push moves along when the next one gives its subject away', async () => {
    const creator = world.device('manager');
    await creator.send({
      kind: 'create',
      recordId: 'moving',
      changes: changesFor('account', { name: 'Moving', ownerId: 'rep', teamId: 'north' }),
    });
    const [rep, manager, admin] = [world.device('rep'), world.device('manager'), world.device('admin')];
    const outcomes = await pushAtOnce([
      [rep, [rep.operation({ recordId: 'moving', changes: [change('industry', null, 'energy')] })]],
      [manager, [manager.operation({ recordId: 'moving', changes: [change('industry', null, 'retail')] })]],
      [
        admin,
        [
          admin.operation({
            recordId: 'moving',
            changes: [
              {
                group: 'owner',
                base: { ownerId: 'rep', teamId: 'north' },
                to: { ownerId: 'stranger', teamId: 'south' },
              },
            ],
          }),
        ],
      ],
    ]);
    expect(outcomes.flatMap(statusesOf)).toEqual(['applied', 'merged', 'applied']);
    const conflicts = await world.rows<{ scope_keys: readonly string[] }>(
      `SELECT scope_keys FROM record WHERE tenant = $1 AND kind = 'conflict' AND subject = 'moving'`,
      [world.tenantId],
    );
    expect(conflicts).toHaveLength(1);
    expect(conflicts[0]?.scope_keys).toContain('o:stranger');
    expect(conflicts[0]?.scope_keys).not.toContain('t:north');
  });
});
