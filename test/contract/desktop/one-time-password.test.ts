// An administrator's desktop and the one of a new colleague, against a real server: adding, giving a way in, moving to
// another address.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import { change, changesFor } from '#test/support/sync-world.ts';
import type { Change, OperationDraft } from '#shared/sync/operation.ts';

const ownPassword = 'a password of my own';
let server: TestServer;
const places: DesktopPlace[] = [];
const desktops: Desktop[] = [];
let admin: Desktop;
let colleague: Desktop;

async function start(): Promise<Desktop> {
  const place = createDesktopPlace();
  const desktop = await startDesktop(place);
  places.push(place);
  desktops.push(desktop);
  return desktop;
}

beforeAll(async () => {
  server = await startServer();
  await createOrganizationWith(server, 'north', [{ id: 'ada', role: 'org_admin' }]);
  admin = await start();
  colleague = await start();
  await admin.session.signIn({ serverUrl: server.url, email: emailOf('ada'), password: testPassword });
}, 60_000);
afterAll(async () => {
  for (const desktop of desktops) await desktop.stop();
  for (const place of places) place.remove();
  await server.remove();
});

function draft(kind: OperationDraft['kind'], recordId: string, changes: readonly Change[]): OperationDraft {
  return {
    opId: randomUUID(),
    txn: null,
    kind,
    entity: 'user',
    recordId,
    command: 'test',
    baseRev: 0,
    changes: [...changes],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
  };
}

const isSent = (desktop: Desktop) => () => desktop.status().phase === 'idle' && desktop.status().pendingCount === 0;

it('IDT-17 a user added here gets a one-time password, and comes in with a password of the own choice', async () => {
  const values = { name: 'Nora', email: emailOf('nora'), role: 'sales_rep', isActive: true, ownerId: 'ada' };
  admin.append([draft('create', 'nora', changesFor('user', values))]);
  await admin.until(isSent(admin));
  expect((await admin.calls.listSignInWays()).users).toMatchObject([
    { userId: 'nora', state: 'none', validUntil: null },
  ]);
  const { email, password } = await admin.calls.giveOneTimePassword('nora');
  const entry = { serverUrl: server.url, email, password };
  await expect(colleague.session.signIn(entry)).rejects.toMatchObject({ code: 'password_change_required' });
  expect(colleague.session.state().status).toBe('firstRun');
  expect(await colleague.session.signIn({ ...entry, newPassword: ownPassword })).toMatchObject({
    status: 'signedIn',
    actor: { userId: 'nora', role: 'sales_rep' },
  });
});

it('IDT-17 without the server nobody gets a way in, and it is said why', async () => {
  admin.network.isCut = true;
  await expect(admin.calls.giveOneTimePassword('nora')).rejects.toMatchObject({ code: 'server_unreachable' });
  admin.network.isCut = false;
});

it('IDT-04 a device asks for the new address of its person after the address changed', async () => {
  admin.append([draft('patch', 'nora', [change('email', emailOf('nora'), 'married@example.test')])]);
  admin.engine.syncNow();
  await admin.until(isSent(admin));
  await colleague.session.active()?.access.renew();
  expect(await colleague.session.signOut('keep')).toMatchObject({ status: 'signedOut', email: 'married@example.test' });
  const again = { serverUrl: server.url, email: 'married@example.test', password: ownPassword };
  const before = colleague.session.state();
  expect(before.status).toBe('signedOut');
  expect(await colleague.session.signIn(again)).toMatchObject({ status: 'signedIn', actor: { userId: 'nora' } });
});
