// The main process' session, journal and engine against a real server: what is typed arrives once, whatever breaks.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import {
  createOrganizationWith,
  emailOf,
  saveUser,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';
import type { TenantId } from '#shared/kernel/ids.ts';

let server: TestServer;
let tenantId: TenantId;
beforeAll(async () => {
  server = await startServer();
  tenantId = await createOrganizationWith(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'olga', role: 'sales_rep' },
    { id: 'gone', role: 'sales_rep' },
    { id: 'mara', role: 'sales_rep' },
  ]);
}, 60_000);
afterAll(() => server.remove());

function createAccount(ownerId: string, name: string, more: Partial<OperationDraft> = {}): OperationDraft {
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
      { group: 'owner', base: {}, to: { ownerId } },
    ],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
    ...more,
  };
}

async function countOnServer(recordId: string): Promise<number> {
  return server.database.inTenant(tenantId, async (session) => {
    const rows = await session.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM change WHERE coll = 'accounts' AND id = $1`,
      [recordId],
    );
    return rows[0]?.n ?? 0;
  });
}

describe('a desktop and its server', () => {
  const places: DesktopPlace[] = [];
  const desktops: Desktop[] = [];
  let place: DesktopPlace;
  let desktop: Desktop;

  async function start(at: DesktopPlace): Promise<Desktop> {
    const started = await startDesktop(at);
    desktops.push(started);
    return started;
  }
  function newPlace(): DesktopPlace {
    const made = createDesktopPlace();
    places.push(made);
    return made;
  }
  const signIn = (who: Desktop, person: string) =>
    who.session.signIn({ serverUrl: server.url, email: emailOf(person), password: testPassword });
  const isSettled = (who: Desktop) => () =>
    who.status().phase === 'idle' && who.status().pendingCount === 0 && who.status().upToDateAt !== null;

  beforeEach(async () => {
    place = newPlace();
    desktop = await start(place);
  });
  afterEach(async () => {
    for (const running of desktops.splice(0)) await running.stop();
    for (const made of places.splice(0)) made.remove();
  });

  it('SYNC-7 what is typed arrives at the server and at a second device, and the journal is empty again', async () => {
    const second = await start(newPlace());
    await signIn(desktop, 'rene');
    await signIn(second, 'rene');
    await desktop.until(isSettled(desktop));
    await second.until(isSettled(second));
    const draft = createAccount('rene', 'Acme');
    desktop.append([draft]);
    await desktop.until(isSettled(desktop));
    await second.until(() => second.local.records.has(draft.recordId), 5_000);
    expect(second.local.records.get(draft.recordId)).toEqual(desktop.local.records.get(draft.recordId));
    expect(desktop.session.active()?.journal.pending()).toEqual([]);
  });

  it('SYNC-5 a push whose answer is lost has one effect', async () => {
    await signIn(desktop, 'rene');
    await desktop.until(isSettled(desktop));
    desktop.network.loseAnswers = { path: '/sync/v1/push', count: 1 };
    const draft = createAccount('rene', 'Lost answer');
    desktop.append([draft]);
    await desktop.until(isSettled(desktop));
    expect(desktop.network.calls.filter((call) => call === '/sync/v1/push')).toHaveLength(2);
    expect(await countOnServer(draft.recordId)).toBe(1);
  });

  it('SYNC-47 SYNC-48 a refused operation becomes one attention item and does not hold up the one behind it', async () => {
    await signIn(desktop, 'rene');
    await desktop.until(isSettled(desktop));
    const bad = createAccount('rene', '', { changes: [{ group: 'noSuchGroup', base: {}, to: { nothing: 1 } }] });
    const good = createAccount('rene', 'Behind it');
    desktop.append([bad, good]);
    await desktop.until(isSettled(desktop));
    expect(
      desktop.session
        .active()
        ?.journal.attention()
        .map((item) => item.id),
    ).toEqual([bad.opId]);
    expect(desktop.local.records.has(good.recordId)).toBe(true);
    await desktop.stop();
    const again = await start(place);
    await again.until(isSettled(again));
    expect(again.status().attentionCount).toBe(1);
  });

  it('SYNC-4 a start without network stays signed in, keeps what is typed, and sends it when the network is back', async () => {
    await signIn(desktop, 'rene');
    await desktop.until(isSettled(desktop));
    await desktop.stop();
    const again = await startDesktop(place);
    desktops.push(again);
    again.network.isCut = true;
    expect(again.session.state()).toMatchObject({
      status: 'signedIn',
      tenantName: 'Company north',
      actor: { userId: 'rene' },
    });
    const draft = createAccount('rene', 'Typed offline');
    again.append([draft]);
    await again.until(() => again.status().phase === 'backingOff');
    expect(again.status()).toMatchObject({ pendingCount: 1, error: { code: 'server_unreachable' } });
    again.network.isCut = false;
    await again.until(isSettled(again));
    expect(await countOnServer(draft.recordId)).toBe(1);
  });

  it('SYNC-10 Work offline sends nothing, survives a restart, and sends everything when it is switched off', async () => {
    await signIn(desktop, 'rene');
    await desktop.until(isSettled(desktop));
    desktop.engine.setWorkOffline(true);
    await desktop.stop();
    const again = await start(place);
    await again.until(() => again.status().phase === 'offline');
    const draft = createAccount('rene', 'On the train');
    again.append([draft]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(again.network.calls).toEqual([]);
    expect(again.status()).toMatchObject({ workOffline: true, pendingCount: 1 });
    again.engine.setWorkOffline(false);
    await again.until(isSettled(again));
    expect(await countOnServer(draft.recordId)).toBe(1);
  });

  it('SYNC-10 Work offline is shown while the local database opens, and who switches it off meanwhile is heard', async () => {
    await signIn(desktop, 'rene');
    await desktop.until(isSettled(desktop));
    desktop.engine.setWorkOffline(true);
    await desktop.stop();
    const again = await start(place);
    expect(again.status()).toMatchObject({ phase: 'signedOut', workOffline: true });
    again.engine.setWorkOffline(false);
    await again.until(isSettled(again));
    expect(again.status().workOffline).toBe(false);
  });

  it('SYNC-4 verdicts reach the data host although it died before it could take them', async () => {
    await signIn(desktop, 'rene');
    await desktop.until(isSettled(desktop));
    const draft = createAccount('rene', 'Host dies');
    desktop.append([draft]);
    desktop.crashHost();
    await desktop.until(isSettled(desktop));
    expect(desktop.local.records.get(draft.recordId)).toMatchObject({ name: 'Host dies' });
    expect(desktop.session.active()?.journal.undelivered()).toEqual([]);
  });

  it('SYNC-54 a page on its way to a local database that begins anew leaves no gap: everything is asked for again', async () => {
    await signIn(desktop, 'rene');
    await desktop.until(isSettled(desktop));
    const second = await start(newPlace());
    await signIn(second, 'rene');
    await second.until(isSettled(second));
    const before = [...desktop.local.records.keys()];
    expect(before.length).toBeGreaterThan(0);
    desktop.network.onCall = (call) => {
      if (call !== '/sync/v1/pull' || desktop.local.token === null) return;
      desktop.network.onCall = () => undefined;
      desktop.local.records.clear();
      desktop.local.token = null;
    };
    const draft = createAccount('rene', 'Comes with that page');
    second.append([draft]);
    await second.until(isSettled(second));
    await desktop.until(() => desktop.local.records.has(draft.recordId), 10_000);
    await desktop.until(isSettled(desktop));
    expect([...desktop.local.records.keys()]).toEqual(expect.arrayContaining(before));
  });

  it('SYNC-38 a deactivated user is wiped from the computer at the next contact', async () => {
    await signIn(desktop, 'gone');
    await desktop.until(isSettled(desktop));
    const profileId = desktop.session.active()?.account.profileId ?? '';
    const directory = path.join(place.directory, 'profiles', profileId);
    desktop.append([createAccount('gone', 'Mine')]);
    await desktop.until(isSettled(desktop));
    expect(existsSync(directory)).toBe(true);
    await saveUser(server, tenantId, { id: 'gone', role: 'sales_rep', isActive: false });
    desktop.engine.syncNow();
    await desktop.until(() => desktop.session.state().status === 'signedOut');
    expect(desktop.session.state()).toMatchObject({
      email: null,
      hasLocalData: false,
      reason: { code: 'account_deactivated' },
    });
    expect(existsSync(directory)).toBe(false);
    expect(desktop.local.records.size).toBe(0);
  });

  it("SYNC-34 a device that has nothing to send follows a change of its user's role", async () => {
    await signIn(desktop, 'mara');
    await desktop.until(isSettled(desktop));
    const admin = await start(newPlace());
    await signIn(admin, 'ada');
    await admin.until(isSettled(admin));
    admin.append([
      createAccount('ada', '', {
        kind: 'patch',
        entity: 'user',
        recordId: 'mara',
        command: 'updateRecord',
        baseRev: 1,
        changes: [{ group: 'role', base: { role: 'sales_rep' }, to: { role: 'viewer' } }],
      }),
    ]);
    await admin.until(isSettled(admin));
    await desktop.until(() => {
      const state = desktop.session.state();
      return state.status === 'signedIn' && state.actor.role === 'viewer';
    }, 5_000);
    await desktop.until(isSettled(desktop));
    const opened = desktop.requests.filter((request) => request.kind === 'openProfile');
    expect(opened.map((request) => request.actor.role)).toEqual(['sales_rep', 'viewer']);
  });

  it('SYNC-4 a session that was ended elsewhere keeps unsent work, and signing in again sends it', async () => {
    await signIn(desktop, 'olga');
    await desktop.until(isSettled(desktop));
    desktop.engine.setWorkOffline(true);
    const draft = createAccount('olga', 'Not yet sent');
    desktop.append([draft]);
    const other = await start(newPlace());
    await signIn(other, 'olga');
    const { sessions } = await other.calls.listSessions();
    for (const listed of sessions) if (!listed.current) await other.calls.endSession(listed.id);
    desktop.engine.setWorkOffline(false);
    await desktop.until(() => desktop.session.state().status === 'signedOut');
    expect(desktop.session.state()).toMatchObject({ hasLocalData: true, reason: { code: 'session_revoked' } });
    await signIn(desktop, 'olga');
    await desktop.until(isSettled(desktop));
    expect(await countOnServer(draft.recordId)).toBe(1);
  });

  it('D12 signing out with discard leaves nothing of the person, with keep only what is sealed', async () => {
    await signIn(desktop, 'rene');
    await desktop.until(isSettled(desktop));
    desktop.engine.setWorkOffline(true);
    desktop.append([createAccount('rene', 'SECRET-CANARY')]);
    expect(await desktop.session.signOut('keep')).toMatchObject({ status: 'signedOut', hasLocalData: true });
    expect(desktop.local.records.size).toBe(0);
    const files = readdirSync(place.directory, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const file of files)
      expect(readFileSync(path.join(file.parentPath, file.name)).toString('latin1')).not.toContain('SECRET-CANARY');
    await signIn(desktop, 'rene');
    await desktop.until(() => desktop.status().pendingCount === 1);
    expect(await desktop.session.signOut('discard')).toMatchObject({ email: null, hasLocalData: false });
    expect(readdirSync(path.join(place.directory, 'profiles'))).toEqual(['accounts.json']);
    await signIn(desktop, 'rene');
    await desktop.until(isSettled(desktop));
    const draft = createAccount('rene', 'After a fresh start');
    desktop.append([draft]);
    await desktop.until(isSettled(desktop));
    expect(await countOnServer(draft.recordId)).toBe(1);
  });

  it('an address that is no Outpost server, or none at all, is told apart', async () => {
    expect(await desktop.session.checkServer(server.url)).toMatchObject({ name: expect.any(String) as string });
    await expect(desktop.session.checkServer('http://127.0.0.1:1')).rejects.toMatchObject({
      code: 'server_unreachable',
    });
    await expect(desktop.session.checkServer('http://example.com')).rejects.toMatchObject({ code: 'invalid' });
    await expect(signIn(desktop, 'nobody')).rejects.toMatchObject({ code: 'wrong_credentials' });
    expect(desktop.session.state()).toEqual({ status: 'firstRun' });
  });
});
