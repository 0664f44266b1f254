// What may go wrong between a desktop and its server, with the real session, journal and engine of the main process:
// nothing typed is lost, the person is told, and it goes on by itself when the cause is gone.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import { startFrontServer, type FrontServer } from '#test/support/front-server.ts';
import {
  call,
  createOrganizationWith,
  emailOf,
  spawnServer,
  startServer,
  testPassword,
  type ServerProcess,
  type TestServer,
} from '#test/support/start-server.ts';
import { openVault } from '#main/secrets/vault.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { PUSH_BATCH_SIZE, type OperationDraft } from '#shared/sync/operation.ts';

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

const isSettled = (who: Desktop) => () =>
  who.status().phase === 'idle' && who.status().pendingCount === 0 && who.status().upToDateAt !== null;

let place: DesktopPlace;
let desktop: Desktop;
beforeEach(async () => {
  place = createDesktopPlace();
  desktop = await startDesktop(place);
});
afterEach(async () => {
  await desktop.stop();
  place.remove();
});

describe('a server that refuses', () => {
  let server: TestServer;
  let tenantId: TenantId;
  let front: FrontServer;
  beforeAll(async () => {
    server = await startServer();
    front = await startFrontServer(server.url);
    tenantId = await createOrganizationWith(server, 'south', [{ id: 'rene', role: 'sales_rep' }]);
  }, 60_000);
  afterAll(async () => {
    await front.close();
    await server.remove();
  });

  const signIn = () => desktop.session.signIn({ serverUrl: front.url, email: emailOf('rene'), password: testPassword });
  const countOnServer = (recordId: string): Promise<number> =>
    server.database.inTenant(tenantId, async (session) => {
      const [row] = await session.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM change WHERE coll = 'accounts' AND id = $1`,
        [recordId],
      );
      return row?.n ?? 0;
    });

  it('SYNC-51 a server of another version is told apart, costs no unsent work, and is asked again when the person asks', async () => {
    await signIn();
    await desktop.until(isSettled(desktop));
    const error = { code: 'too_old_protocol', message: 'Too old.', details: {}, correlationId: 'c-1' };
    front.answer = (url) => (url.startsWith('/sync/') ? { status: 426, body: { error } } : null);
    const draft = createAccount('rene', 'Typed before the update');
    desktop.append([draft]);
    await desktop.until(() => desktop.status().phase === 'blocked');
    expect(desktop.status()).toMatchObject({ pendingCount: 1, error: { code: 'too_old_protocol' } });
    const calls = desktop.network.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(desktop.network.calls.length).toBe(calls);
    // A restart with the old version: still signed in, still holding the work, still told.
    await desktop.stop();
    desktop = await startDesktop(place);
    await desktop.until(() => desktop.status().phase === 'blocked');
    expect(desktop.session.state()).toMatchObject({ status: 'signedIn' });
    expect(desktop.status()).toMatchObject({ pendingCount: 1, error: { code: 'too_old_protocol' } });
    front.answer = () => null;
    desktop.engine.syncNow();
    await desktop.until(isSettled(desktop));
    expect(await countOnServer(draft.recordId)).toBe(1);
    expect(desktop.status().error).toBeNull();
  });

  it('SYNC-51 before signing in, the words say which side is the older one', async () => {
    const health = (await call(server, '/api/health')).body as Record<string, unknown>;
    front.answer = () => ({ status: 200, body: { ...health, protocol: 99, minProtocol: 98 } });
    await expect(desktop.session.checkServer(front.url)).rejects.toMatchObject({
      code: 'too_old_protocol',
      message: expect.stringContaining('Update Outpost') as string,
    });
    front.answer = () => ({ status: 200, body: { ...health, protocol: 0, minProtocol: 0 } });
    await expect(desktop.session.checkServer(front.url)).rejects.toMatchObject({
      message: expect.stringContaining('administrator') as string,
    });
    front.answer = () => null;
    await expect(desktop.session.checkServer(front.url)).resolves.toMatchObject({ name: health['service'] });
  });

  it('SYNC-4 answers that are no answers (a proxy’s page, half a message, an error without words) cost nothing', async () => {
    await signIn();
    await desktop.until(isSettled(desktop));
    const odd: readonly (readonly [number, unknown])[] = [
      [200, 'Please sign in to this network'],
      [200, { verdicts: 'none' }],
      [502, null],
      [507, { error: { code: 'made_up', message: 'x', details: {}, correlationId: 'c' } }],
    ];
    const draft = createAccount('rene', 'Typed behind a strange proxy');
    for (const [status, body] of odd) {
      let asked = 0;
      front.answer = (url) => {
        if (!url.startsWith('/sync/')) return null;
        asked += 1;
        return { status, body };
      };
      if (desktop.status().pendingCount === 0) desktop.append([draft]);
      else desktop.engine.syncNow();
      await desktop.until(() => asked > 0 && desktop.status().phase === 'backingOff');
      expect(desktop.status()).toMatchObject({ pendingCount: 1, error: expect.anything() as unknown });
    }
    front.answer = () => null;
    desktop.engine.syncNow();
    await desktop.until(isSettled(desktop));
    expect(await countOnServer(draft.recordId)).toBe(1);
  });

  it('C2 a stolen refresh token that was used elsewhere ends the session, says so, and keeps the work for the owner', async () => {
    await signIn();
    await desktop.until(isSettled(desktop));
    const active = desktop.session.active();
    if (active === null) throw new Error('nobody is signed in');
    const vault = await openVault(path.join(place.directory, 'secrets.vault'), 'correct horse battery');
    const refreshToken = await vault.get(`refresh-token:${active.account.profileId}`);
    const thief = { refreshToken, deviceId: 'the-thief' };
    expect((await call(server, '/api/v1/auth/refresh', { body: thief })).status).toBe(401);
    const draft = createAccount('rene', 'Typed while a thief was busy');
    desktop.append([draft]);
    await desktop.until(() => desktop.session.state().status === 'signedOut');
    const state = desktop.session.state();
    expect(state).toMatchObject({ status: 'signedOut', email: emailOf('rene'), hasLocalData: true });
    expect(state.status === 'signedOut' && state.reason?.code).toMatch(/^(refresh_reused|session_revoked)$/);
    await signIn();
    await desktop.until(isSettled(desktop));
    expect(await countOnServer(draft.recordId)).toBe(1);
  });

  it('IDT-02 a session that ran out while the computer was away asks to sign in again, and then sends what waited', async () => {
    await signIn();
    await desktop.until(isSettled(desktop));
    desktop.engine.setWorkOffline(true);
    const draft = createAccount('rene', 'Typed on a long journey');
    desktop.append([draft]);
    await desktop.stop();
    server.clock.advance(40 * 86_400_000);
    desktop = await startDesktop(place);
    expect(desktop.session.state()).toMatchObject({ status: 'signedIn' });
    await desktop.until(() => desktop.status().pendingCount === 1);
    desktop.engine.setWorkOffline(false);
    await desktop.until(() => desktop.session.state().status === 'signedOut');
    expect(desktop.session.state()).toMatchObject({ hasLocalData: true, reason: { code: 'session_expired' } });
    await signIn();
    await desktop.until(isSettled(desktop));
    expect(await countOnServer(draft.recordId)).toBe(1);
  });
});

describe('a server that dies', () => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'outpost-dying-'));
  const running: ServerProcess[] = [];
  afterAll(async () => {
    for (const server of running) {
      server.child.kill('SIGKILL');
      await server.ended();
    }
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function startProcess(port: string): Promise<ServerProcess & { readonly url: string }> {
    const process = spawnServer(['--data', dataDir, '--port', port, '--log-level', 'warn']);
    running.push(process);
    return { ...process, url: await process.listening() };
  }

  it('SYNC-13 killing the server again and again while work is sent loses nothing and doubles nothing', async () => {
    const founding = spawnServer([
      'admin',
      'create-tenant',
      '--name',
      'Dying',
      '--admin-email',
      'a@b.test',
      '--data',
      dataDir,
    ]);
    expect(await founding.ended()).toBe(0);
    const { password } = JSON.parse(founding.output.stdout) as { readonly password: string };
    let server = await startProcess('0');
    const { url } = server;
    await desktop.session.signIn({ serverUrl: url, email: 'a@b.test', password });
    await desktop.until(isSettled(desktop));
    const userId = desktop.session.active()?.state().actor.userId ?? '';
    const names: string[] = [];
    for (let life = 1; life <= 2; life += 1) {
      // Several pushes' worth, so that the kill meets one under way.
      const drafts = Array.from({ length: PUSH_BATCH_SIZE * 2 + 20 }, (_, index) =>
        createAccount(userId, `Life ${life} number ${index}`),
      );
      names.push(...drafts.map((draft) => String(draft.changes[0]?.to?.['name'])));
      const pushesBefore = desktop.network.calls.filter((called) => called === '/sync/v1/push').length;
      desktop.append(drafts);
      await desktop.until(
        () => desktop.network.calls.filter((called) => called === '/sync/v1/push').length > pushesBefore + life - 1,
      );
      server.child.kill('SIGKILL');
      await server.ended();
      server = await startProcess(new URL(url).port);
      desktop.engine.syncNow();
      await desktop.until(isSettled(desktop), 60_000);
    }
    const arrived = [...desktop.local.records.values()]
      .filter((record) => record['kind'] === 'account')
      .map((record) => String(record['name']));
    expect(arrived.toSorted()).toEqual(names.toSorted());
    expect(desktop.status()).toMatchObject({ pendingCount: 0, attentionCount: 0 });
  });
});
