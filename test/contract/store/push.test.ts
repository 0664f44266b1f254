import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '#shared/sync/messages.ts';
import { openDatabase } from '#server/store/open-database.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { pushOperations } from '#server/sync/push.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, changesFor, createSyncWorld, type SyncWorld, type TestDevice } from '#test/support/sync-world.ts';

describe.each(sqlEngines)('pushing to $name', (engine) => {
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

  function createAccount(
    device: TestDevice,
    id: string,
    values: Readonly<Record<string, unknown>> = {},
  ): Promise<Verdict> {
    const all = { name: `Account ${id}`, ownerId: device.userId, ...values };
    return device.send({ kind: 'create', recordId: id, changes: changesFor('account', all) });
  }

  async function storedAccount(world: SyncWorld, id: string): Promise<Record<string, unknown> | undefined> {
    const rows = await world.rows<{ data: Record<string, unknown> }>(
      `SELECT data FROM record WHERE coll = 'accounts' AND id = $1`,
      [id],
    );
    return rows[0]?.data;
  }

  it('SYNC-5 the same operation sent again gives the same verdict and one effect', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    await createAccount(device, 'a1');
    const operation = device.operation({ recordId: 'a1', changes: [change('phone', null, '+49 30 1')] });
    const first = await device.push([operation]);
    const seq = await world.headSeq();
    const again = await device.push([operation, operation]);
    expect(again.verdicts).toEqual([first.verdicts[0], first.verdicts[0]]);
    expect(first.verdicts[0]).toMatchObject({ status: 'applied', seq });
    expect(await world.headSeq()).toBe(seq);
    // The change of the account, and what its timeline tells of it.
    const changes = await world.rows('SELECT kind FROM change WHERE op_id = $1', [operation.opId]);
    const audits = await world.rows('SELECT 1 AS one FROM audit WHERE op_id = $1', [operation.opId]);
    expect([changes.length, audits.length]).toEqual([2, 1]);
  });

  it('SYNC-5 eight pushes of one operation at the same instant have one effect', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    const operation = device.operation({
      kind: 'create',
      recordId: 'a1',
      changes: changesFor('account', { name: 'One', ownerId: 'rep' }),
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => device.push([operation])));
    for (const answer of answers) expect(answer.verdicts).toEqual(answers[0]?.verdicts);
    expect(await world.rows(`SELECT 1 AS one FROM change WHERE id = 'a1'`)).toHaveLength(1);
  });

  it('SYNC-6 the same id with another body has no effect, also from another user of the device', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep', 'shared-laptop');
    await createAccount(device, 'a1');
    const operation = device.operation({ recordId: 'a1', changes: [change('phone', null, '+49 30 1')] });
    await device.push([operation]);
    const forged = { ...operation, changes: [change('phone', null, '+49 30 666')] };
    expect((await device.push([forged])).verdicts[0]).toMatchObject({
      status: 'rejected',
      code: 'op_reuse',
      record: null,
    });
    const other = world.device('manager', 'shared-laptop');
    expect((await other.push([operation])).verdicts[0]).toMatchObject({
      status: 'rejected',
      code: 'op_reuse',
      record: null,
    });
    expect((await storedAccount(world, 'a1'))?.['phone']).toBe('+49 30 1');
  });

  it('SYNC-6 a used number with another operation is refused and a gap is named', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    await createAccount(device, 'a1');
    const reused = device.operation({ opNo: 1, recordId: 'a1', changes: [change('phone', null, '+49 30 1')] });
    expect((await device.push([reused])).verdicts[0]).toMatchObject({ status: 'rejected', code: 'op_reuse' });
    const beyond = device.operation({ opNo: 3, recordId: 'a1', changes: [change('phone', null, '+49 30 1')] });
    await expect(device.push([beyond])).rejects.toMatchObject({ code: 'invalid', details: { expectedOpNo: 2 } });
    const filler = device.operation({ opNo: 2, kind: 'void', recordId: 'a1' });
    const answer = await device.push([beyond, filler]);
    expect(answer.verdicts.map((verdict) => verdict.status)).toEqual(['applied', 'noop']);
  });

  it('SYNC-2 numbers are dense and SYNC-11 time stamps strictly increase while the clock goes back', async () => {
    const world = await createSyncWorld(db);
    const devices = ['rep', 'colleague', 'manager', 'stranger'].map((userId) => world.device(userId));
    await Promise.all(
      devices.map(async (device, index) => {
        for (let round = 0; round < 6; round += 1) {
          world.clock.nowMs -= 60_000;
          await createAccount(device, `a-${index}-${round}`);
        }
      }),
    );
    const rows = await world.rows<{ seq: number; ts: number }>('SELECT seq, ts FROM change ORDER BY seq, n');
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index + 1));
    expect(rows.every((row, index) => index === 0 || row.ts > (rows[index - 1]?.ts ?? 0))).toBe(true);
    expect(await world.headSeq()).toBe(rows.length);
  });

  it('SYNC-12 the clock of a device changes no stored value', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    const create = (recordId: string, wall: string) => ({
      ...device.operation({
        kind: 'create',
        recordId,
        changes: changesFor('account', { name: 'Same', ownerId: 'rep' }),
      }),
      captured: { wall, sinceBootMs: 5 },
    });
    await device.push([create('past', '1970-01-01T00:00:00.000Z'), create('future', '9999-12-31T23:59:59.999Z')]);
    const stored = await Promise.all(['past', 'future'].map((id) => storedAccount(world, id)));
    expect(stored.map((data) => String(data?.['createdAt']).slice(0, 16))).toEqual([
      '2026-03-02T08:00',
      '2026-03-02T08:00',
    ]);
    expect(JSON.stringify(stored)).not.toMatch(/1970|9999/);
  });

  it('SYNC-1 a reader never sees a number before all smaller ones', async () => {
    const world = await createSyncWorld(db);
    const devices = ['rep', 'colleague', 'manager'].map((userId) => world.device(userId));
    const writers = { areDone: false };
    const writing = Promise.all(
      devices.map(async (device, index) => {
        for (let round = 0; round < 15; round += 1) await createAccount(device, `a-${index}-${round}`);
      }),
    ).finally(() => {
      writers.areDone = true;
    });
    let looks = 0;
    while (!writers.areDone) {
      const rows = await world.rows<{ newest: number; count: number }>(
        'SELECT coalesce(max(seq), 0)::bigint AS newest, count(DISTINCT seq) AS count FROM change',
      );
      expect(rows[0]?.newest).toBe(rows[0]?.count);
      looks += 1;
    }
    await writing;
    expect(looks).toBeGreaterThan(3);
  });

  it('SYNC-30 an operation changes no group it does not name', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    await createAccount(device, 'a1', { phone: '+49 30 1', website: 'https://one.example', tags: ['vip'] });
    const before = await storedAccount(world, 'a1');
    await device.send({ recordId: 'a1', changes: [change('phone', '+49 30 1', '+49 30 2')] });
    const after = await storedAccount(world, 'a1');
    const differing = Object.keys({ ...before, ...after }).filter(
      (field) => JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]),
    );
    expect(differing.sort()).toEqual(['phone', 'rev', 'updatedAt']);
  });

  it('SYNC-32 permission is judged at arrival: what was allowed when typed is refused after a change of role', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    const admin = world.device('admin');
    await createAccount(device, 'a1');
    const typed = device.operation({ recordId: 'a1', changes: [change('phone', null, '+49 30 1')] });
    await admin.send({ entity: 'user', recordId: 'rep', changes: [change('role', 'sales_rep', 'viewer')] });
    expect((await device.push([typed])).verdicts[0]).toMatchObject({ status: 'rejected', code: 'action_forbidden' });
    expect((await storedAccount(world, 'a1'))?.['phone']).toBeUndefined();
  });

  it('SYNC-33 nobody makes a record visible to themselves, and SYNC-34 forbidden and absent are the same bytes', async () => {
    const world = await createSyncWorld(db);
    const owner = world.device('stranger');
    await createAccount(owner, 'secret', { name: 'Secret' });
    const thief = world.device('rep');
    const take = { changes: [{ group: 'owner', base: {}, to: { ownerId: 'rep', teamId: 'north' } }] };
    const plain = ({ opId: _opId, opNo: _opNo, ...rest }: Verdict): string => JSON.stringify(rest);
    for (const kind of ['patch', 'delete', 'restore'] as const) {
      const forbidden = await thief.send({ kind, recordId: 'secret', ...take });
      const absent = await thief.send({ kind, recordId: 'never-there', ...take });
      expect(plain(forbidden)).toBe(plain(absent));
      expect(forbidden).toMatchObject({ status: 'rejected', code: 'not_visible', record: null });
    }
    expect((await storedAccount(world, 'secret'))?.['ownerId']).toBe('stranger');
  });

  it('A7 a record is neither created for somebody else nor given away without the right to reassign', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    expect(await createAccount(device, 'a1', { ownerId: 'stranger' })).toMatchObject({ code: 'action_forbidden' });
    await createAccount(device, 'a2');
    const give = {
      group: 'owner',
      base: { ownerId: 'rep', teamId: null },
      to: { ownerId: 'stranger', teamId: 'south' },
    };
    expect(await device.send({ recordId: 'a2', changes: [give] })).toMatchObject({ code: 'action_forbidden' });
  });

  it('A2 unknown fields, envelope fields and prototype names are refused and nothing is stored', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    await createAccount(device, 'a1');
    const before = await storedAccount(world, 'a1');
    for (const field of ['nonsense', 'rev', 'id', 'scope_keys', 'tenant', '__proto__', 'constructor']) {
      const to = JSON.parse(`{"${field}": "x"}`) as Record<string, unknown>;
      const verdict = await device.send({ recordId: 'a1', changes: [{ group: field, base: {}, to }] });
      expect(verdict).toMatchObject({ status: 'rejected', code: 'invalid' });
    }
    const masked = await device.send({ recordId: 'a1', changes: [change('phone', null, { $masked: '•••' })] });
    expect(masked).toMatchObject({ status: 'rejected', code: 'field_forbidden' });
    expect(await storedAccount(world, 'a1')).toEqual(before);
  });

  it('A6 a reference to a record out of sight gives the same answer as one to nothing', async () => {
    const world = await createSyncWorld(db);
    await createAccount(world.device('stranger'), 'hidden');
    const device = world.device('rep');
    const [hidden, absent] = [
      await createAccount(device, 'a1', { parentAccountId: 'hidden' }),
      await createAccount(device, 'a1', { parentAccountId: 'absent' }),
    ];
    expect(hidden).toMatchObject({ status: 'rejected', code: 'invalid', problems: [{ field: 'parentAccountId' }] });
    expect({ ...hidden, opId: '', opNo: 0 }).toEqual({ ...absent, opId: '', opNo: 0 });
    await createAccount(device, 'own');
    expect(await createAccount(device, 'a1', { parentAccountId: 'own' })).toMatchObject({ status: 'applied' });
  });

  it('SYNC-39 the same ids in two organizations never touch each other', async () => {
    const [left, right] = [await createSyncWorld(db), await createSyncWorld(db)];
    await createAccount(left.device('rep'), 'a1', { name: 'Left' });
    await createAccount(right.device('rep'), 'a1', { name: 'Right' });
    await left.device('rep').send({ recordId: 'a1', changes: [change('name', 'Left', 'Left again')] });
    expect((await storedAccount(left, 'a1'))?.['name']).toBe('Left again');
    expect((await storedAccount(right, 'a1'))?.['name']).toBe('Right');
    const before = await right.rows('SELECT * FROM change ORDER BY seq, n');
    await left.device('manager').send({ kind: 'delete', recordId: 'a1', baseRev: 999 });
    expect(await right.rows('SELECT * FROM change ORDER BY seq, n')).toEqual(before);
  });

  it('SYNC-41 every value that lost is in exactly one conflict record', async () => {
    const world = await createSyncWorld(db);
    const [device, manager] = [world.device('rep'), world.device('manager')];
    await createAccount(device, 'a1', { phone: '+49 30 0', teamId: 'north' });
    await manager.send({ recordId: 'a1', changes: [change('phone', '+49 30 0', '+49 30 1')] });
    const verdict = await device.send({ recordId: 'a1', changes: [change('phone', '+49 30 0', '+49 30 2')] });
    expect(verdict).toMatchObject({ status: 'merged', record: { phone: '+49 30 2' } });
    const conflicts = await world.rows<{ data: Record<string, unknown> }>(
      `SELECT data FROM record WHERE kind = 'conflict'`,
    );
    expect(conflicts.map((row) => row.data)).toMatchObject([
      {
        subjectEntity: 'account',
        subjectId: 'a1',
        group: 'phone',
        lost: { phone: '+49 30 1' },
        kept: { phone: '+49 30 2' },
        lostBy: 'manager',
        keptBy: 'rep',
        ownerId: 'rep',
        teamId: 'north',
      },
    ]);
    if (verdict.status !== 'merged') throw new Error('not merged');
    expect(verdict.conflicts).toEqual(conflicts.map((row) => row.data['id']));
  });

  it('SYNC-36 a conflict goes where its record goes, also when one push makes it and moves the record', async () => {
    const world = await createSyncWorld(db);
    const [device, manager] = [world.device('rep'), world.device('manager')];
    await createAccount(device, 'a1', { phone: '+49 30 0', teamId: 'north' });
    await device.send({ recordId: 'a1', changes: [change('phone', '+49 30 0', '+49 30 1')] });
    const give = {
      group: 'owner',
      base: { ownerId: 'rep', teamId: 'north' },
      to: { ownerId: 'colleague', teamId: 'south' },
    };
    const answer = await manager.push([
      manager.operation({ recordId: 'a1', changes: [change('phone', '+49 30 0', '+49 30 2')] }),
      manager.operation({ recordId: 'a1', changes: [give] }),
    ]);
    expect(answer.verdicts.map((verdict) => verdict.status)).toEqual(['merged', 'applied']);
    const conflicts = await world.rows<{ owner: string; data: Record<string, unknown>; scope_keys: readonly string[] }>(
      `SELECT owner, data, scope_keys FROM record WHERE kind = 'conflict'`,
    );
    expect(conflicts).toMatchObject([{ owner: 'colleague', data: { ownerId: 'colleague', teamId: 'south' } }]);
    expect(conflicts[0]?.scope_keys).not.toContain('t:north');
  });

  it('SYNC-41 a conflict names who wrote the value that lost, not who changed the record last', async () => {
    const world = await createSyncWorld(db);
    const [rep, manager, admin] = [world.device('rep'), world.device('manager'), world.device('admin')];
    await createAccount(rep, 'a1', { phone: '+49 30 0', website: 'https://a.example', teamId: 'north' });
    await manager.send({ recordId: 'a1', changes: [change('phone', '+49 30 0', '+49 30 1')] });
    await admin.send({ recordId: 'a1', changes: [change('description', null, 'Somebody else was here')] });
    const phone = change('phone', '+49 30 0', '+49 30 2');
    await rep.send({ recordId: 'a1', changes: [phone, change('website', 'https://b.example', 'https://c.example')] });
    const conflicts = await world.rows<{ group: string; lostBy: string }>(
      `SELECT data ->> 'group' AS "group", data ->> 'lostBy' AS "lostBy" FROM record WHERE kind = 'conflict' ORDER BY 1`,
    );
    expect(conflicts).toEqual([
      { group: 'phone', lostBy: 'manager' },
      { group: 'website', lostBy: 'rep' },
    ]);
  });

  it('SYNC-41 a deletion typed before others worked is refused, also when the log of that time is gone', async () => {
    const world = await createSyncWorld(db);
    const [lead, rep] = [world.device('manager'), world.device('rep')];
    await createAccount(rep, 'a1', { phone: '+49 30 0', teamId: 'north' });
    const seen = await world.headSeq();
    await rep.send({ recordId: 'a1', changes: [change('phone', '+49 30 0', '+49 30 1')] });
    await world.rows('DELETE FROM change');
    await world.rows('UPDATE tenant_head SET min_seq = seq');
    const verdict = await lead.send({ kind: 'delete', recordId: 'a1', baseRev: seen });
    expect(verdict).toMatchObject({ status: 'rejected', code: 'conflict_manual' });
    expect((await storedAccount(world, 'a1'))?.['phone']).toBe('+49 30 1');
  });

  it('SYNC-46 resolving a conflict is an ordinary operation and closes it exactly once', async () => {
    const world = await createSyncWorld(db);
    const [device, manager] = [world.device('rep'), world.device('manager')];
    await createAccount(device, 'a1', { phone: '+49 30 0', teamId: 'north' });
    await manager.send({ recordId: 'a1', changes: [change('phone', '+49 30 0', '+49 30 1')] });
    const verdict = await device.send({ recordId: 'a1', changes: [change('phone', '+49 30 0', '+49 30 2')] });
    const conflictId = verdict.status === 'merged' ? (verdict.conflicts[0] ?? '') : '';
    const resolve = (by: string, resolution: string) => ({
      entity: 'conflict',
      recordId: conflictId,
      changes: [
        {
          group: 'state',
          base: { state: 'open', resolution: null, resolvedBy: null },
          to: { state: 'resolved', resolution, resolvedBy: by },
        },
      ],
    });
    expect(await device.send(resolve('rep', 'kept'))).toMatchObject({
      status: 'applied',
      record: { state: 'resolved' },
    });
    expect(await manager.send(resolve('manager', 'taken'))).toMatchObject({ status: 'rejected' });
    const rows = await world.rows<{ data: Record<string, unknown> }>(`SELECT data FROM record WHERE kind = 'conflict'`);
    expect(rows).toMatchObject([{ data: { state: 'resolved', resolution: 'kept', resolvedBy: 'rep' } }]);
  });

  it('SYNC-45 a group is taken whole', async () => {
    const world = await createSyncWorld(db);
    const [device, manager] = [world.device('rep'), world.device('manager')];
    const address = { billingStreet: 'Old street', billingCity: 'Old city' };
    await createAccount(device, 'a1', { ...address, teamId: 'north' });
    const move = (base: object, to: object) => [{ group: 'billingAddress', base: { ...base }, to: { ...to } }];
    await manager.send({
      recordId: 'a1',
      changes: move(address, { billingStreet: 'M street', billingCity: 'M city' }),
    });
    await device.send({ recordId: 'a1', changes: move(address, { billingStreet: 'R street', billingCity: 'R city' }) });
    const stored = await storedAccount(world, 'a1');
    expect([stored?.['billingStreet'], stored?.['billingCity']]).toEqual(['R street', 'R city']);
  });

  it('SYNC-48 a refused operation does not stop an independent one, SYNC-49 and its dependents are blocked', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    const bad = device.operation({
      kind: 'create',
      recordId: 'bad',
      changes: changesFor('account', { ownerId: 'rep' }),
    });
    const child = device.operation({
      kind: 'create',
      entity: 'contact',
      recordId: 'child',
      dependsOn: [bad.opId],
      changes: changesFor('contact', { name: 'Child', ownerId: 'rep' }),
    });
    const good = device.operation({
      kind: 'create',
      recordId: 'good',
      changes: changesFor('account', { name: 'Good', ownerId: 'rep' }),
    });
    const { verdicts } = await device.push([bad, child, good]);
    expect(verdicts).toMatchObject([
      { status: 'rejected', code: 'invalid', problems: [{ field: 'name' }] },
      { status: 'blocked', by: bad.opId },
      { status: 'applied' },
    ]);
    const grandchild = device.operation({
      recordId: 'good',
      dependsOn: [child.opId],
      changes: [change('phone', null, '+49 1 23')],
    });
    expect((await device.push([grandchild])).verdicts[0]).toMatchObject({ status: 'blocked', by: child.opId });
    expect(await world.rows(`SELECT id FROM record WHERE id IN ('bad', 'child', 'good')`)).toEqual([{ id: 'good' }]);
  });

  it('B2 an operation that waits for itself, for a later one or for nothing is blocked', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    const changes = changesFor('account', { name: 'Waiting', ownerId: 'rep' });
    const itself = device.operation({ kind: 'create', recordId: 'a1', opId: 'op-1', dependsOn: ['op-1'], changes });
    const later = device.operation({ kind: 'create', recordId: 'a2', opId: 'op-2', dependsOn: ['op-3'], changes });
    const nothing = device.operation({ kind: 'create', recordId: 'a3', opId: 'op-3', dependsOn: ['op-99'], changes });
    const { verdicts } = await device.push([itself, later, nothing]);
    expect(verdicts.map((verdict) => verdict.status)).toEqual(['blocked', 'blocked', 'blocked']);
  });

  it('B3 one bad operation of a txn takes all of it with it and nothing else', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    const create = (recordId: string, values: Readonly<Record<string, unknown>>, txn?: string) =>
      device.operation({
        kind: 'create',
        recordId,
        changes: changesFor('account', { ownerId: 'rep', ...values }),
        ...(txn === undefined ? {} : { txn }),
      });
    const ops = [
      create('before', { name: 'Before' }),
      create('one', { name: 'One' }, 'txn-1'),
      create('two', {}, 'txn-1'),
      create('three', { name: 'Three' }, 'txn-1'),
      create('four', { name: 'Four' }, 'txn-2'),
      create('five', { name: 'Five' }, 'txn-2'),
    ];
    const { verdicts } = await device.push(ops);
    expect(verdicts.map((verdict) => verdict.status)).toEqual([
      'applied',
      'blocked',
      'rejected',
      'blocked',
      'applied',
      'applied',
    ]);
    const rows = await world.rows<{ id: string; seq: number }>(
      `SELECT id, seq FROM change WHERE device = $1 ORDER BY seq, n`,
      [device.id],
    );
    expect(rows.map((row) => row.id)).toEqual(['before', 'four', 'five']);
    expect(rows[1]?.seq).toBe(rows[2]?.seq);
  });

  it('SYNC-26 whoever changes rights bumps the epoch in the same transaction, and an old epoch is told', async () => {
    const world = await createSyncWorld(db);
    const admin = world.device('admin');
    const old = await world.actorOf('rep');
    const bump = await admin.send({
      entity: 'user',
      recordId: 'rep',
      changes: [{ group: 'owner', base: { teamId: 'north' }, to: { teamId: 'south' } }],
    });
    expect(bump).toMatchObject({ status: 'applied' });
    const now = await world.actorOf('rep');
    expect([now.epoch, now.teamIds]).toEqual([old.epoch + 1, ['south']]);
    await admin.send({ entity: 'user', recordId: 'rep', changes: [change('jobTitle', null, 'Closer')] });
    expect((await world.actorOf('rep')).epoch).toBe(now.epoch);
    await admin.send({ entity: 'team', recordId: 'south', changes: [change('leadId', null, 'colleague')] });
    expect((await world.actorOf('rep')).epoch).toBe(now.epoch + 1);
    const stale = pushOperations(world.deps, old, 'laptop', { protocol: 1, epoch: old.epoch, ops: [] });
    await expect(stale).rejects.toMatchObject({ code: 'scope_changed', details: { epoch: now.epoch + 1 } });
    const early = pushOperations(world.deps, now, 'laptop', { protocol: 1, epoch: 0, ops: [] });
    await expect(early).rejects.toMatchObject({ code: 'scope_changed' });
  });

  it('SYNC-26 a new user has an epoch and no credentials, and an e-mail address is used once', async () => {
    const world = await createSyncWorld(db);
    const admin = world.device('admin');
    const values = { name: 'New', email: 'new@example.com', role: 'sales_rep', isActive: true };
    const create = (recordId: string) =>
      admin.send({ kind: 'create', entity: 'user', recordId, changes: changesFor('user', values) });
    expect(await create('new-user')).toMatchObject({ status: 'applied' });
    expect((await world.actorOf('new-user')).epoch).toBe(1);
    expect(await world.rows('SELECT 1 AS one FROM account')).toEqual([]);
    expect(await create('twin')).toMatchObject({
      status: 'rejected',
      code: 'duplicate',
      problems: [{ field: 'email' }],
    });
  });

  it('SYNC-2.7 a delete is soft, needs to have seen the newest foreign change, and can be taken back', async () => {
    const world = await createSyncWorld(db);
    const [manager, device] = [world.device('manager'), world.device('rep')];
    await createAccount(manager, 'a1', { ownerId: 'rep', teamId: 'north' });
    await manager.send({ recordId: 'a1', changes: [change('phone', null, '+49 30 1')] });
    await device.send({ recordId: 'a1', changes: [change('website', null, 'one.example')] });
    expect(await manager.send({ kind: 'delete', recordId: 'a1', baseRev: 1 })).toMatchObject({
      code: 'conflict_manual',
    });
    const seen = await world.headSeq();
    await manager.send({ recordId: 'a1', changes: [change('employees', null, 5)] });
    expect(await manager.send({ kind: 'delete', recordId: 'a1', baseRev: seen })).toMatchObject({
      status: 'applied',
      record: null,
    });
    const edit = await device.send({ recordId: 'a1', changes: [change('phone', '+49 30 1', '+49 30 2')] });
    expect(edit).toMatchObject({ status: 'rejected', code: 'deleted' });
    const restored = await manager.send({ kind: 'restore', recordId: 'a1' });
    expect(restored).toMatchObject({ status: 'applied', record: { id: 'a1', phone: '+49 30 1' } });
  });

  it('SYNC-44 do-not-contact stays once it was said, whatever arrives later with an older base', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    const manager = world.device('manager');
    const values = { name: 'Quiet', ownerId: 'rep', teamId: 'north', doNotCall: false };
    const created = await device.send({
      kind: 'create',
      entity: 'contact',
      recordId: 'c1',
      changes: changesFor('contact', values),
    });
    expect(created).toMatchObject({ status: 'applied' });
    const group = 'doNotCall';
    await manager.send({ entity: 'contact', recordId: 'c1', changes: [change(group, false, true)] });
    await device.send({ entity: 'contact', recordId: 'c1', changes: [change(group, null, false)] });
    const rows = await world.rows<{ value: boolean }>(`SELECT data->'doNotCall' AS value FROM record WHERE id = 'c1'`);
    expect(rows[0]?.value).toBe(true);
  });
});
