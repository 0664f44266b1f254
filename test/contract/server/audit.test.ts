// The audit as an administrator and an operator meet it: over HTTP and at the command line, with a backup beside it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#shared/access/actor.ts';
import { parseAnchor, type AuditPage, type AuditQuery, type AuditVerification } from '#shared/sync/audit-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { readAudit } from '#server/audit/read-audit.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  spawnServer,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';
import { changesFor } from '#test/support/sync-world.ts';

describe.each(sqlEngines)('the audit on $name', (engine: SqlEngine) => {
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  let server: TestServer;
  let folder: string;
  let ada: SessionGrant;
  let rene: SessionGrant;
  let lastOpNo = 0;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outpost-audit-'));
    place = await engine.createLocation();
    server = await startServer({ location: place.location });
    await createOrganizationWith(server, 'north', [
      { id: 'ada', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
    ]);
    [ada, rene] = [await signIn(server, 'ada'), await signIn(server, 'rene')];
    lastOpNo = 0;
  });
  afterEach(async () => {
    await server.remove();
    await place.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function createAccount(id: string, command = 'createRecord'): Promise<void> {
    lastOpNo += 1;
    const operation = {
      opId: `op-${id}`,
      opNo: lastOpNo,
      txn: null,
      kind: 'create',
      entity: 'account',
      recordId: id,
      command,
      baseRev: 0,
      changes: changesFor('account', { name: id, ownerId: 'rene' }),
      dependsOn: [],
      captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
      schema: 1,
    };
    const body = { protocol: 1, epoch: rene.actor.epoch, ops: [operation] };
    expect((await call(server, '/sync/v1/push', { token: rene.accessToken, body })).status).toBe(200);
  }
  async function read(query: AuditQuery): Promise<AuditPage> {
    const answer = await call(server, '/api/v1/audit/entries', { token: ada.accessToken, body: query });
    expect(answer.status, answer.text).toBe(200);
    return answer.body as AuditPage;
  }
  async function verify(grant = ada, anchors: readonly object[] = []) {
    return call(server, '/api/v1/audit/verify', { token: grant.accessToken, body: { anchors } });
  }
  async function run(...args: readonly string[]) {
    const where =
      'dataDir' in place.location ? ['--data', place.location.dataDir] : ['--database-url', place.location.databaseUrl];
    const program = spawnServer([...args, ...where]);
    const code = await program.ended();
    return { code, ...program.output };
  }

  it('AUD-01 AUD-03 an administrator reads who did what and when, by filters and page after page; nobody else does', async () => {
    await createAccount('a1');
    await createAccount('a2', 'importRecords');
    await call(server, '/api/v1/fields/reveal', {
      token: rene.accessToken,
      body: { entity: 'account', id: 'a1', field: 'phone' },
    });
    const all = await read({});
    expect(all.entries.map(({ command, actor, outcome }) => [command, actor, outcome])).toEqual([
      ['revealField', 'rene', 'action_forbidden'],
      ['importRecords', 'rene', 'applied'],
      ['createRecord', 'rene', 'applied'],
      ['signIn', 'rene', 'applied'],
      ['signIn', 'ada', 'applied'],
    ]);
    expect(all.next).toBeNull();
    expect(all.entries[3]?.detail).toMatchObject({ address: '127.0.0.1' });
    const commandsOf = async (query: AuditQuery) => (await read(query)).entries.map(({ command }) => command);
    expect(await commandsOf({ actor: 'ada' })).toEqual(['signIn']);
    expect(await commandsOf({ entity: 'account', id: 'a1' })).toEqual(['revealField', 'createRecord']);
    expect(await commandsOf({ command: 'importRecords' })).toEqual(['importRecords']);
    expect(await commandsOf({ refused: true })).toEqual(['revealField']);
    const now = new Date(server.clock.now()).toISOString();
    expect(await commandsOf({ until: '2020-01-01T00:00:00.000Z' })).toEqual([]);
    expect(await commandsOf({ from: '2020-01-01T00:00:00.000Z', until: now })).toEqual([]);
    const first = await read({ limit: 2 });
    expect(first.entries.map(({ no }) => no)).toEqual([5, 4]);
    const second = await read({ limit: 2, before: first.next ?? 0 });
    expect(second.entries.map(({ no }) => no)).toEqual([3, 2]);
    expect((await read({ limit: 2, before: second.next ?? 0 })).next).toBeNull();

    const refused = await call(server, '/api/v1/audit/entries', { token: rene.accessToken, body: {} });
    expect(codeOf(refused)).toBe('action_forbidden');
    expect(codeOf(await verify(rene))).toBe('action_forbidden');
    const wrong = await call(server, '/api/v1/audit/entries', { token: ada.accessToken, body: { from: 'yesterday' } });
    expect(codeOf(wrong)).toBe('invalid');
  });

  it('A9 SYNC-36 whoever reads the audit without seeing a field reads neither its name nor an entry about it alone', async () => {
    await createAccount('a1');
    const { tenantName: _tenantName, ...rest } = ada.actor;
    const actor = { ...(rest as Actor), fields: { account: { name: 'view' } } } as const;
    const groupsOf = async () =>
      (await readAudit(server.database, actor, { entity: 'account' })).entries.map(({ groups }) => groups);
    await server.database.asOwner((session) =>
      session.query(`UPDATE audit SET groups = '{name,phone}' WHERE command = 'createRecord'`),
    );
    expect(await groupsOf()).toEqual([['name']]);
    await server.database.asOwner((session) =>
      session.query(`UPDATE audit SET groups = '{phone}' WHERE command = 'createRecord'`),
    );
    expect(await groupsOf()).toEqual([]);
  });

  it('C9 SYNC-55 the command line verifies while the server runs, prints a head to keep, and names what is wrong', async () => {
    await createAccount('a1');
    const good = await run('audit', 'verify');
    expect(good.code, good.stderr).toBe(0);
    const { head } = JSON.parse(good.stdout) as { readonly head: string };
    expect((await verify()).body).toMatchObject({ entries: 3, verified: 3, head: parseAnchor(head), finding: null });
    await createAccount('a2');
    expect((await run('audit', 'verify', '--anchor', head)).code).toBe(0);
    await server.database.asOwner((session) => session.query(`UPDATE audit SET actor = 'ada' WHERE no = 3`));
    const bad = await run('audit', 'verify', '--anchor', head);
    expect(bad.code).toBe(5);
    expect(bad.stderr).toContain('entry 3 was changed after it was written');
    expect((await verify()).body).toMatchObject({ verified: 2, finding: { kind: 'altered', no: 3 } });
    expect((await run('audit', 'verify', '--anchor', 'nonsense')).code).toBe(2);
  });

  it('C9 SYNC-55 a backup holds the head: an older database in its place is found, a restore says itself that it was one', async () => {
    const backup = (name: string) => [join(folder, name), '--key-file', join(folder, 'key')];
    const against = (name: string) => ['--backup', join(folder, name), '--key-file', join(folder, 'key')];
    await createAccount('a1');
    const first = await run('backup', ...backup('first'));
    const { audits } = JSON.parse(first.stdout) as { readonly audits: Record<string, string> };
    expect(parseAnchor(audits['north'] ?? '')?.no).toBe(3);
    await createAccount('a2');
    await createAccount('a3');
    await run('backup', ...backup('second'));
    expect((await run('audit', 'verify', ...against('first'))).code).toBe(0);
    expect((await run('audit', 'verify', ...against('second'))).code).toBe(0);

    const restored = await run('restore', ...backup('first'), '--replace');
    expect(restored.code, restored.stderr).toBe(0);
    expect((await run('audit', 'verify', ...against('first'))).code).toBe(0);
    const older = await run('audit', 'verify', ...against('second'));
    expect(older.code).toBe(5);
    expect(older.stderr).toContain('entry 6 and everything after it is gone');
    const found = (await verify()).body as AuditVerification;
    expect(found).toMatchObject({ entries: 4, finding: null, restored: { no: 4 } });
    expect((await read({ limit: 1 })).entries[0]).toMatchObject({ command: 'restore', actor: null });
  });

  it('AUD-02 a changed password and a session ended by hand stand in the audit', async () => {
    const again = await signIn(server, 'rene', 'other');
    const list = await call(server, '/api/v1/sessions', { token: rene.accessToken });
    const { sessions } = list.body as { readonly sessions: readonly { readonly id: string }[] };
    const other = sessions.find(({ id }) => id === again.sessionId);
    await call(server, `/api/v1/sessions/${other?.id ?? ''}`, { token: rene.accessToken, method: 'DELETE' });
    const change = { currentPassword: 'correct horse battery staple', newPassword: 'another one that is long enough' };
    await call(server, '/api/v1/auth/change-password', { token: rene.accessToken, body: change });
    const commands = (await read({ actor: 'rene' })).entries.map(({ command }) => command);
    expect(commands).toEqual(['changePassword', 'endSession', 'signIn', 'signIn']);
  });
});
