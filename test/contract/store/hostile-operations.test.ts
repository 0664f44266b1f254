// Operations as no honest device writes them, on both databases: each is answered in words, nothing of it is stored, and
// what came before and comes after is untouched by it.
import { Value } from 'typebox/value';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OperationSchema, type Change, type Operation } from '#shared/sync/operation.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  change,
  changesFor,
  createSyncWorld,
  seededRecord,
  type SyncWorld,
  type TestDevice,
} from '#test/support/sync-world.ts';

const dueDate = '2026-09-30';
const deal = {
  name: 'Turbines',
  pipelineId: 'p',
  stageId: 's',
  status: 'open',
  amount: 12_300,
  currency: 'EUR',
  closeDate: dueDate,
};
const pipeline = {
  name: 'Sales',
  stages: [{ id: 's', name: 'First', type: 'open', probability: 10, forecastCategory: 'pipeline', order: 1 }],
  isDefault: true,
};

describe.each(sqlEngines)('hostile operations on $name', (engine) => {
  let db: SqlDatabase;
  let remove: () => Promise<void>;
  let world: SyncWorld;
  let rep: TestDevice;

  beforeAll(async () => {
    const place = await engine.createLocation();
    remove = place.remove;
    db = await openDatabase(place.location);
  });
  afterAll(async () => {
    await db.close();
    await remove();
  });
  beforeEach(async () => {
    world = await createSyncWorld(db);
    rep = world.device('rep');
    const own = { ownerId: 'rep', teamId: 'north' };
    const records = [
      seededRecord('pipeline', 'p', pipeline),
      seededRecord('account', 'a1', { name: 'Acme', phone: '+49 30 1', ...own }),
      seededRecord('contact', 'c1', { lastName: 'Berg', ...own }),
      seededRecord('deal', 'd1', { ...deal, ...own }),
    ];
    await seedRecords(db, world.tenantId, records, world.deps.clock);
  });

  /** As the routes do: what the schema refuses never gets further. `json`: the operation as it stood on the wire. */
  async function offer(device: TestDevice, json: string): Promise<Verdict | 'unreadable'> {
    const operation = JSON.parse(json) as Operation;
    if (!Value.Check(OperationSchema, operation)) return 'unreadable';
    return (await device.push([operation])).verdicts[0] as Verdict;
  }

  function isRefused(verdict: Verdict | 'unreadable'): boolean {
    return verdict === 'unreadable' || verdict.status === 'rejected';
  }

  async function stored(id: string): Promise<Record<string, unknown> | undefined> {
    const rows = await world.rows<{ data: Record<string, unknown> }>('SELECT data FROM record WHERE id = $1', [id]);
    return rows[0]?.data;
  }

  /** Offers a change of the account, written with a value that JSON can carry and JavaScript may not be able to write. */
  function offerValue(group: string, valueJson: string): Promise<Verdict | 'unreadable'> {
    const operation = rep.operation({ recordId: 'a1', changes: [change(group, null, '@value@')] });
    return offer(
      rep,
      JSON.stringify(operation).replace('"@value@"', () => valueJson),
    );
  }

  it('B1 numbers and ids of operations that cannot be are refused, and the device goes on', async () => {
    const good = rep.operation({ recordId: 'a1', changes: [change('phone', '+49 30 1', '+49 30 2')] });
    for (const opNo of ['0', '-1', '1.5', '1e400', '"2"', 'null', '9007199254740993']) {
      const json = JSON.stringify(good).replace(/"opNo":\d+/, `"opNo":${opNo}`);
      const outcome = await offer(rep, json).catch((error: unknown) => error);
      expect([opNo, outcome]).toEqual([
        opNo,
        expect.toSatisfy((seen) => seen === 'unreadable' || hasCode(seen, 'invalid')),
      ]);
    }
    for (const opId of ['', ' ', '../x', 'a'.repeat(65), 'ä', "';DROP TABLE record;--"])
      expect([opId, await offer(rep, JSON.stringify({ ...good, opId }))]).toEqual([opId, 'unreadable']);
    expect((await rep.push([good])).verdicts[0]?.status).toBe('applied');
  });

  it('B1 an id that another device or organization used means nothing here', async () => {
    const other = await createSyncWorld(db);
    const taken = rep.operation({ recordId: 'a1', changes: [change('phone', '+49 30 1', '+49 30 2')] });
    await rep.push([taken]);
    const elsewhere = other.device('rep');
    const foreign = elsewhere.operation({ recordId: 'a1', opId: taken.opId, changes: [change('phone', null, '1')] });
    const colleague = world.device('colleague');
    const same = colleague.operation({ recordId: 'a1', opId: taken.opId, changes: [change('phone', null, '2')] });
    const verdicts = [await elsewhere.push([foreign]), await colleague.push([same])].map((seen) => seen.verdicts[0]);
    expect(verdicts.map((verdict) => verdict?.status)).toEqual(['rejected', 'rejected']);
    expect(await stored('a1')).toMatchObject({ phone: '+49 30 2' });
  });

  it('B4 who lies about what was on the screen overwrites at most what anybody may, and the loser is kept', async () => {
    const manager = world.device('manager');
    await manager.send({ recordId: 'a1', changes: [change('name', 'Acme', 'Acme of the manager')] });
    const lie = await rep.send({
      recordId: 'a1',
      changes: [change('name', 'Acme of the manager', 'Acme of the liar')],
    });
    expect(lie.status).toBe('applied');
    const changes = await world.rows<{ actor: string }>(`SELECT actor FROM change WHERE id = 'a1' ORDER BY seq`);
    expect(changes.map(({ actor }) => actor)).toEqual([null, 'manager', 'rep']);
    const stranger = world.device('stranger');
    const reach = await stranger.send({ recordId: 'a1', changes: [change('name', 'Acme of the liar', 'Mine')] });
    expect(reach).toMatchObject({ status: 'rejected', code: 'not_visible', record: null });
    const own = await world
      .device('viewer')
      .send({ recordId: 'a1', changes: [change('name', 'Acme of the liar', 'x')] });
    expect(own.status).toBe('rejected');
  });

  it('B6 text that no store can keep is refused; text that is only strange comes back as it was', async () => {
    for (const bad of ['"a\\u0000b"', '"\\ud800"', '"x\\udc00y"'])
      expect([bad, isRefused(await offerValue('name', bad))]).toEqual([bad, true]);
    expect(isRefused(await offerValue('name', JSON.stringify('x'.repeat(1_000_000))))).toBe(true);
    expect(await stored('a1')).toMatchObject({ name: 'Acme' });
    let shown = 'Acme';
    for (const strange of [
      '💣🏴‍☠️',
      '\u202Etxt.exe',
      'a\u200Bb',
      'e\u0301',
      '\u00E9',
      'Раураl',
      '$1 \\ "quoted" \'x\' {{name}}',
    ]) {
      const verdict = await rep.send({ recordId: 'a1', changes: [change('name', shown, strange)] });
      expect([strange, verdict.status]).toEqual([strange, 'applied']);
      expect(await stored('a1')).toMatchObject({ name: strange });
      shown = strange;
    }
  });

  it('B7 numbers that are none, or more than can be kept exactly, are refused', async () => {
    for (const bad of ['1e400', '-1e400', '9007199254740993', '0.5', '"100"', '[1]', '{}', 'true', '"NaN"']) {
      const operation = rep.operation({
        entity: 'deal',
        recordId: 'd1',
        changes: [{ group: 'amount', base: { amount: 12_300 }, to: { amount: '@value@' } }],
      });
      const verdict = await offer(rep, JSON.stringify(operation).replace('"@value@"', bad));
      expect([bad, isRefused(verdict)]).toEqual([bad, true]);
    }
    expect(await stored('d1')).toMatchObject({ amount: 12_300 });
  });

  it('B8 days that are in no calendar are refused, and those that are come back as they were', async () => {
    let shown = dueDate;
    const give = (to: unknown): Promise<Verdict> =>
      rep.send({ entity: 'deal', recordId: 'd1', changes: [change('closeDate', shown, to)] });
    const none = [
      '2026-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-04-31',
      '0000-00-00',
      '20260930',
      '2026-9-3',
      '30.9.2026',
      '2026-09-30T10:00:00Z',
      1_790_000_000,
      '+002026-09-30',
      '2026-09-30 ',
    ];
    for (const day of none) expect([day, (await give(day)).status]).toEqual([day, 'rejected']);
    for (const day of ['2028-02-29', '9999-12-31', '1900-01-01']) {
      expect([day, (await give(day)).status]).toEqual([day, 'applied']);
      shown = day;
    }
    expect(await stored('d1')).toMatchObject({ closeDate: '1900-01-01' });
  });

  it('B9 ids that are no ids are refused', async () => {
    const free = rep.operation({ recordId: 'free' });
    for (const id of ['', '..', '%2e%2e', 'a/b', 'x'.repeat(300), ' a1', 'a1\u0000', '__proto__', '-1']) {
      const operation = rep.operation({ recordId: 'free' });
      const json = JSON.stringify({
        ...operation,
        kind: 'create',
        recordId: id,
        changes: changesFor('account', { name: 'X', ownerId: 'rep' }),
      });
      expect([id, await offer(rep, json)]).toEqual([id, 'unreadable']);
    }
    const pointing: Operation = {
      ...free,
      kind: 'patch',
      entity: 'contact',
      recordId: 'c1',
      changes: [change('accountId', null, '../a1')],
    };
    const reference = (await rep.push([pointing])).verdicts[0];
    expect(reference?.status).toBe('rejected');
  });

  it('B10 names of entities, groups and fields are looked up in a list and never become part of a statement', async () => {
    const names = [
      "name'; DROP TABLE record;--",
      'data->>secret',
      '__proto__',
      'constructor',
      'toString',
      '(a+)+$',
      '*',
      'Name',
    ];
    for (const name of names) {
      const asGroup = rep.operation({ recordId: 'a1', changes: [{ group: name, base: {}, to: { [name]: 'x' } }] });
      expect([name, isRefused(await offer(rep, JSON.stringify(asGroup)))]).toEqual([name, true]);
      const asField: Change = {
        group: 'name',
        base: {},
        to: JSON.parse(`{${JSON.stringify(name)}:"x"}`) as Record<string, unknown>,
      };
      const field = rep.operation({ recordId: 'a1', changes: [asField] });
      expect([name, isRefused(await offer(rep, JSON.stringify(field)))]).toEqual([name, true]);
      const entity = rep.operation({
        entity: name.slice(0, 32),
        recordId: 'a1',
        changes: [change('name', 'Acme', 'x')],
      });
      expect([name, isRefused(await offer(rep, JSON.stringify(entity)))]).toEqual([name, true]);
    }
    expect(await stored('a1')).toMatchObject({ name: 'Acme' });
  });
});

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
