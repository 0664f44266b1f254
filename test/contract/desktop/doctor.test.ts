// The sync doctor over the real session, journal and engine against a real server: what it shows is so, and a repair mends
// the local data without taking or adding unsent work.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await createOrganizationWith(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
}, 60_000);
afterAll(() => server.remove());

function account(name: string, more: Partial<OperationDraft> = {}): OperationDraft {
  return {
    opId: randomUUID(),
    txn: null,
    kind: 'create',
    entity: 'account',
    recordId: randomUUID(),
    command: 'createRecord',
    baseRev: 0,
    changes: [
      { group: 'name', base: {}, to: { name } },
      { group: 'owner', base: {}, to: { ownerId: 'rene' } },
    ],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
    ...more,
  };
}

describe('the sync doctor', () => {
  const places: DesktopPlace[] = [];
  const desktops: Desktop[] = [];

  async function start(): Promise<Desktop> {
    const place = createDesktopPlace();
    places.push(place);
    const desktop = await startDesktop(place);
    desktops.push(desktop);
    await desktop.session.signIn({ serverUrl: server.url, email: emailOf('rene'), password: testPassword });
    await desktop.until(isSettled(desktop));
    return desktop;
  }
  const isSettled = (who: Desktop) => () =>
    who.status().phase === 'idle' && who.status().pendingCount === 0 && who.status().upToDateAt !== null;

  afterEach(async () => {
    for (const running of desktops.splice(0)) await running.stop();
    for (const made of places.splice(0)) made.remove();
  });

  it('DOC-01 DOC-04 shows where a connected computer stands, how long exchanges took and what the journal is', async () => {
    const desktop = await start();
    desktop.append([account('Acme')]);
    await desktop.until(isSettled(desktop));
    const { connection, position, journal, timings, errors } = await desktop.doctor.snapshot();
    expect(connection).toMatchObject({ phase: 'idle', workOffline: false });
    expect(connection.upToDateAt).not.toBeNull();
    expect(connection.lastAnswerAt).not.toBeNull();
    expect(position).toMatchObject({ stage: 'log', epoch: position.ownEpoch });
    expect(position.mark).toMatch(/^[0-9a-f]{8}$/);
    expect(journal).toMatchObject({ waiting: 0, sending: 0, retrying: 0, answered: 0, refused: 0, damagedRows: 0 });
    expect(journal.sizeBytes).toBeGreaterThan(0);
    expect(Date.parse(journal.lastCommitAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(timings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['push', 'pull', 'apply']));
    expect(errors).toEqual([]);
    await desktop.until(() => desktop.status().phase === 'idle');
    const server = await desktop.doctor.askServer();
    expect(server.incarnation).not.toBe('');
    expect(server.epoch).toBe(position.ownEpoch);
    expect(Math.abs(server.clockAheadMs)).toBeLessThan(60_000);
  });

  it('DOC-01 DOC-02 works without a network: says what waits, what could not be sent and why, and what cannot be checked', async () => {
    const desktop = await start();
    const [first, second] = [account('First'), account('Second')];
    desktop.network.isCut = true;
    desktop.append([first]);
    await desktop.until(() => desktop.status().phase === 'backingOff');
    desktop.engine.setWorkOffline(true);
    desktop.append([second]);
    const { connection, journal, pending, pendingTotal, errors } = await desktop.doctor.snapshot();
    expect(connection).toMatchObject({ phase: 'offline', workOffline: true, live: 'closed' });
    expect(journal).toMatchObject({ waiting: 1, retrying: 1 });
    expect(pendingTotal).toBe(2);
    expect(pending.find(({ recordId }) => recordId === first.recordId)).toMatchObject({
      entity: 'account',
      state: 'retrying',
      reason: 'server_unreachable',
      fields: ['name', 'ownerId'],
    });
    expect(pending.find(({ recordId }) => recordId === second.recordId)).toMatchObject({
      state: 'waiting',
      lastTryAt: null,
    });
    expect(errors[0]).toMatchObject({ code: 'server_unreachable' });
    await expect(desktop.doctor.verify()).rejects.toMatchObject({ code: 'server_unreachable' });
    await expect(desktop.doctor.repair()).rejects.toMatchObject({ code: 'server_unreachable' });
    await expect(desktop.doctor.askServer()).rejects.toMatchObject({ code: 'server_unreachable' });
    expect(desktop.session.active()?.journal.pending()).toHaveLength(2);
  });

  it('DOC-02 shows what the server refused until the user decides', async () => {
    const desktop = await start();
    const bad = account('', { changes: [{ group: 'noSuchGroup', base: {}, to: { nothing: 1 } }] });
    desktop.append([bad]);
    await desktop.until(() => desktop.status().attentionCount === 1);
    const { journal, pending } = await desktop.doctor.snapshot();
    expect(journal.refused).toBe(1);
    expect(pending).toMatchObject([{ recordId: bad.recordId, state: 'refused' }]);
    expect(pending[0]?.reason).not.toBeNull();
  });

  it('DOC-03 SYNC-4 verify names what differs, repair mends it, and unsent work is neither taken nor doubled', async () => {
    const desktop = await start();
    const drafts = ['Kept', 'Spoiled', 'Lost'].map((name) => account(name));
    desktop.append(drafts);
    await desktop.until(isSettled(desktop));
    const [kept, spoiled, lost] = drafts.map(({ recordId }) => recordId);
    if (kept === undefined || spoiled === undefined || lost === undefined) throw new Error('three drafts');
    const truth = new Map(desktop.local.records);
    desktop.local.records.set(spoiled, { ...truth.get(spoiled), name: 'Not this' });
    desktop.local.records.set('stray', { ...truth.get(kept), id: 'stray' });
    desktop.local.records.delete(lost);
    const verification = await desktop.doctor.verify();
    expect(verification).toMatchObject({ records: truth.size, missing: 1, different: 1, surplus: 1 });
    expect(verification.findings).toHaveLength(3);
    expect(verification.findings).toEqual(
      expect.arrayContaining([
        { kind: 'missing', coll: 'accounts', id: lost },
        { kind: 'different', coll: 'accounts', id: spoiled },
        { kind: 'surplus', coll: 'accounts', id: 'stray' },
      ]),
    );
    // Unsent work on a spoiled record: its push is given up for the comparison, and follows it.
    desktop.engine.setWorkOffline(true);
    const edit = account('', {
      kind: 'patch',
      recordId: spoiled,
      command: 'updateRecord',
      baseRev: 1,
      changes: [{ group: 'phone', base: { phone: null }, to: { phone: '+49 30 1' } }],
    });
    desktop.append([edit]);
    desktop.engine.setWorkOffline(false);
    const repair = await desktop.doctor.repair();
    expect(repair).toMatchObject({ fetched: 1, replaced: 1, removed: 1, unsentBefore: 1 });
    expect(repair.after).toMatchObject({ missing: 0, different: 0, surplus: 0 });
    await desktop.until(isSettled(desktop));
    expect(desktop.status().attentionCount).toBe(0);
    expect(desktop.local.records.get(spoiled)).toMatchObject({ name: 'Spoiled', phone: '+49 30 1' });
    // The edit brought an entry of the history along.
    const records = [...desktop.local.records].filter(([, { kind }]) => kind !== 'fieldChange');
    expect(records.map(([id]) => id).toSorted()).toEqual([...truth.keys()].toSorted());
    expect(await desktop.doctor.verify()).toMatchObject({ missing: 0, different: 0, surplus: 0 });
  });

  it('D14 DOC-05 SYNC-22 the report holds no value, name, address, token or id, and two reports do not compare', async () => {
    const desktop = await start();
    const draft = account('CANARY company');
    desktop.append([draft]);
    await desktop.until(isSettled(desktop));
    desktop.local.records.set(draft.recordId, { ...desktop.local.records.get(draft.recordId), name: 'CANARY drifted' });
    await desktop.doctor.askServer();
    await desktop.doctor.verify();
    desktop.engine.setWorkOffline(true);
    desktop.append([account('CANARY unsent', { recordId: draft.recordId })]);
    const [first, second] = [await desktop.doctor.report(), await desktop.doctor.report()];
    const active = desktop.session.active();
    const secrets = [
      'CANARY',
      draft.recordId,
      emailOf('rene'),
      'Person rene',
      'Company north',
      new URL(server.url).host,
      desktop.local.token ?? '-',
      active?.account.deviceId ?? '-',
      active?.account.profileId ?? '-',
      await active?.access.token(),
    ];
    for (const secret of secrets) expect(first).not.toContain(secret);
    const parsed = [first, second].map(
      (text) =>
        JSON.parse(text) as {
          readonly pending: readonly { readonly record: string }[];
          readonly verification: { findings: { record: string }[] };
        },
    );
    const [a, b] = parsed;
    expect(a?.pending[0]?.record).toMatch(/^[0-9a-f]{12}$/);
    // The same record carries the same mark within one report, and another one in the next.
    expect(a?.pending[0]?.record).toBe(a?.verification.findings[0]?.record);
    expect(a?.pending[0]?.record).not.toBe(b?.pending[0]?.record);
  });
});
