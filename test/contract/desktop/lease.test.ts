// A computer that was too long without its server, or whose clock was set back: nothing is shown, nothing is lost, and the
// first contact opens it again.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  emailOf,
  saveUser,
  signIn,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

const DAY = 86_400_000;

function createAccount(ownerId: string, name: string): OperationDraft {
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
  };
}

describe.each(sqlEngines)('the lease of a computer, with a server on $name', (engine) => {
  let server: TestServer;
  let removeStore: () => Promise<void>;
  let tenantId: TenantId;
  const [ada, rene] = [`ada-${engine.name}`, `rene-${engine.name}`];
  let place: DesktopPlace;
  let desktop: Desktop;

  beforeAll(async () => {
    const store = await engine.createLocation();
    removeStore = store.remove;
    server = await startServer({ location: store.location });
    tenantId = await createOrganizationWith(server, `leased-${engine.name}`, [
      { id: ada, role: 'org_admin' },
      { id: rene, role: 'sales_rep' },
    ]);
  }, 60_000);
  afterAll(async () => {
    await server.remove();
    await removeStore();
  });
  const isSettled = () => desktop.status().phase === 'idle' && desktop.status().pendingCount === 0;
  beforeEach(async () => {
    await saveUser(server, tenantId, { id: rene, role: 'sales_rep' });
    place = createDesktopPlace();
    desktop = await startDesktop(place);
    await desktop.session.signIn({ serverUrl: server.url, email: emailOf(rene), password: testPassword });
    await desktop.until(isSettled);
  });
  afterEach(async () => {
    await desktop.stop();
    place.remove();
  });
  /** The same computer, started after so many days without a network. */
  async function restartAfter(days: number, isNetworkCut = true): Promise<void> {
    await desktop.stop();
    place.clocks.wallAheadMs += days * DAY;
    desktop = await startDesktop(place, { isNetworkCut });
  }

  it('OFF-06 A computer that was away for fifteen days shows nothing, keeps what was typed, and opens at the first contact', async () => {
    desktop.engine.setWorkOffline(true);
    const draft = createAccount(rene, 'Typed before the holidays');
    desktop.append([draft]);
    await restartAfter(13);
    expect(desktop.session.state().status).toBe('signedIn');
    await restartAfter(2);
    expect(desktop.session.state()).toMatchObject({
      status: 'leaseEnded',
      reason: 'over',
      email: emailOf(rene),
      days: 14,
      unsentCount: 1,
    });
    expect(desktop.session.active()).toBe(null);
    expect(desktop.requests.filter(({ kind }) => kind === 'openProfile')).toEqual([]);
    await expect(desktop.session.meetServer()).rejects.toMatchObject({ code: 'server_unreachable' });
    expect(desktop.session.state().status).toBe('leaseEnded');
    desktop.network.isCut = false;
    expect(await desktop.session.meetServer()).toMatchObject({ status: 'signedIn' });
    await desktop.until(() => desktop.status().phase === 'offline');
    desktop.engine.setWorkOffline(false);
    await desktop.until(isSettled);
    expect(desktop.local.records.get(draft.recordId)).toMatchObject({ name: 'Typed before the holidays' });
  });

  it('OFF-06 the end is met while the computer runs, and a server in reach lifts it by itself', async () => {
    place.clocks.wallAheadMs += 20 * DAY;
    place.clocks.uptimeAheadMs += 20 * DAY;
    desktop.network.isCut = true;
    await desktop.session.checkLease();
    expect(desktop.session.state()).toMatchObject({ status: 'leaseEnded', reason: 'over' });
    expect(desktop.requests.at(-1)).toEqual({ kind: 'closeProfile' });
    desktop.network.isCut = false;
    await desktop.session.checkLease();
    expect(desktop.session.state().status).toBe('signedIn');
    await desktop.until(isSettled);
  });

  it('D15 a clock that was set back locks until the server is met', async () => {
    await restartAfter(-2);
    expect(desktop.session.state()).toMatchObject({ status: 'leaseEnded', reason: 'clock' });
    await restartAfter(2);
    expect(desktop.session.state()).toMatchObject({ status: 'leaseEnded', reason: 'clock' });
    await restartAfter(0, false);
    await desktop.until(() => desktop.session.state().status === 'signedIn');
  });

  it('SYNC-38 a locked profile of somebody who was deactivated is wiped by the contact that would have opened it', async () => {
    await restartAfter(15);
    expect(desktop.session.state().status).toBe('leaseEnded');
    await saveUser(server, tenantId, { id: rene, role: 'sales_rep', isActive: false });
    desktop.network.isCut = false;
    expect(await desktop.session.meetServer()).toMatchObject({
      status: 'signedOut',
      hasLocalData: false,
      reason: { code: 'account_deactivated' },
    });
    expect(desktop.local.records.size).toBe(0);
  });

  it('OFF-06 an administrator sets the days, from 1 to 90, and every computer learns of it at its next contact', async () => {
    const [admin, rep] = [await signIn(server, ada), await signIn(server, rene, 'another-device')];
    const address = '/api/v1/organization/settings';
    const put = (token: string, offlineLeaseDays: number) =>
      call(server, address, { method: 'PUT', token, body: { offlineLeaseDays } });
    expect(await call(server, address, { token: rep.accessToken })).toMatchObject({ body: { offlineLeaseDays: 14 } });
    expect(codeOf(await put(rep.accessToken, 3))).toBe('action_forbidden');
    for (const days of [0, 91, 1.5]) expect(codeOf(await put(admin.accessToken, days))).toBe('invalid');
    expect(await put(admin.accessToken, 3)).toMatchObject({ status: 200, body: { offlineLeaseDays: 3 } });
    await desktop.session.active()?.access.renew();
    expect(desktop.session.active()?.lease.describe()).toMatchObject({ days: 3 });
    await restartAfter(4);
    expect(desktop.session.state()).toMatchObject({ status: 'leaseEnded', days: 3 });
    const audited = await server.database.inTenant(tenantId, (session) =>
      session.query<{ actor: string; command: string }>(
        `SELECT actor, command FROM audit WHERE entity = 'organization'`,
      ),
    );
    expect(audited).toEqual([{ actor: ada, command: 'setOrganizationSettings' }]);
    await put(admin.accessToken, 14);
  });
});
