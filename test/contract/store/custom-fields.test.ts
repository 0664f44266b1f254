import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import { openDatabase } from '#server/store/open-database.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, changesFor, createSyncWorld, type SyncWorld, type TestDevice } from '#test/support/sync-world.ts';

type Values = Readonly<Record<string, unknown>>;

describe.each(sqlEngines)('custom fields on $name', (engine) => {
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

  const create = (device: TestDevice, entity: EntityName, recordId: string, values: Values): Promise<Verdict> =>
    device.send({ kind: 'create', entity, recordId, changes: changesFor(entity, values) });

  const define = (device: TestDevice, entity: string, slot: string, values: Values = {}): Promise<Verdict> =>
    create(device, 'customField', `${entity}.${slot}`, { entity, slot, label: slot, ...values });

  async function openWorld(): Promise<{
    readonly world: SyncWorld;
    readonly admin: TestDevice;
    readonly rep: TestDevice;
  }> {
    const world = await createSyncWorld(db);
    return { world, admin: world.device('admin'), rep: world.device('rep') };
  }

  it('CRM-13 a required one is in every new record, and what exists without it is changed as before', async () => {
    const { admin, rep } = await openWorld();
    const mine = { ownerId: 'rep', teamId: 'north' };
    await create(rep, 'account', 'old', { name: 'Old', ...mine });
    await define(admin, 'account', 'cfText01', { isRequired: true });
    expect(await create(rep, 'account', 'bare', { name: 'Bare', ...mine })).toMatchObject({
      code: 'invalid',
      problems: [{ field: 'cfText01', code: 'required' }],
    });
    expect(await create(rep, 'account', 'new', { name: 'New', ...mine, cfText01: 'Gold' })).toMatchObject({
      status: 'applied',
    });
    const rename = await rep.send({ entity: 'account', recordId: 'old', changes: [change('phone', null, '+49 30 1')] });
    expect(rename).toMatchObject({ status: 'applied' });
    const clear = await rep.send({ entity: 'account', recordId: 'new', changes: [change('cfText01', 'Gold', null)] });
    expect(clear).toMatchObject({ code: 'invalid', problems: [{ field: 'cfText01', code: 'required' }] });
    // Somebody who may not enter it is not kept from work by it.
    await admin.send({
      kind: 'create',
      entity: 'fieldRule',
      recordId: 'rule',
      changes: changesFor('fieldRule', { role: 'sales_rep', entity: 'account', field: 'cfText01', mode: 'hidden' }),
    });
    await rep.pullAll();
    expect(await create(rep, 'account', 'unseen', { name: 'Unseen', ...mine })).toMatchObject({ status: 'applied' });
    await admin.send({
      entity: 'customField',
      recordId: 'account.cfText01',
      changes: [change('isArchived', null, true)],
    });
    expect(await create(admin, 'account', 'later', { name: 'Later', ...mine })).toMatchObject({ status: 'applied' });
  });

  it('CRM-13 are defined by administrators, in places there are, and never deleted', async () => {
    const { world, admin, rep } = await openWorld();
    for (const device of [rep, world.device('manager'), world.device('viewer')]) {
      expect(await define(device, 'account', 'cfText01')).toMatchObject({ code: 'action_forbidden' });
    }
    expect(await define(admin, 'account', 'cfText01')).toMatchObject({ status: 'applied' });
    expect(await define(admin, 'account', 'cfText99')).toMatchObject({ code: 'invalid' });
    expect(await define(admin, 'contact', 'cfMoney01')).toMatchObject({ code: 'invalid' });
    expect(await define(admin, 'product', 'cfText01')).toMatchObject({ code: 'invalid' });
    expect(await define(admin, 'account', 'cfChoice01')).toMatchObject({ code: 'invalid' });
    const elsewhere = { entity: 'account', slot: 'cfText02', label: 'Elsewhere' };
    expect(await create(admin, 'customField', 'account.cfText03', elsewhere)).toMatchObject({ code: 'invalid' });
    const deletion = { kind: 'delete', entity: 'customField', recordId: 'account.cfText01', baseRev: 1_000 } as const;
    expect(await admin.send(deletion)).toMatchObject({ status: 'rejected', code: 'action_forbidden' });
    await rep.pullAll();
    expect(rep.store.get('catalog/account.cfText01')).toMatchObject({ label: 'cfText01' });
  });

  it('CRM-13 take values of their type and of their options, and of no field that nobody defined', async () => {
    const { admin, rep } = await openWorld();
    const options = [
      { value: 'gold', label: 'Gold' },
      { value: 'old', label: 'Old', isArchived: true },
    ];
    await define(admin, 'account', 'cfChoice01', { options });
    await define(admin, 'account', 'cfChoices01', { options });
    await define(admin, 'account', 'cfDate01');
    const own = { name: 'Acme', ownerId: 'rep', teamId: 'north' };
    const good = { cfChoice01: 'gold', cfChoices01: ['gold', 'old'], cfDate01: '2026-03-01' };
    expect(await create(rep, 'account', 'good', { ...own, ...good })).toMatchObject({ status: 'applied' });
    const problemsOf = async (values: Values) => {
      const verdict = await create(rep, 'account', `bad-${Object.keys(values).join('-')}`, { ...own, ...values });
      return verdict.status === 'rejected' ? verdict.problems.map(({ field, code }) => `${field}:${code}`) : [];
    };
    expect(await problemsOf({ cfChoice01: 'silver' })).toEqual(['cfChoice01:option']);
    expect(await problemsOf({ cfChoices01: ['gold', 'silver'] })).toEqual(['cfChoices01:option']);
    expect(await problemsOf({ cfDate01: 'soon' })).toEqual(['cfDate01:date']);
    expect(await problemsOf({ cfText07: 'nobody defined it' })).toEqual(['cfText07:unknown']);
    await rep.pullAll();
    expect(rep.store.get('accounts/good')).toMatchObject(good);
  });

  it('CRM-13 an archived field takes what was typed where nobody had heard of it, and keeps its values', async () => {
    const { admin, rep } = await openWorld();
    await define(admin, 'account', 'cfText01');
    await create(rep, 'account', 'a', { name: 'Acme', ownerId: 'rep', teamId: 'north', cfText01: 'before' });
    const archiving = { entity: 'customField', recordId: 'account.cfText01' };
    expect(await admin.send({ ...archiving, changes: [change('isArchived', null, true)] })).toMatchObject({
      status: 'applied',
    });
    const late = await rep.send({ entity: 'account', recordId: 'a', changes: [change('cfText01', 'before', 'late')] });
    expect(late).toMatchObject({ status: 'applied' });
    await rep.pullAll();
    expect(rep.store.get('accounts/a')).toMatchObject({ cfText01: 'late' });
  });

  it('CRM-13 of two administrators who take the same place, the first has it; nothing typed for the other lands in it', async () => {
    const { world, admin } = await openWorld();
    const second = world.device('second-admin');
    const own = { name: 'Acme', ownerId: 'second-admin' };
    const definition = { entity: 'account', slot: 'cfText01', label: 'Nickname' };
    const make = second.operation({
      kind: 'create',
      entity: 'customField',
      recordId: 'account.cfText01',
      changes: changesFor('customField', definition),
    });
    const value = second.operation({
      kind: 'create',
      entity: 'account',
      recordId: 'a',
      changes: changesFor('account', { ...own, cfText01: 'Acky' }),
      dependsOn: [make.opId],
    });
    expect(await define(admin, 'account', 'cfText01', { label: 'Region' })).toMatchObject({ status: 'applied' });
    const { verdicts } = await second.push([make, value]);
    expect(verdicts[0]).toMatchObject({ status: 'rejected', code: 'duplicate', why: { reason: 'fieldTaken' } });
    expect(verdicts[1]).toMatchObject({ status: 'blocked' });
    await second.pullAll();
    expect(second.store.get('catalog/account.cfText01')).toMatchObject({ label: 'Region' });
    expect(second.store.get('accounts/a')).toBeUndefined();
  });

  it('SYNC-22 a hidden custom field never leaves the server, and cannot be written by guessing its name', async () => {
    const { world, admin, rep } = await openWorld();
    await define(admin, 'account', 'cfText01');
    await define(admin, 'account', 'cfText02');
    const values = { name: 'Acme', ownerId: 'rep', teamId: 'north', cfText01: 'secret', cfText02: 'open' };
    await create(admin, 'account', 'a', values);
    await rep.pullAll();
    expect(rep.store.get('accounts/a')).toMatchObject({ cfText01: 'secret', cfText02: 'open' });
    const rule = { role: 'sales_rep', entity: 'account', field: 'cfText01', mode: 'hidden' };
    expect(await create(admin, 'fieldRule', 'rule', rule)).toMatchObject({ status: 'applied' });
    await rep.pullAll();
    expect(rep.store.get('accounts/a')).toMatchObject({ cfText02: 'open' });
    expect(rep.store.get('accounts/a')).not.toHaveProperty('cfText01');
    const head = await world.headSeq();
    await admin.send({ entity: 'account', recordId: 'a', changes: [change('cfText01', 'secret', 'other secret')] });
    const pages = await rep.pullAll();
    expect(JSON.stringify(pages)).not.toContain('secret');
    expect(pages.flatMap(({ items }) => items)).toEqual([]);
    expect(await world.headSeq()).toBeGreaterThan(head);
    const guess = await rep.send({ entity: 'account', recordId: 'a', changes: [change('cfText01', null, 'mine')] });
    expect(guess).toMatchObject({ status: 'rejected', code: 'invalid' });
    const seen = await rep.send({ entity: 'account', recordId: 'a', changes: [change('cfText02', 'open', 'changed')] });
    expect(seen).toMatchObject({ status: 'applied' });
    const fresh = world.device('rep');
    await fresh.pullAll();
    expect(fresh.store.get('accounts/a')).not.toHaveProperty('cfText01');
    expect(fresh.store.get('accounts/a')).toMatchObject({ cfText02: 'changed' });
  });

  it('PER-14 a registered custom field is masked for every role nobody granted it to, of fields defined later, too', async () => {
    const { world, admin, rep } = await openWorld();
    await define(admin, 'account', 'cfMail01');
    const registered = { entity: 'account', field: 'cfMail01', isPii: true, maskType: 'redact' };
    await create(admin, 'piiRule', 'pii', registered);
    await define(admin, 'account', 'cfText05');
    const values = { ownerId: 'rep', teamId: 'north', cfMail01: 'erika@example.com', cfText05: 'later' };
    await create(admin, 'account', 'a', { name: 'Acme', ...values });
    await rep.pullAll();
    expect(rep.store.get('accounts/a')).toMatchObject({ cfMail01: { $masked: '•••' }, cfText05: 'later' });
    expect((await world.actorOf('rep')).fields?.account).toMatchObject({ '*': 'edit', cfMail01: 'mask' });
  });

  it('SYNC-07 different custom fields of one record merge, and options chosen apart from each other add up', async () => {
    const { admin, rep } = await openWorld();
    const options = ['a', 'b', 'c'].map((value) => ({ value, label: value }));
    await define(admin, 'account', 'cfChoices01', { options });
    await define(admin, 'account', 'cfNumber01');
    await create(rep, 'account', 'a', { name: 'Acme', ownerId: 'rep', teamId: 'north', cfChoices01: ['a'] });
    const chosen = (add: string) => ({
      group: 'cfChoices01',
      base: { cfChoices01: ['a'] },
      add: { cfChoices01: [add] },
      remove: { cfChoices01: [] },
    });
    await rep.send({ entity: 'account', recordId: 'a', changes: [chosen('b')] });
    await admin.send({ entity: 'account', recordId: 'a', changes: [chosen('c'), change('cfNumber01', null, 5)] });
    await rep.pullAll();
    const after = rep.store.get('accounts/a');
    expect(after).toMatchObject({ cfNumber01: 5 });
    expect(after?.['cfChoices01']).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  });
});
