import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '#server/store/open-database.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { changeOfSet, create, give, idsOn, share, unshare } from '#test/support/scope-operations.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, createSyncWorld, seededRecord, type SyncWorld, type TestDevice } from '#test/support/sync-world.ts';

const dealValues = { name: 'Deal', pipelineId: 'p', stageId: 's', ownerId: 'rep', teamId: 'north' };

describe.each(sqlEngines)('scopes on $name', (engine) => {
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

  async function worldWith(
    records: readonly (readonly [Parameters<typeof seededRecord>[0], string, object])[],
  ): Promise<SyncWorld> {
    const world = await createSyncWorld(db);
    const seeded = records.map(([kind, id, values]) => seededRecord(kind, id, { ...values }));
    await seedRecords(db, world.tenantId, seeded, world.deps.clock);
    return world;
  }

  async function dealsOf(device: TestDevice): Promise<readonly string[]> {
    await device.pullAll();
    return idsOn(device, 'deal');
  }

  describe('shares', () => {
    it('SYNC-28 a shared record comes to the other device, goes when the share ends, and comes whole again (SYNC-29)', async () => {
      const world = await worldWith([
        ['deal', 'd1', dealValues],
        ['activity', 'a1', { subject: 'Call', activityType: 'call', dealId: 'd1', ownerId: 'rep' }],
      ]);
      const [rep, stranger, other] = [world.device('rep'), world.device('stranger'), world.device('colleague')];
      expect(await dealsOf(stranger)).toEqual([]);
      await rep.pullAll();
      expect(await share(rep, 'd1', 'view:user:stranger')).toMatchObject({ status: 'applied' });
      expect(await dealsOf(stranger)).toEqual(['d1']);
      expect(idsOn(stranger, 'activity')).toEqual(['a1']);
      expect(await dealsOf(other)).toEqual([]);
      expect(await unshare(rep, 'd1', 'view:user:stranger')).toMatchObject({ status: 'applied' });
      expect(await dealsOf(stranger)).toEqual([]);
      expect(idsOn(stranger, 'activity')).toEqual([]);
      await share(rep, 'd1', 'view:user:stranger');
      await stranger.pullAll();
      const fresh = world.device('stranger');
      await fresh.pullAll();
      expect(stranger.store).toEqual(fresh.store);
      expect(idsOn(stranger, 'deal')).toEqual(['d1']);
    });

    it('PER-08 a share with a team reaches its members and its child teams, one with a role whoever has it', async () => {
      const world = await worldWith([
        ['team', 'south-1', { name: 'South one', parentId: 'south' }],
        [
          'user',
          'sub',
          { name: 'sub', email: 'sub@example.com', role: 'sales_rep', teamId: 'south-1', isActive: true },
        ],
        ['deal', 'd1', dealValues],
        ['deal', 'd2', dealValues],
        ['deal', 'd3', dealValues],
      ]);
      const rep = world.device('rep');
      await share(rep, 'd1', 'view:team:south');
      await share(rep, 'd2', 'view:team:south-1');
      await share(rep, 'd3', 'view:role:sales_rep');
      expect(await dealsOf(world.device('stranger'))).toEqual(['d1', 'd3']);
      expect(await dealsOf(world.device('sub'))).toEqual(['d1', 'd2', 'd3']);
      expect(await dealsOf(world.device('colleague'))).toEqual(['d3']);
    });

    it('A10 a share for seeing does not let change, one for changing does, and neither lets share further', async () => {
      const world = await worldWith([['deal', 'd1', dealValues]]);
      const [rep, stranger] = [world.device('rep'), world.device('stranger')];
      await share(rep, 'd1', 'view:user:stranger');
      const rename = () =>
        stranger.send({ entity: 'deal', recordId: 'd1', changes: [change('nextStep', null, 'Call')] });
      expect(await rename()).toMatchObject({ status: 'rejected', code: 'action_forbidden' });
      expect(await share(stranger, 'd1', 'edit:user:stranger')).toMatchObject({ code: 'action_forbidden' });
      await share(rep, 'd1', 'edit:user:stranger');
      expect(await rename()).toMatchObject({ status: 'applied' });
      for (const entry of ['view:user:colleague', 'edit:team:south', 'view:role:sales_rep']) {
        expect(await share(stranger, 'd1', entry)).toMatchObject({ status: 'rejected', code: 'action_forbidden' });
      }
      expect(await stranger.send({ kind: 'delete', entity: 'deal', recordId: 'd1' })).toMatchObject({
        code: 'action_forbidden',
      });
      const rows = await world.rows<{ shares: readonly string[] }>(
        `SELECT data->'shares' AS shares FROM record WHERE id = 'd1'`,
      );
      expect(rows[0]?.shares).toEqual(['edit:user:stranger', 'view:user:stranger']);
    });

    it('A10 SYNC-33 whoever reaches a record by a share cannot keep it: not as owner, not in the own team or territory', async () => {
      const world = await worldWith([
        ['territory', 'east', { name: 'East' }],
        [
          'user',
          'chief',
          { name: 'chief', email: 'chief@example.com', role: 'manager', teamId: 'south', isActive: true },
        ],
        ['deal', 'd1', { ...dealValues, shares: ['edit:user:chief'] }],
      ]);
      const chief = world.device('chief');
      const ownership = { ownerId: 'rep', teamId: 'north' };
      expect(await give(chief, 'deal', 'd1', ownership, { ownerId: 'chief', teamId: 'south' })).toMatchObject({
        code: 'action_forbidden',
      });
      expect(await give(chief, 'deal', 'd1', ownership, { ownerId: 'rep', teamId: 'south' })).toMatchObject({
        code: 'action_forbidden',
      });
      const toEast = { entity: 'deal', recordId: 'd1', changes: [change('territoryId', null, 'east')] };
      expect(await chief.send(toEast)).toMatchObject({ code: 'action_forbidden' });
      // Nor does anybody share with themselves what they reach today only because of their team.
      expect(await share(world.device('manager'), 'd1', 'view:user:manager')).toMatchObject({
        code: 'action_forbidden',
      });
    });

    it('A10 what was written on a shared record goes with it', async () => {
      const world = await worldWith([['deal', 'd1', { ...dealValues, shares: ['edit:user:stranger'] }]]);
      const [rep, stranger] = [world.device('rep'), world.device('stranger')];
      const note = {
        subject: 'Note',
        activityType: 'note',
        occurredAt: '2026-03-02T08:00:00.000Z',
        dealId: 'd1',
        ownerId: 'stranger',
      };
      expect(await create(stranger, 'activity', 'n1', note)).toMatchObject({ status: 'applied', record: { id: 'n1' } });
      await stranger.pullAll();
      await rep.pullAll();
      expect([idsOn(stranger, 'activity'), idsOn(rep, 'activity')]).toEqual([['n1'], ['n1']]);
      await unshare(rep, 'd1', 'edit:user:stranger');
      await stranger.pullAll();
      expect(idsOn(stranger, 'activity')).toEqual([]);
      expect(
        await stranger.send({ entity: 'activity', recordId: 'n1', changes: [change('subject', 'Note', 'x')] }),
      ).toMatchObject({
        code: 'not_visible',
      });
    });

    it('A6 a share with somebody who does not exist is refused like any bad reference', async () => {
      const world = await worldWith([['deal', 'd1', dealValues]]);
      const rep = world.device('rep');
      for (const entry of ['view:user:nobody', 'view:team:nowhere', 'view:user:north', 'own:user:stranger', 'junk']) {
        expect(await share(rep, 'd1', entry)).toMatchObject({
          status: 'rejected',
          code: 'invalid',
          groups: ['shares'],
        });
      }
    });

    it('SYNC-43 two people who share with different colleagues at once both succeed', async () => {
      const world = await worldWith([['deal', 'd1', dealValues]]);
      await Promise.all([
        share(world.device('rep'), 'd1', 'view:user:stranger'),
        share(world.device('manager'), 'd1', 'view:user:colleague'),
      ]);
      expect(await dealsOf(world.device('stranger'))).toEqual(['d1']);
      expect(await dealsOf(world.device('colleague'))).toEqual(['d1']);
    });
  });

  describe('territories', () => {
    /** world > europe > (dach, nordics); a deal of the rep in each, `stranger` is nobody's member yet. */
    async function createTree(values: Readonly<Record<string, object>> = {}): Promise<SyncWorld> {
      const territory = (id: string, parentId: string | null) =>
        ['territory', id, { name: id, parentId, ...values[id] }] as const;
      const deal = (id: string) => ['deal', `in-${id}`, { ...dealValues, territoryId: id }] as const;
      return worldWith([
        territory('world', null),
        territory('europe', 'world'),
        territory('dach', 'europe'),
        territory('nordics', 'europe'),
        territory('asia', 'world'),
        ...['world', 'europe', 'dach', 'nordics', 'asia'].map((id) => deal(id)),
      ]);
    }
    const set = (field: string, before: unknown, after: unknown) => (recordId: string) => ({
      entity: 'territory',
      recordId,
      changes: [change(field, before, after)],
    });

    it('TER-05 members see their territory, managers the subtree; SYNC-26 the epoch moves with the membership', async () => {
      const world = await createTree();
      const [admin, stranger] = [world.device('admin'), world.device('stranger')];
      expect(await dealsOf(stranger)).toEqual([]);
      const epoch = (await world.actorOf('stranger')).epoch;
      const calm = (await world.actorOf('colleague')).epoch;
      await admin.send({
        entity: 'territory',
        recordId: 'europe',
        changes: [changeOfSet('memberIds', [], ['stranger'])],
      });
      expect((await world.actorOf('stranger')).epoch).toBe(epoch + 1);
      expect(await dealsOf(stranger)).toEqual(['in-europe']);
      await admin.send(set('managerId', null, 'stranger')('europe'));
      expect(await dealsOf(stranger)).toEqual(['in-dach', 'in-europe', 'in-nordics']);
      await admin.send(set('managerId', 'stranger', null)('europe'));
      await admin.send({
        entity: 'territory',
        recordId: 'europe',
        changes: [changeOfSet('memberIds', ['stranger'], [], ['stranger'])],
      });
      expect(await dealsOf(stranger)).toEqual([]);
      expect((await world.actorOf('colleague')).epoch).toBe(calm);
    });

    it('TER-02 SYNC-28 a moved subtree comes to the manager above it and leaves the former one', async () => {
      const world = await createTree({ europe: { managerId: 'stranger' }, asia: { managerId: 'colleague' } });
      const [admin, stranger, colleague] = [world.device('admin'), world.device('stranger'), world.device('colleague')];
      expect(await dealsOf(stranger)).toEqual(['in-dach', 'in-europe', 'in-nordics']);
      const headBefore = await world.headSeq();
      expect(await admin.send(set('parentId', 'europe', 'asia')('dach'))).toMatchObject({ status: 'applied' });
      expect(await dealsOf(stranger)).toEqual(['in-europe', 'in-nordics']);
      expect(await dealsOf(colleague)).toEqual(['in-asia', 'in-dach']);
      // Users are rewritten, not records: the move is one number.
      expect(await world.headSeq()).toBe(headBefore + 1);
    });

    it('TER-03 TER-07 paths and levels follow a move in the same number', async () => {
      const world = await createTree();
      const admin = world.device('admin');
      const paths = async () =>
        Object.fromEntries(
          (
            await world.rows<{ id: string; path: string; level: number }>(
              `SELECT id, data->>'hierarchyPath' AS path, (data->>'hierarchyLevel')::int AS level FROM record WHERE kind = 'territory'`,
            )
          ).map(({ id, path, level }) => [id, `${path} ${level}`]),
        );
      expect(await paths()).toMatchObject({ world: '/world/ 0', dach: '/world/europe/dach/ 2' });
      const verdict = await admin.send(set('parentId', 'world', 'asia')('europe'));
      expect(verdict).toMatchObject({ record: { hierarchyPath: '/world/asia/europe/', hierarchyLevel: 2 } });
      expect(await paths()).toMatchObject({
        dach: '/world/asia/europe/dach/ 3',
        nordics: '/world/asia/europe/nordics/ 3',
      });
      await create(admin, 'territory', 'swiss', { name: 'Swiss', parentId: 'dach' });
      expect(await paths()).toMatchObject({ swiss: '/world/asia/europe/dach/swiss/ 4' });
    });

    it('A12 cycles of territories and teams are refused, also when two moves cross, and so is a tree without end', async () => {
      const world = await createTree();
      const admin = world.device('admin');
      for (const parentId of ['europe', 'dach']) {
        expect(await admin.send(set('parentId', 'world', parentId)('europe'))).toMatchObject({
          status: 'rejected',
          code: 'invalid',
        });
      }
      await create(admin, 'team', 'below', { name: 'Below', parentId: 'north' });
      const loop = { entity: 'team', recordId: 'north', changes: [change('parentId', null, 'below')] };
      expect(await admin.send(loop)).toMatchObject({ status: 'rejected', code: 'invalid' });
      const crossed = await Promise.all([
        world.device('admin').send(set('parentId', 'europe', 'nordics')('dach')),
        world.device('second-admin').send(set('parentId', 'europe', 'dach')('nordics')),
      ]);
      expect(crossed.map(({ status }) => status).sort()).toEqual(['applied', 'rejected']);
      let deepest = 'world';
      let refused = 0;
      for (let level = 1; level <= 110; level += 1) {
        const verdict = await create(admin, 'territory', `level-${level}`, { name: 'Deep', parentId: deepest });
        if (verdict.status === 'applied') deepest = `level-${level}`;
        else refused += 1;
      }
      expect(refused).toBe(11);
    });

    it('A12 nobody reports to somebody below, also when two changes cross', async () => {
      const world = await createTree();
      const report = (device: ReturnType<typeof world.device>, who: string, to: string | null, from: string | null) =>
        device.send({ entity: 'user', recordId: who, changes: [change('managerId', from, to)] });
      const admin = world.device('admin');
      const rejected = { status: 'rejected', code: 'invalid', problems: [{ field: 'managerId', code: 'cycle' }] };
      expect(await report(admin, 'colleague', 'stranger', null)).toMatchObject({ status: 'applied' });
      expect(await report(admin, 'stranger', 'colleague', null)).toMatchObject(rejected);
      expect(await report(admin, 'stranger', 'stranger', null)).toMatchObject(rejected);
      expect(await report(admin, 'colleague', null, 'stranger')).toMatchObject({ status: 'applied' });
      const crossed = await Promise.all([
        report(world.device('admin'), 'colleague', 'stranger', null),
        report(world.device('second-admin'), 'stranger', 'colleague', null),
      ]);
      expect(crossed.map(({ status }) => status).sort()).toEqual(['applied', 'rejected']);
    });

    it('TER-05 the switches show records to the territories above and below, to all levels only when recursive', async () => {
      const people = { world: { memberIds: ['stranger'] }, europe: { memberIds: ['colleague'] } };
      const seen = async (values: Readonly<Record<string, object>>) => {
        const world = await createTree({ ...people, ...values });
        return [await dealsOf(world.device('stranger')), await dealsOf(world.device('colleague'))];
      };
      expect(await seen({})).toEqual([['in-world'], ['in-europe']]);
      expect(await seen({ dach: { shareWithParent: true } })).toEqual([['in-world'], ['in-dach', 'in-europe']]);
      expect(await seen({ dach: { shareWithParent: true, recursiveSharing: true } })).toEqual([
        ['in-dach', 'in-world'],
        ['in-dach', 'in-europe'],
      ]);
      expect(await seen({ world: { ...people.world, shareWithChildren: true } })).toEqual([
        ['in-world'],
        ['in-europe', 'in-world'],
      ]);
    });

    it('TER-05 a switch lets see and not change; members change unless their territory only lets them see', async () => {
      const world = await createTree({
        dach: { shareWithParent: true, memberIds: ['colleague'] },
        europe: { memberIds: ['stranger'] },
        nordics: { memberIds: ['colleague'], memberAccess: 'view' },
      });
      const edit = (device: TestDevice, id: string) =>
        device.send({ entity: 'deal', recordId: id, changes: [change('nextStep', null, device.userId)] });
      const [stranger, colleague] = [world.device('stranger'), world.device('colleague')];
      expect(await edit(stranger, 'in-europe')).toMatchObject({ status: 'applied' });
      expect(await edit(stranger, 'in-dach')).toMatchObject({ code: 'action_forbidden' });
      expect(await edit(stranger, 'in-nordics')).toMatchObject({ code: 'not_visible' });
      expect(await edit(colleague, 'in-dach')).toMatchObject({ status: 'applied' });
      expect(await edit(colleague, 'in-nordics')).toMatchObject({ code: 'action_forbidden' });
      const away = { entity: 'deal', recordId: 'in-dach', changes: [change('territoryId', 'dach', 'nordics')] };
      expect(await colleague.send(away)).toMatchObject({ code: 'action_forbidden' });
    });

    it('SYNC-28 a record that changes its territory leaves one circle and joins the other', async () => {
      const world = await createTree({ dach: { memberIds: ['stranger'] }, asia: { memberIds: ['colleague'] } });
      const [stranger, colleague] = [world.device('stranger'), world.device('colleague')];
      await Promise.all([stranger.pullAll(), colleague.pullAll()]);
      await world
        .device('rep')
        .send({ entity: 'deal', recordId: 'in-dach', changes: [change('territoryId', 'dach', 'asia')] });
      expect(await dealsOf(stranger)).toEqual([]);
      expect(await dealsOf(colleague)).toEqual(['in-asia', 'in-dach']);
    });

    it('TER-07 a territory goes only when nothing is below it', async () => {
      const world = await createTree({ dach: { managerId: 'stranger' } });
      const admin = world.device('admin');
      await admin.pullAll();
      const deletion = (recordId: string) => ({
        kind: 'delete' as const,
        entity: 'territory',
        recordId,
        baseRev: 1_000_000,
      });
      expect(await admin.send(deletion('europe'))).toMatchObject({ status: 'rejected', code: 'invalid' });
      expect(await admin.send(deletion('dach'))).toMatchObject({ status: 'applied' });
      expect((await world.actorOf('stranger')).grants?.read).not.toContain('r:dach');
    });

    it('TER-06 new accounts find their territory by rule, contacts and deals through their account', async () => {
      const rule = (ruleOrder: number, ruleFilter: object) => ({ ruleOrder, ruleFilter });
      const world = await createTree({
        europe: rule(2, { field: 'billingCountry', op: 'in', value: ['Germany', 'Sweden'] }),
        dach: rule(1, {
          and: [
            { field: 'billingCountry', op: 'eq', value: 'Germany' },
            { not: { field: 'industry', op: 'eq', value: 'retail' } },
          ],
        }),
      });
      const rep = world.device('rep');
      const account = (id: string, values: object) =>
        create(rep, 'account', id, { name: id, ownerId: 'rep', ...values });
      expect(await account('a1', { billingCountry: 'Germany' })).toMatchObject({ record: { territoryId: 'dach' } });
      expect(await account('a2', { billingCountry: 'Germany', industry: 'retail' })).toMatchObject({
        record: { territoryId: 'europe' },
      });
      expect(await account('a3', { billingCountry: 'Japan' })).not.toHaveProperty('record.territoryId');
      expect(await account('a4', { billingCountry: 'Germany', territoryId: 'asia' })).toMatchObject({
        record: { territoryId: 'asia' },
      });
      const deal = await create(rep, 'contact', 'c1', {
        lastName: 'Ada',
        name: 'Ada',
        accountId: 'a1',
        ownerId: 'rep',
      });
      expect(deal).toMatchObject({ record: { territoryId: 'dach' } });
    });
  });
});
