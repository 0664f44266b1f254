// The main process against a real server while rights change and the server goes back in time: what is lost goes before
// anything else is asked, only differences travel, and nothing anybody typed is lost.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import { change, seededRecord } from '#test/support/sync-world.ts';
import { copyOrganization } from '#test/support/turn-back-time.ts';

function draft(more: Partial<OperationDraft>): OperationDraft {
  return {
    opId: randomUUID(),
    txn: null,
    kind: 'patch',
    entity: 'account',
    recordId: randomUUID(),
    command: 'updateRecord',
    baseRev: 1,
    changes: [],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
    ...more,
  };
}

const createAccount = (ownerId: string, name: string): OperationDraft =>
  draft({
    kind: 'create',
    command: 'createRecord',
    baseRev: 0,
    changes: [
      { group: 'name', base: {}, to: { name } },
      { group: 'owner', base: {}, to: { ownerId } },
    ],
  });

describe.each(sqlEngines)('a desktop whose rights change, on $name', (engine) => {
  let server: TestServer;
  let tenantId: TenantId;
  let removeStore: () => Promise<void>;
  const places: DesktopPlace[] = [];
  const desktops: Desktop[] = [];
  let company = 0;

  beforeAll(async () => {
    const store = await engine.createLocation();
    removeStore = store.remove;
    server = await startServer({ location: store.location });
  }, 60_000);
  afterAll(async () => {
    await server.remove();
    await removeStore();
  });
  afterEach(async () => {
    for (const running of desktops.splice(0)) await running.stop();
    for (const made of places.splice(0)) made.remove();
  });

  const person = (name: string): string => `${name}-${engine.name}-${company}`;

  async function found(records: (person: (name: string) => string) => readonly ReturnType<typeof seededRecord>[]) {
    company += 1;
    tenantId = await createOrganizationWith(server, `company-${engine.name}-${company}`, [
      { id: person('ada'), role: 'org_admin' },
      { id: person('mara'), role: 'manager', teamId: 'north' },
      { id: person('rene'), role: 'sales_rep', teamId: 'north' },
    ]);
    await seedRecords(server.database, tenantId, [
      seededRecord('team', 'north', { name: 'North' }),
      seededRecord('team', 'south', { name: 'South' }),
      ...records(person),
    ]);
  }
  function newPlace(): DesktopPlace {
    const made = createDesktopPlace();
    places.push(made);
    return made;
  }
  const isSettled = (who: Desktop) => () =>
    who.status().phase === 'idle' && who.status().pendingCount === 0 && who.status().upToDateAt !== null;
  async function start(name: string, place = newPlace()): Promise<Desktop> {
    const desktop = await startDesktop(place);
    desktops.push(desktop);
    if (desktop.session.state().status === 'firstRun')
      await desktop.session.signIn({ serverUrl: server.url, email: emailOf(person(name)), password: testPassword });
    await desktop.until(isSettled(desktop));
    return desktop;
  }
  async function moveMara(admin: Desktop, from: string | null, to: string | null): Promise<void> {
    admin.append([
      draft({
        entity: 'user',
        recordId: person('mara'),
        changes: [{ group: 'owner', base: { teamId: from }, to: { teamId: to } }],
      }),
    ]);
    await admin.until(isSettled(admin));
  }
  const north = (count: number, name: string) =>
    Array.from({ length: count }, (_, index) =>
      seededRecord('account', `n-${index}`, { name: `${name} ${index}`, ownerId: person('rene'), teamId: 'north' }),
    );
  const bodiesOf = (who: Desktop): readonly string[] =>
    who.requests.flatMap((request) =>
      request.kind === 'applyManifest'
        ? request.items.map((item) => (item.t === 'put' ? String(item.record['id']) : item.id))
        : [],
    );

  it('SYNC-34 rights that changed again while a device followed a change are those of the records it then holds', async () => {
    await found(() => []);
    const [mara, admin] = [await start('mara'), await start('ada')];
    mara.engine.setWorkOffline(true);
    await moveMara(admin, 'north', 'south');
    let isHeldUp = true;
    mara.network.onCall = (called) => {
      if (isHeldUp && called === '/sync/v1/manifest') throw new TypeError('fetch failed');
    };
    mara.engine.setWorkOffline(false);
    // The new rights are here, what they allow is not yet.
    await mara.until(() => mara.status().phase === 'backingOff');
    expect(mara.session.active()?.state().actor.teamIds).toEqual(['south']);
    await moveMara(admin, 'south', 'north');
    isHeldUp = false;
    mara.engine.syncNow();
    await mara.until(isSettled(mara));
    expect(mara.session.active()?.state().actor).toMatchObject({ teamIds: ['north'], epoch: mara.local.epoch });
  });

  it('SYNC-25 purges before any other request, keeps what was typed without what was seen, and shows it as refused', async () => {
    await found(() => north(3, 'BASE-CANARY'));
    const [mara, admin] = [await start('mara'), await start('ada')];
    expect(mara.local.records.has('n-1')).toBe(true);
    mara.engine.setWorkOffline(true);
    const typed = draft({ recordId: 'n-1', changes: [change('name', 'BASE-CANARY 1', 'What Mara typed')] });
    mara.append([typed]);
    await moveMara(admin, 'north', 'south');
    const events: string[] = [];
    const isHeldAt: boolean[] = [];
    mara.network.onCall = (called) => {
      events.push(called);
      isHeldAt.push(mara.local.records.has('n-1'));
    };
    mara.engine.setWorkOffline(false);
    await mara.until(() => mara.status().attentionCount === 1);
    await mara.until(isSettled(mara));
    // The push says what was lost; when the next request leaves, nothing of it is here any more.
    expect(events[0]).toBe('/sync/v1/push');
    expect(isHeldAt.slice(0, 2)).toEqual([true, false]);
    expect(isHeldAt.slice(1).every((isHeld) => !isHeld)).toBe(true);
    const [item] = mara.session.active()?.journal.attention() ?? [];
    expect(item).toMatchObject({ code: 'not_visible', label: null, operation: { opId: typed.opId } });
    expect(item?.operation.changes).toEqual([{ group: 'name', base: {}, to: { name: 'What Mara typed' } }]);
    expect(JSON.stringify(mara.session.active()?.journal.sweep.mentioned())).not.toContain('BASE');
    expect(mara.requests.some((request) => request.kind === 'reloadPending')).toBe(true);
  });

  it('SYNC-18 a change of rights brings only what differs, and a restart in the middle goes on', async () => {
    await found(() => [
      ...north(40, 'North'),
      ...Array.from({ length: 4 }, (_, index) =>
        seededRecord('account', `s-${index}`, { name: `South ${index}`, ownerId: null, teamId: 'south' }),
      ),
      ...Array.from({ length: 20 }, (_, index) =>
        seededRecord('account', `m-${index}`, { name: `Mine ${index}`, ownerId: person('mara'), teamId: null }),
      ),
    ]);
    const [mara, admin] = [await start('mara'), await start('ada')];
    await moveMara(admin, 'north', 'south');
    await mara.until(() => mara.local.records.has('s-3') && !mara.local.records.has('n-0'));
    await mara.until(isSettled(mara));
    expect([...bodiesOf(mara)].sort()).toEqual([person('mara'), 's-0', 's-1', 's-2', 's-3']);
    expect([...mara.local.records.values()].filter(({ kind }) => kind === 'account')).toHaveLength(24);
    const [place] = places;
    await mara.stop();
    if (place === undefined) throw new Error('no place');
    place.local.records.delete('m-7');
    place.local.isInManifest = true;
    const again = await startDesktop(place);
    desktops.push(again);
    // A place that is none any more is refused, and the comparison begins anew.
    await again.until(() => again.local.records.has('m-7'));
    await again.until(isSettled(again));
    expect(bodiesOf(again)).toEqual(['m-7']);
  });

  it('SYNC-18 verify tells drift without changing anything, and repair mends it', async () => {
    await found(() => north(6, 'North'));
    const mara = await start('mara');
    const counts = { missing: 0, different: 0, surplus: 0 };
    expect(await mara.engine.verify()).toEqual({ ...counts, records: mara.local.records.size, findings: [] });
    const before = new Map(mara.local.records);
    mara.local.records.delete('n-0');
    mara.local.records.set('n-1', { ...mara.local.records.get('n-1'), name: 'Spoiled' });
    mara.local.records.set('n-9', { ...mara.local.records.get('n-2'), id: 'n-9' });
    const spoiled = new Map(mara.local.records);
    expect(await mara.engine.verify()).toMatchObject({ missing: 1, different: 1, surplus: 1 });
    expect(mara.local.records).toEqual(spoiled);
    await mara.engine.repair();
    expect(mara.local.records).toEqual(before);
    mara.network.isCut = true;
    await expect(mara.engine.verify()).rejects.toMatchObject({ code: 'server_unreachable' });
  });

  it('SYNC-38 SYNC-24 a deactivated user leaves no key, no file and no byte on the computer', async () => {
    await found(() => north(2, 'CANARY'));
    const place = newPlace();
    const [mara, admin] = [await start('mara', place), await start('ada')];
    mara.engine.setWorkOffline(true);
    mara.append([draft({ recordId: 'n-1', changes: [change('name', 'CANARY 1', 'CANARY typed')] })]);
    const profileId = mara.session.active()?.account.profileId ?? '';
    const key = await mara.readSecret(`profile-key:${profileId}`);
    expect(key).not.toBe(null);
    admin.append([draft({ entity: 'user', recordId: person('mara'), changes: [change('isActive', true, false)] })]);
    await admin.until(isSettled(admin));
    mara.engine.setWorkOffline(false);
    await mara.until(() => mara.session.state().status === 'signedOut');
    expect(mara.session.state()).toMatchObject({
      email: null,
      hasLocalData: false,
      reason: { code: 'account_deactivated' },
    });
    expect(await mara.readSecret(`profile-key:${profileId}`)).toBe(null);
    expect(await mara.readSecret(`refresh-token:${profileId}`)).toBe(null);
    expect(existsSync(path.join(place.directory, 'profiles', profileId))).toBe(false);
    expect(mara.local.records.size).toBe(0);
    await mara.stop();
    const files = readdirSync(place.directory, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const file of files) {
      const bytes = readFileSync(path.join(file.parentPath, file.name));
      for (const secret of ['CANARY', key ?? '-']) expect(bytes.includes(secret)).toBe(false);
      expect(bytes.includes(Buffer.from(key ?? '', 'base64'))).toBe(false);
    }
    const again = await startDesktop(place);
    desktops.push(again);
    await expect(
      again.session.signIn({ serverUrl: server.url, email: emailOf(person('mara')), password: testPassword }),
    ).rejects.toMatchObject({ code: 'account_deactivated' });
  });

  it('SYNC-15 what a server acknowledged and lost with a restore is sent again, once, and everybody agrees', async () => {
    await found(() => north(3, 'North'));
    const [mara, rene] = [await start('mara'), await start('rene')];
    const early = createAccount(person('mara'), 'Before the backup');
    mara.append([early]);
    await mara.until(isSettled(mara));
    const goBack = await copyOrganization(server.database, tenantId);
    const late = createAccount(person('mara'), 'After the backup');
    const edits = [
      draft({ recordId: late.recordId, changes: [change('phone', null, '+49 1234567')] }),
      draft({ recordId: 'n-0', changes: [change('name', 'North 0', 'Renamed')] }),
      draft({ recordId: 'n-1', changes: [{ group: 'nothing', base: {}, to: { nothing: 1 } }] }),
    ];
    mara.append([late, ...edits]);
    await mara.until(isSettled(mara));
    expect(mara.status().attentionCount).toBe(1);
    rene.append([draft({ recordId: 'n-2', changes: [change('phone', null, '+49 7654321')] })]);
    await rene.until(isSettled(rene));
    const namesIn = ({ local }: Desktop) =>
      new Map([...local.records].filter(([, { kind }]) => kind !== 'fieldChange').map(([id, { name }]) => [id, name]));
    const lastWord = namesIn(mara);
    await Promise.all([mara.stop(), rene.stop()]);
    await goBack();
    const [placeOfMara, placeOfRene] = places;
    if (placeOfMara === undefined || placeOfRene === undefined) throw new Error('no place');
    const again = [await startDesktop(placeOfMara), await startDesktop(placeOfRene)] as const;
    desktops.push(...again);
    again[0].append([
      draft({ recordId: early.recordId, changes: [change('name', 'Before the backup', 'Still mine')] }),
    ]);
    for (const who of again) await who.until(isSettled(who));
    for (const who of again) {
      who.engine.syncNow();
      await who.until(() => who.local.records.get('n-2')?.['phone'] === '+49 7654321');
    }
    const [first] = again;
    expect(first.local.records.get(late.recordId)).toMatchObject({ name: 'After the backup', phone: '+49 1234567' });
    expect(first.local.records.get('n-0')).toMatchObject({ name: 'Renamed' });
    expect(first.local.records.get(early.recordId)).toMatchObject({ name: 'Still mine' });
    expect(first.status().attentionCount).toBe(1);
    expect(namesIn(first)).toEqual(new Map([...lastWord, [early.recordId, 'Still mine']]));
    // What was sent again stands in the history once.
    const history = [...first.local.records.values()].filter(({ kind }) => kind === 'fieldChange');
    expect(history.flatMap(({ after }) => Object.keys(after as object)).toSorted()).toEqual([
      'name',
      'name',
      'phone',
      'phone',
    ]);
    const rows = await server.database.inTenant(tenantId, (session) =>
      session.query<{ n: number }>(`SELECT count(*)::int AS n FROM change WHERE id = ANY($1::text[])`, [
        [late.recordId, early.recordId, 'n-0'],
      ]),
    );
    expect(rows[0]?.n).toBe(2 + 2 + 2);
    // Nothing is sent a third time.
    const pushes = (): number => first.network.calls.filter((called) => called === '/sync/v1/push').length;
    const before = pushes();
    void first.engine.repair();
    await first.until(isSettled(first));
    expect(pushes()).toBe(before);
  });

  it('SYNC-15 a server that fell behind the numbers of a device is told everything it misses', async () => {
    await found(() => north(1, 'North'));
    const mara = await start('mara');
    const goBack = await copyOrganization(server.database, tenantId);
    const first = createAccount(person('mara'), 'Acknowledged');
    mara.append([first]);
    await mara.until(isSettled(mara));
    mara.engine.setWorkOffline(true);
    await goBack();
    const second = createAccount(person('mara'), 'Typed after it');
    mara.append([second]);
    mara.engine.setWorkOffline(false);
    await mara.until(isSettled(mara));
    expect([first, second].map(({ recordId }) => mara.local.records.get(recordId)?.['name'])).toEqual([
      'Acknowledged',
      'Typed after it',
    ]);
    expect(mara.status().attentionCount).toBe(0);
  });
});
