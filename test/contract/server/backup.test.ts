// Backup and restore as the operator does them: by the command line, while the server runs.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorCatalogue } from '#shared/kernel/errors.ts';
import type { PullResponse } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
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

const CANARY = 'Canary of the north, who prefers to be called in the morning';

describe.each(sqlEngines)('backup and restore on $name', (engine: SqlEngine) => {
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  let server: TestServer;
  let folder: string;
  const files = () => ({ backup: join(folder, 'backup'), key: join(folder, 'key') });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outpost-backup-'));
    place = await engine.createLocation();
    server = await startServer({ location: place.location });
    await createOrganizationWith(server, 'north', [
      { id: 'ada', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
    ]);
  });
  afterEach(async () => {
    await server.remove();
    await place.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const where = (): readonly string[] =>
    'dataDir' in place.location ? ['--data', place.location.dataDir] : ['--database-url', place.location.databaseUrl];

  async function run(...args: readonly string[]) {
    const program = spawnServer([...args, ...where()]);
    const code = await program.ended();
    return { code, ...program.output };
  }
  const backUp = () => run('backup', files().backup, '--key-file', files().key);
  const restore = (...more: readonly string[]) => run('restore', files().backup, '--key-file', files().key, ...more);

  function createContact(userId: string, opNo: number, recordId: string): Operation {
    return {
      opId: `op-${recordId}`,
      opNo,
      txn: null,
      kind: 'create',
      entity: 'contact',
      recordId,
      command: 'createRecord',
      baseRev: 0,
      changes: [
        { group: 'name', base: {}, to: { name: CANARY } },
        { group: 'email', base: {}, to: { email: `${recordId}@example.org` } },
        { group: 'owner', base: {}, to: { ownerId: userId } },
      ],
      dependsOn: [],
      captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
      schema: 1,
    };
  }

  async function push(token: string, epoch: number, ops: readonly Operation[]) {
    return call(server, '/sync/v1/push', { token, body: { protocol: 1, epoch, ops } });
  }
  async function pull(token: string, position: string | null): Promise<PullResponse> {
    const answer = await call(server, '/sync/v1/pull', { token, body: { protocol: 1, token: position } });
    return answer.body as PullResponse;
  }
  const idsOf = (page: PullResponse): readonly string[] =>
    page.items.flatMap((item) => (item.t === 'put' && item.coll === 'contacts' ? [String(item.record['id'])] : []));

  it('SYNC-15 what was backed up comes back while the server runs, and a device notices that time went back', async () => {
    const rene = await signIn(server, 'rene');
    await push(rene.accessToken, rene.actor.epoch, [createContact('rene', 1, 'early')]);
    const before = await pull(rene.accessToken, null);
    const done = await backUp();
    expect(done.stderr).toContain('A new key was made');
    expect(done.code).toBe(0);
    await push(rene.accessToken, rene.actor.epoch, [createContact('rene', 2, 'late')]);
    const late = await pull(rene.accessToken, before.token);
    expect(idsOf(late)).toEqual(['late']);

    expect(await restore()).toMatchObject({ code: 1, stderr: expect.stringContaining('Add --replace') as unknown });
    expect(idsOf(await pull(rene.accessToken, before.token))).toEqual(['late']);
    const restored = await restore('--replace');
    expect(restored.code, restored.stderr).toBe(0);

    const body = { protocol: 1, token: late.token };
    const refused = await call(server, '/sync/v1/pull', { token: rene.accessToken, body });
    expect(codeOf(refused)).toBe('incarnation_changed');
    // The comparison that follows tells how far the server knows this device.
    const compared = await call(server, '/sync/v1/manifest', {
      token: rene.accessToken,
      body: { protocol: 1, cursor: null },
    });
    expect(compared.body).toMatchObject({ lastOpNo: 1, cursor: null });
    const after = await pull(rene.accessToken, null);
    expect(idsOf(after)).toEqual(['early']);
    // The number the device's next operation has is too high now: the server says which one it expects.
    const gap = await push(rene.accessToken, rene.actor.epoch, [createContact('rene', 3, 'third')]);
    expect(gap.body).toMatchObject({ error: { code: 'invalid', details: { expectedOpNo: 2 } } });
    const again = [createContact('rene', 2, 'late'), createContact('rene', 3, 'third')];
    expect((await push(rene.accessToken, rene.actor.epoch, again)).text).not.toContain('rejected');
    expect(idsOf(await pull(rene.accessToken, after.token))).toEqual(['late', 'third']);
  });

  it('SYNC-15 somebody the backup does not know is asked to sign in, not told that an account was closed', async () => {
    await backUp();
    await createOrganizationWith(server, 'south', [{ id: 'sue', role: 'org_admin' }]);
    const sue = await signIn(server, 'sue');
    const restored = await restore('--replace');
    expect(restored.code, restored.stderr).toBe(0);
    const code = codeOf(await call(server, '/api/v1/sessions', { token: sue.accessToken }));
    expect(code).toBe('session_revoked');
    expect(errorCatalogue.session_revoked.reaction).toBe('signIn');
  });

  it('C14 a stolen backup tells nothing, and a changed or cut one is refused before anything is touched', async () => {
    const rene = await signIn(server, 'rene');
    await push(rene.accessToken, rene.actor.epoch, [createContact('rene', 1, 'early')]);
    expect((await backUp()).code).toBe(0);
    const { backup, key } = files();
    const segments = join(backup, 'segments');
    for (const name of readdirSync(segments)) expect(readFileSync(join(segments, name)).includes('Canary')).toBe(false);
    expect(readFileSync(join(backup, 'manifest.json'), 'utf8')).not.toMatch(/Canary|example\.org|Company/);

    const whole = join(folder, 'whole');
    cpSync(backup, whole, { recursive: true });
    const put = (): void => {
      rmSync(backup, { recursive: true });
      cpSync(whole, backup, { recursive: true });
    };
    const last = join(segments, readdirSync(segments).at(-1) ?? '');
    const harms: readonly (readonly [string, () => void, string])[] = [
      ['cut', () => truncateSync(last, statSync(last).size - 7), 'is damaged'],
      ['flipped', () => writeFileSync(last, flip(readFileSync(last))), 'was changed'],
      ['missing', () => rmSync(last), 'is missing'],
      [
        'manifest',
        () =>
          writeFileSync(
            join(backup, 'manifest.json'),
            readFileSync(join(backup, 'manifest.json'), 'utf8').replace(/"rows": \d+/, '"rows": 9999'),
          ),
        'manifest was changed',
      ],
      ['no manifest', () => rmSync(join(backup, 'manifest.json')), 'There is no backup'],
      ['other key', () => writeFileSync(key, `${Buffer.alloc(32, 7).toString('base64')}\n`), 'not the key'],
    ];
    const kept = readFileSync(key);
    for (const [, harm, words] of harms) {
      put();
      harm();
      const refused = await restore('--replace');
      writeFileSync(key, kept);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(words);
    }
    expect(idsOf(await pull(rene.accessToken, null))).toEqual(['early']);
    expect((await call(server, '/api/v1/sessions', { token: rene.accessToken })).status).toBe(200);
  });
});

function flip(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = Math.floor(copy.length / 2);
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}
