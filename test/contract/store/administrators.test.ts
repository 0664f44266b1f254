import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInRoles, permissionsOf } from '#shared/access/roles.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, changesFor, createSyncWorld } from '#test/support/sync-world.ts';

describe.each(sqlEngines)('administrators on $name', (engine) => {
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

  it('PER-05 an administrator makes nobody a super administrator, neither a new user nor an old one', async () => {
    const world = await createSyncWorld(db);
    const admin = world.device('admin');
    const values = { name: 'Nora', email: 'nora@example.com', role: 'super_admin', isActive: true };
    const changes = changesFor('user', values);
    expect(await admin.send({ kind: 'create', entity: 'user', recordId: 'nora', changes })).toMatchObject({
      status: 'rejected',
      code: 'action_forbidden',
    });
    const promotion = { entity: 'user', recordId: 'rep', changes: [change('role', 'sales_rep', 'super_admin')] };
    expect(await admin.send(promotion)).toMatchObject({ status: 'rejected', code: 'field_forbidden' });
  });

  it('PER-02 two administrators who switch each other off at the same instant leave one', async () => {
    const world = await createSyncWorld(db);
    for (let round = 0; round < 5; round += 1) {
      const [first, second] = [world.device('admin'), world.device('second-admin')];
      const off = (recordId: string) => ({ entity: 'user', recordId, changes: [change('isActive', true, false)] });
      await Promise.allSettled([first.send(off('second-admin')), second.send(off('admin'))]);
      const active = await world.rows<{ id: string }>(
        `SELECT id FROM record WHERE kind = 'user' AND data->>'role' = 'org_admin' AND (data->>'isActive')::boolean`,
      );
      expect(active).toHaveLength(1);
      const [left] = active;
      const other = left?.id === 'admin' ? 'second-admin' : 'admin';
      const on = { entity: 'user', recordId: other, changes: [change('isActive', false, true)] };
      expect((await world.device(left?.id ?? '').send(on)).status).toBe('applied');
    }
  });

  it('PER-02 the last administrator cannot be deleted by the own hand', async () => {
    const world = await createSyncWorld(db);
    const admin = world.device('admin');
    const baseRev = await world.headSeq();
    const remove = (recordId: string) => admin.send({ kind: 'delete', entity: 'user', recordId, baseRev });
    expect(await remove('second-admin')).toMatchObject({ status: 'applied' });
    expect(await remove('admin')).toMatchObject({ status: 'rejected', code: 'action_forbidden' });
  });

  it('PER-02 a custom role that manages users makes no administrator and takes none over', async () => {
    const world = await createSyncWorld(db);
    const admin = world.device('admin');
    const permissions = [...permissionsOf('sales_rep'), 'user.create', 'user.update', 'org.manage_users'];
    const scopes = { ...builtInRoles.sales_rep.scopes, user: builtInRoles.org_admin.scopes.user };
    const desk = { name: 'Help desk', basedOn: 'sales_rep', permissions, scopes, ownerId: 'admin' };
    const role = { kind: 'create', entity: 'role', recordId: 'help-desk', changes: changesFor('role', desk) } as const;
    expect(await admin.send(role)).toMatchObject({ status: 'applied' });
    const given = { entity: 'user', recordId: 'colleague', changes: [change('role', 'sales_rep', 'help-desk')] };
    expect(await admin.send(given)).toMatchObject({ status: 'applied' });
    const person = world.device('colleague');
    const patch = (recordId: string, group: string, base: unknown, to: unknown) =>
      person.send({ entity: 'user', recordId, changes: [change(group, base, to)] });
    expect(await patch('rep', 'role', 'sales_rep', 'org_admin')).toMatchObject({ code: 'field_forbidden' });
    expect(await patch('second-admin', 'isActive', true, false)).toMatchObject({ code: 'field_forbidden' });
    const email = 'second-admin@example.com';
    expect(await patch('second-admin', 'email', email, 'mine@example.com')).toMatchObject({ code: 'field_forbidden' });
    const values = { name: 'Eve', email: 'eve@example.com', role: 'org_admin', isActive: true, ownerId: 'colleague' };
    expect(
      await person.send({ kind: 'create', entity: 'user', recordId: 'eve', changes: changesFor('user', values) }),
    ).toMatchObject({ status: 'rejected', code: 'action_forbidden' });
    expect(await patch('rep', 'isActive', true, false)).toMatchObject({ status: 'applied' });
  });

  it('IDT-04 one new address goes to one user, also within one push', async () => {
    const world = await createSyncWorld(db);
    const admin = world.device('admin');
    const rename = (recordId: string) =>
      admin.operation({
        entity: 'user',
        recordId,
        changes: [change('email', `${recordId}@example.com`, 'Same@example.com')],
      });
    const { verdicts } = await admin.push([rename('rep'), rename('colleague'), rename('rep')]);
    expect(verdicts.map((verdict) => (verdict.status === 'rejected' ? verdict.code : verdict.status))).toEqual([
      'applied',
      'duplicate',
      'noop',
    ]);
  });
});
