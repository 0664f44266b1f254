import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldModeOf } from '#shared/access/field-policy.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { DEFAULT_PIPELINE_ID, defaultStages } from '#shared/entities/default-pipeline.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import { openDatabase } from '#server/store/open-database.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  change,
  changesFor,
  createSyncWorld,
  seededRecord,
  type SyncWorld,
  type TestDevice,
} from '#test/support/sync-world.ts';

type Values = Readonly<Record<string, unknown>>;

describe.each(sqlEngines)('field rules on $name', (engine) => {
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

  async function create(device: TestDevice, entity: EntityName, recordId: string, values: Values): Promise<Verdict> {
    return device.send({ kind: 'create', entity, recordId, changes: changesFor(entity, values) });
  }

  async function govern(world: SyncWorld, rules: Readonly<Record<string, string>>, role = 'sales_rep'): Promise<void> {
    const admin = world.device('admin');
    for (const [name, mode] of Object.entries(rules)) {
      const [entity = '', field = ''] = name.split('.');
      const verdict = await create(admin, 'fieldRule', `${role}-${entity}-${field}`, { role, entity, field, mode });
      expect(verdict.status, JSON.stringify(verdict)).toBe('applied');
    }
  }

  async function register(world: SyncWorld, name: string, values: Values): Promise<void> {
    const [entity = '', field = ''] = name.split('.');
    const verdict = await create(world.device('admin'), 'piiRule', `pii-${entity}-${field}`, {
      entity,
      field,
      ...values,
    });
    expect(verdict.status, JSON.stringify(verdict)).toBe('applied');
  }

  const seed = (world: SyncWorld, kind: EntityName, id: string, values: Values): Promise<void> =>
    seedRecords(db, world.tenantId, [seededRecord(kind, id, values)], world.deps.clock);

  const auditOf = (world: SyncWorld) =>
    world.rows<{ command: string; entity: string; outcome: string }>(
      'SELECT command, entity, outcome FROM audit ORDER BY no',
    );

  it('PER-13 a custom role gives what it names and nothing else, and takes effect at once', async () => {
    const world = await createSyncWorld(db);
    const admin = world.device('admin');
    const made = await create(admin, 'role', 'closer', {
      name: 'Closer',
      basedOn: 'sales_rep',
      permissions: ['record.read', 'record.delete'],
      scopes: { account: { read: 'own', delete: 'own' } },
    });
    expect(made.status).toBe('applied');
    const before = await world.actorOf('rep');
    const given = await admin.send({
      entity: 'user',
      recordId: 'rep',
      changes: [change('role', 'sales_rep', 'closer')],
    });
    expect(given.status).toBe('applied');
    const actor = await world.actorOf('rep');
    expect(actor).toMatchObject({
      role: 'closer',
      roleName: 'Closer',
      permissions: ['record.read', 'record.delete'],
      epoch: before.epoch + 1,
    });
    await seed(world, 'account', 'mine', { name: 'Mine', ownerId: 'rep' });
    const rep = world.device('rep');
    const refused = await rep.send({ recordId: 'mine', changes: [change('phone', null, '+49 30 1')] });
    expect(refused).toMatchObject({ status: 'rejected', code: 'action_forbidden' });
    expect(await rep.send({ kind: 'delete', recordId: 'mine', baseRev: 1_000 })).toMatchObject({ status: 'applied' });
    await rep.pullAll();
    expect([...rep.store.keys()].filter((key) => !key.startsWith('accounts/'))).toEqual([]);
    const wider = [{ group: 'permissions', base: { permissions: [] }, add: { permissions: ['record.create'] } }];
    await admin.send({ entity: 'role', recordId: 'closer', changes: wider });
    expect((await world.actorOf('rep')).epoch).toBe(actor.epoch + 1);
    expect((await world.actorOf('colleague')).epoch).toBe(before.epoch);
  });

  it('PER-13 only administrators make and give roles, nobody more than a role may hold', async () => {
    const world = await createSyncWorld(db);
    const values = { name: 'X', basedOn: 'viewer', permissions: ['record.read'], scopes: {} };
    for (const userId of ['rep', 'manager', 'viewer']) {
      expect(await create(world.device(userId), 'role', `by-${userId}`, values)).toMatchObject({
        code: 'action_forbidden',
      });
    }
    const admin = world.device('admin');
    const server = { ...values, permissions: ['platform.view_all_tenants'] };
    expect(await create(admin, 'role', 'server', server)).toMatchObject({ status: 'rejected', code: 'invalid' });
    const rules = { ...values, scopes: { fieldRule: { update: 'all' } } };
    expect(await create(admin, 'role', 'rules', rules)).toMatchObject({ status: 'rejected', code: 'invalid' });
    expect(await create(admin, 'role', 'viewer', values)).toMatchObject({
      status: 'rejected',
      code: 'action_forbidden',
    });
    const unknown = { entity: 'user', recordId: 'rep', changes: [change('role', 'sales_rep', 'nobody-made-this')] };
    expect(await admin.send(unknown)).toMatchObject({ status: 'rejected', code: 'invalid' });
    expect(await create(admin, 'role', 'held', values)).toMatchObject({ status: 'applied' });
    await admin.send({ entity: 'user', recordId: 'rep', changes: [change('role', 'sales_rep', 'held')] });
    const deletion = { kind: 'delete', entity: 'role', recordId: 'held', baseRev: 1_000 } as const;
    expect(await admin.send(deletion)).toMatchObject({ status: 'rejected', code: 'action_forbidden' });
    await admin.send({ entity: 'user', recordId: 'rep', changes: [change('role', 'held', 'viewer')] });
    expect(await admin.send(deletion)).toMatchObject({ status: 'applied' });
  });

  it('SYNC-26 a rule and the epochs of those it concerns change together, and of nobody else', async () => {
    const world = await createSyncWorld(db);
    const epochs = async () =>
      Object.fromEntries(
        await Promise.all(
          ['admin', 'manager', 'rep', 'viewer'].map(async (id) => [id, (await world.actorOf(id)).epoch] as const),
        ),
      );
    const start = await epochs();
    await govern(world, { 'account.phone': 'hidden' });
    expect(await epochs()).toEqual({ ...start, rep: (start['rep'] ?? 0) + 1 });
    await register(world, 'account.email', { maskType: 'redact' });
    const { admin = 0, manager = 0, rep = 0, viewer = 0 } = start;
    expect(await epochs()).toEqual({ admin, manager: manager + 1, rep: rep + 2, viewer: viewer + 1 });
    expect(await auditOf(world)).toMatchObject([
      { entity: 'fieldRule', outcome: 'applied' },
      { entity: 'piiRule', outcome: 'applied' },
    ]);
  });

  it('SYNC-22 the bundle holds modes of visible fields only, and no rule reaches anybody but administrators', async () => {
    const world = await createSyncWorld(db);
    await govern(world, { 'contact.birthday': 'hidden', 'contact.email': 'mask', 'contact.phone': 'view' });
    const { fields } = await world.actorOf('rep');
    expect(JSON.stringify(fields)).not.toContain('birthday');
    expect(fields?.contact).toMatchObject({ email: 'mask', phone: 'view', jobTitle: 'edit' });
    expect(fieldModeOf(fields ?? {}, 'contact', 'birthday')).toBe('hidden');
    expect((await world.actorOf('admin')).fields).toBeUndefined();
    const rep = world.device('rep');
    expect(JSON.stringify(await rep.pullAll())).not.toMatch(/fieldRule|birthday/);
    const admin = world.device('admin');
    await admin.pullAll();
    expect([...admin.store.keys()].filter((key) => key.includes('sales_rep-contact'))).toHaveLength(3);
  });

  it('SYNC-22 A9 canaries in hidden and masked fields reach a representative on no path', async () => {
    const world = await createSyncWorld(db);
    const secret = { phone: '+49 30 555000111', email: 'canary@secret.example', description: 'CANARY-TEXT' };
    const account = {
      name: 'Acme',
      ownerId: 'rep',
      teamId: 'north',
      ...secret,
      annualRevenue: 987_654_321,
      currency: 'EUR',
    };
    await seed(world, 'pipeline', DEFAULT_PIPELINE_ID, { name: 'Sales', stages: defaultStages });
    await seed(world, 'account', 'a1', account);
    await govern(world, {
      'account.phone': 'hidden',
      'account.email': 'mask',
      'account.description': 'hidden',
      'account.annualRevenue': 'hidden',
      'account.currency': 'hidden',
      'deal.amount': 'hidden',
      'deal.currency': 'hidden',
    });
    const answers: unknown[] = [];
    const rep = world.device('rep');
    answers.push(await rep.pullAll());
    const admin = world.device('admin');
    // Conflicts about what is hidden and about what is masked.
    for (const [field, values] of Object.entries({
      phone: ['+49 30 555000222', '+49 30 555000333'],
      email: ['canary2@secret.example', 'canary3@secret.example'],
    })) {
      for (const value of values) {
        await admin.send({ recordId: 'a1', changes: [change(field, account[field as 'phone'], value)] });
      }
    }
    answers.push(await rep.pullAll());
    expect([...rep.store.values()].filter((record) => record.kind === 'conflict')).toHaveLength(1);
    answers.push(await rep.send({ recordId: 'a1', changes: [change('website', null, 'acme.example')] }));
    answers.push(await rep.send({ recordId: 'a1', changes: [change('phone', null, '1234567')] }));
    // A deal whose amount is hidden, moved by somebody who does not see it.
    const stage = { pipelineId: DEFAULT_PIPELINE_ID, stageId: defaultStages[0]?.id, status: 'open' };
    const worth = { amount: 123_456_789, currency: 'EUR' };
    await create(admin, 'deal', 'd1', { name: 'Deal', ownerId: 'rep', teamId: 'north', ...stage, ...worth });
    answers.push(await rep.pullAll());
    const next = defaultStages[1]?.id;
    const move = { group: 'stage', base: { stageId: stage.stageId }, to: { stageId: next, probability: 20 } };
    answers.push(await rep.send({ entity: 'deal', recordId: 'd1', changes: [move] }));
    const entry = {
      dealId: 'd1',
      pipelineId: DEFAULT_PIPELINE_ID,
      toStage: next,
      toType: 'open',
      ownerId: 'rep',
      teamId: 'north',
    };
    const history = await create(rep, 'stageChange', 's1', { ...entry, occurredAt: '2026-03-02T08:00:00.000Z' });
    expect(history.status, JSON.stringify(history)).toBe('applied');
    answers.push(history, await rep.pullAll());
    const fresh = world.device('rep');
    answers.push(await fresh.pullAll());
    expect(fresh.store).toEqual(rep.store);
    const text = JSON.stringify(answers);
    for (const canary of ['555000', 'canary', 'CANARY-TEXT', '987654321', '123456789'])
      expect(text).not.toContain(canary);
    expect(rep.store.get('accounts/a1')).toMatchObject({ email: { $masked: '•••' }, name: 'Acme' });
    expect(rep.store.get('accounts/a1')).not.toHaveProperty('phone');
    // Nothing of it was lost: the server completed the history with what the deal was worth.
    await admin.pullAll();
    expect(admin.store.get('activities/s1')).toMatchObject({ amountBefore: 123_456_789, currency: 'EUR' });
    expect(admin.store.get('accounts/a1')).toMatchObject({ description: 'CANARY-TEXT', website: 'acme.example' });
  });

  it('SYNC-18 SYNC-22 a device reconciles by manifest what a rule took away, and then nothing more', async () => {
    const world = await createSyncWorld(db);
    const values = { ownerId: 'rep', email: 'canary@secret.example', phone: '+49 30 555000111' };
    for (const id of ['c1', 'c2', 'c3']) await seed(world, 'contact', id, { name: id, ...values });
    const rep = world.device('rep');
    await rep.pullAll();
    expect(rep.store.get('contacts/c1')).toMatchObject(values);
    await register(world, 'contact.email', { maskType: 'tokenize' });
    await govern(world, { 'contact.phone': 'hidden' });
    await rep.reconcile(2);
    await rep.pullAll();
    const fresh = world.device('rep');
    await fresh.pullAll();
    expect(rep.store).toEqual(fresh.store);
    expect(JSON.stringify([...rep.store])).not.toMatch(/canary|555000/);
    // Changes of what is hidden make no fingerprint another one.
    await world.device('admin').send({
      entity: 'contact',
      recordId: 'c2',
      changes: [change('phone', '+49 30 555000111', '+49 30 555000222')],
    });
    expect(await rep.reconcile(2)).toMatchObject({ asked: [], removed: [] });
  });

  it('SYNC-23 what happens to hidden fields alone changes no answer, no page, no revision and no time', async () => {
    const worlds = [await createSyncWorld(db), await createSyncWorld(db)] as const;
    const transcripts: string[] = [];
    for (const [index, world] of worlds.entries()) {
      await govern(world, { 'account.phone': 'hidden', 'account.description': 'hidden' }, 'manager');
      const [manager, admin] = [world.device('manager', 'laptop'), world.device('admin')];
      for (const id of ['a1', 'a2', 'a3']) await create(manager, 'account', id, { name: id, ownerId: 'manager' });
      const answers: unknown[] = [await manager.pullAll(1)];
      world.clock.nowMs += 60_000;
      if (index === 1) {
        for (let round = 0; round < 4; round += 1) {
          const number = `+49 30 ${round}`;
          await admin.send({ recordId: 'a2', changes: [change('phone', 'a guess', number)] });
          await admin.send({ recordId: 'a2', changes: [change('description', null, `line ${round}`)] });
        }
      }
      answers.push(await manager.pullAll(1));
      const opId = 'op-of-the-manager';
      answers.push(await manager.send({ opId, recordId: 'a2', changes: [change('phone', '+49 30 3', '+49 30 4')] }));
      answers.push(await manager.send({ opId: `${opId}-2`, recordId: 'a2', changes: [change('website', 'x', 'x')] }));
      const fresh = world.device('manager', 'new-laptop');
      answers.push(await fresh.pullAll(2));
      // The deleter has seen the newest of what there is to see.
      const baseRev = fresh.store.get('accounts/a2')?.rev ?? 0;
      answers.push(await fresh.send({ opId: `${opId}-3`, kind: 'delete', recordId: 'a2', baseRev }));
      const times = ['createdAt', 'updatedAt'];
      expect(JSON.stringify(answers.at(-1))).toContain('"status":"applied"');
      transcripts.push(
        JSON.stringify(answers, (key, value: unknown) => {
          if (key === 'token') return String(value).length;
          if (key === 'rev' || key === 'seq') return null;
          // The clock of a tenant is its own: minutes are compared.
          return times.includes(key) ? String(value).slice(0, 16) : value;
        }),
      );
      expect(manager.store.get('accounts/a2')?.updatedBy).toBe('manager');
    }
    expect(transcripts[1]).toBe(transcripts[0]);
  });

  it('A2 A3 A5 neither writing nor guessing tells anything about what is hidden or masked', async () => {
    const world = await createSyncWorld(db);
    await seed(world, 'account', 'a1', {
      name: 'Acme',
      ownerId: 'rep',
      phone: '+49 30 1',
      email: 'a@b.example',
      annualRevenue: 500,
      currency: 'EUR',
    });
    await govern(world, {
      'account.phone': 'hidden',
      'account.email': 'mask',
      'account.annualRevenue': 'hidden',
      'account.website': 'view',
    });
    const rep = world.device('rep');
    const refusalOf = async (changes: Parameters<TestDevice['send']>[0]['changes'] & object) => {
      const verdict = await rep.send({ recordId: 'a1', changes });
      return JSON.stringify({ ...verdict, opId: null, opNo: null, record: null });
    };
    // Right and wrong guesses are the same bytes, and those of a field that nobody defined.
    const guesses = [
      change('phone', '+49 30 1', '+49 30 1'),
      change('phone', '+49 30 2', '+49 30 3'),
      change('phone', null, null),
    ];
    const answers = new Set(
      await guesses.reduce<Promise<string[]>>(
        async (all, guess) => [...(await all), await refusalOf([guess])],
        Promise.resolve([]),
      ),
    );
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain('"code":"invalid"');
    expect([...answers][0]?.replace('phone', 'x')).toBe(
      (await refusalOf([change('telephone', null, 'x')])).replace('telephone', 'x'),
    );
    const inGroup = (guess: number) => [
      { group: 'revenue', base: { annualRevenue: guess, currency: 'EUR' }, to: { currency: 'USD' } },
    ];
    expect(await refusalOf(inGroup(500))).toBe(await refusalOf(inGroup(501)));
    expect(await refusalOf([change('email', 'a@b.example', 'x@b.example')])).toBe(
      await refusalOf([change('email', 'no@b.example', 'a@b.example')]),
    );
    expect(await refusalOf([change('website', null, 'x.example')])).toContain('field_forbidden');
    expect(await refusalOf([change('description', null, { $masked: '•••' })])).toContain('field_forbidden');
    const created = await create(rep, 'account', 'a2', { name: 'New', ownerId: 'rep', phone: '+49 30 9' });
    expect(created).toMatchObject({ status: 'rejected', code: 'invalid' });
    const stored = await world.rows<{ data: Values }>(`SELECT data FROM record WHERE coll = 'accounts'`);
    expect(stored.map(({ data }) => data)).toMatchObject([{ id: 'a1', phone: '+49 30 1', email: 'a@b.example' }]);
    // A string that looks like the mask is text like any other where the field may be edited.
    expect(await rep.send({ recordId: 'a1', changes: [change('description', null, '•••')] })).toMatchObject({
      status: 'applied',
    });
  });

  it('A5 a rule that fails because of something hidden is refused without saying what', async () => {
    const world = await createSyncWorld(db);
    await seed(world, 'product', 'unused', { name: 'Unused' });
    await seed(world, 'deal', 'd1', {
      name: 'Deal',
      ownerId: 'rep',
      amount: 500,
      currency: 'EUR',
      pipelineId: 'p',
      stageId: 's',
      status: 'open',
    });
    await govern(world, { 'deal.amount': 'hidden' });
    const verdict = await world.device('rep').send({
      entity: 'deal',
      recordId: 'd1',
      changes: [{ group: 'amount', base: { currency: 'EUR' }, to: { currency: null } }],
    });
    expect(verdict).toMatchObject({ status: 'rejected', code: 'invalid', problems: [{ field: '', code: 'unseen' }] });
    expect(JSON.stringify(verdict)).not.toMatch(/amount needs/i);
  });

  it('SYNC-30 a partial record is edited without touching what is not seen of it', async () => {
    const world = await createSyncWorld(db);
    await seed(world, 'contact', 'c1', {
      name: 'Erika Muster',
      firstName: 'Erika',
      lastName: 'Muster',
      ownerId: 'rep',
      email: 'erika@muster.example',
    });
    await govern(world, { 'contact.lastName': 'hidden', 'contact.email': 'mask' });
    const rep = world.device('rep');
    await rep.pullAll();
    expect(rep.store.get('contacts/c1')).not.toHaveProperty('name');
    const verdict = await rep.send({
      entity: 'contact',
      recordId: 'c1',
      changes: [{ group: 'name', base: { firstName: 'Erika' }, to: { firstName: 'Eva' } }],
    });
    expect(verdict).toMatchObject({ status: 'applied', record: { firstName: 'Eva' } });
    const [stored] = await world.rows<{ data: Values }>(`SELECT data FROM record WHERE id = 'c1'`);
    expect(stored?.data).toMatchObject({
      name: 'Eva Muster',
      firstName: 'Eva',
      lastName: 'Muster',
      email: 'erika@muster.example',
    });
  });

  it('PER-17 each strategy masks by its rule, the same for the same value and another in another organization', async () => {
    const email = 'erika.muster@example.com';
    const masksOf = async (world: SyncWorld) => {
      for (const [id, value] of Object.entries({ c1: email, c2: email, c3: 'other@example.com' })) {
        await seed(world, 'contact', id, {
          name: id,
          ownerId: 'rep',
          email: value,
          phone: '+49 30 1',
          mobile: '+49 30 12',
          jobTitle: 'Head',
          department: value,
        });
      }
      const config = { showFirst: 2, showLast: 4, maskChar: '*' };
      await register(world, 'contact.email', { maskType: 'hash' });
      await register(world, 'contact.phone', { maskType: 'encrypt' });
      await register(world, 'contact.mobile', { maskType: 'tokenize' });
      await register(world, 'contact.jobTitle', { maskType: 'redact' });
      await register(world, 'contact.department', { maskType: 'partial', config });
      const devices = [world.device('rep'), world.device('rep'), world.device('viewer')];
      for (const device of devices) await device.pullAll(2);
      const [one, two, viewer] = devices.map((device) =>
        ['c1', 'c2', 'c3'].map((id) => device.store.get(`contacts/${id}`)),
      );
      expect(two).toEqual(one);
      expect(viewer).toEqual(one);
      return one ?? [];
    };
    const [one, other] = [await masksOf(await createSyncWorld(db)), await masksOf(await createSyncWorld(db))];
    const [c1, c2, c3] = one;
    expect(c1).toMatchObject({
      email: { $masked: expect.stringMatching(/^#[0-9a-f]{16}$/) as string },
      phone: { $masked: expect.stringMatching(/^enc:/) as string },
      mobile: { $masked: expect.stringMatching(/^tok_/) as string },
      jobTitle: { $masked: '•••' },
      department: { $masked: 'er*****.com' },
    });
    expect(c2?.['email']).toEqual(c1?.['email']);
    expect(c3?.['email']).not.toEqual(c1?.['email']);
    for (const field of ['email', 'phone', 'mobile']) expect(other[0]?.[field]).not.toEqual(c1?.[field]);
    expect(JSON.stringify([one, other])).not.toMatch(/erika\.muster|\+49/);
  });
});
