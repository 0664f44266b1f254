import { spawnSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { DatabaseLocation, SqlDatabase, SqlSession } from '#server/store/database.ts';
import { migrate, type Migration } from '#server/store/migrate.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { createTenant } from '#server/store/tenants.ts';
import { withPostgresAdmin } from '#server/store/postgres.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';

const left = 'left' as TenantId;
const right = 'right' as TenantId;

const tenantTables = [
  'tenant',
  'tenant_head',
  'record',
  'change',
  'change_key',
  'op_result',
  'device',
  'user_scope',
  'audit',
  'account',
  'session',
  'refresh_family',
];

describe.each(sqlEngines)('the store on $name', (engine) => {
  let location: DatabaseLocation;
  let db: SqlDatabase;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const place = await engine.createLocation();
    ({ location, remove } = place);
    db = await openDatabase(location);
    await createTenant(db, left, 'Left', 1);
    await createTenant(db, right, 'Right', 1);
  });
  afterAll(async () => {
    await db.close();
    await remove();
  });

  it('C12 without a tenant every tenant table shows zero rows, and the role is not a superuser', async () => {
    for (const table of tenantTables) expect(await db.query(`SELECT 1 AS one FROM ${table}`)).toEqual([]);
    const rows = await db.query(
      'SELECT current_user::text AS name, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user',
    );
    expect(rows).toEqual([{ name: 'outpost_app', rolsuper: false, rolbypassrls: false }]);
  });

  it('C12 every table with a tenant column is protected', async () => {
    const open = await db.query<{ name: string }>(
      `SELECT c.relname::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
       WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT c.relrowsecurity`,
    );
    // How an address, its domain or the id of a passkey finds its organization before anybody is signed in, and ids of records
    // whose children have to follow them, looked for before it is known whose they are. None holds a secret.
    expect(open.map(({ name }) => name).sort()).toEqual([
      'follow_queue',
      'passkey_name',
      'sign_in_domain',
      'sign_in_name',
    ]);
  });

  it('SYNC-39 a transaction of one organization neither reads nor writes rows of another, also after an error', async () => {
    const names = () => db.inTenant(left, (session) => session.query('SELECT tenant, name FROM tenant'));
    expect(await names()).toEqual([{ tenant: 'left', name: 'Left' }]);
    const foreign = db.inTenant(left, (session) =>
      session.query(`INSERT INTO tenant (tenant, name, created_at) VALUES ('middle', 'Middle', 1)`),
    );
    await expect(foreign).rejects.toMatchObject({ code: '42501' });
    await db.inTenant(left, (session) => session.query(`UPDATE tenant SET name = 'Taken' WHERE tenant = 'right'`));
    await expect(db.inTenant(right, (session) => session.query('SELECT 1 / 0 AS boom'))).rejects.toMatchObject({
      code: '22012',
    });
    expect(await db.query('SELECT 1 AS one FROM tenant')).toEqual([]);
    expect(await names()).toEqual([{ tenant: 'left', name: 'Left' }]);
    expect(await db.inTenant(right, (session) => session.query('SELECT name FROM tenant'))).toEqual([
      { name: 'Right' },
    ]);
  });

  it('SYNC-55 the running server can add to the audit but neither change nor delete it', async () => {
    const statements = [
      `UPDATE audit SET actor = 'x'`,
      'DELETE FROM audit',
      'TRUNCATE audit',
      'ALTER TABLE audit DISABLE ROW LEVEL SECURITY',
    ];
    for (const sql of statements) {
      await expect(db.inTenant(left, (session) => session.query(sql))).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('a transaction that throws leaves nothing behind and ends its session', async () => {
    const leaked: SqlSession[] = [];
    const failing = db.inTenant(left, async (session) => {
      leaked.push(session);
      await session.query(`UPDATE tenant SET name = 'Changed'`);
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await db.inTenant(left, (session) => session.query('SELECT name FROM tenant'))).toEqual([{ name: 'Left' }]);
    expect(() => leaked[0]?.query('SELECT 1 AS one')).toThrow(/after its transaction ended/);
  });

  it('values come back as the port says', async () => {
    const rows = await db.query(
      `SELECT 9007199254740991::bigint AS big, 'ü'::text AS words, true AS flag, $1::jsonb AS json, $2::text[] AS list, NULL::text AS nothing`,
      [JSON.stringify({ a: [1, null] }), ['x', 'y "z"', '{}']],
    );
    expect(rows).toEqual([
      {
        big: 9007199254740991,
        words: 'ü',
        flag: true,
        json: { a: [1, null] },
        list: ['x', 'y "z"', '{}'],
        nothing: null,
      },
    ]);
  });

  it('a notification arrives at the commit and not before, and never after a rollback', async () => {
    const heard: string[] = [];
    const stop = await db.listen('test_channel', (payload) => heard.push(payload));
    await db.inTenant(left, async (session) => {
      await session.query(`SELECT pg_notify('test_channel', 'one')`);
      expect(heard).toEqual([]);
    });
    const failing = db.inTenant(left, async (session) => {
      await session.query(`SELECT pg_notify('test_channel', 'never')`);
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    await db.notify('test_channel', 'two');
    await expect.poll(() => heard).toEqual(['one', 'two']);
    await stop();
  });

  it('a lost connection to PostgreSQL fails what was running and nothing after it, and listeners hear again', async () => {
    if (!('databaseUrl' in location)) return;
    const { databaseUrl } = location;
    const heard: string[] = [];
    const stop = await db.listen('lost_channel', (payload) => heard.push(payload));
    const running = db.inTenant(left, (session) => session.query('SELECT pg_sleep(20)'));
    const failed = expect(running).rejects.toThrow();
    await withPostgresAdmin(databaseUrl, async (admin) => {
      await admin.transaction((session) =>
        session.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
        ),
      );
    });
    await failed;
    expect(await db.inTenant(left, (session) => session.query('SELECT name FROM tenant'))).toEqual([{ name: 'Left' }]);
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['']);
    await db.notify('lost_channel', 'again');
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['', 'again']);
    await stop();
  });

  it('B16 opening again finds everything, and a database newer than the program is refused unchanged', async () => {
    await db.close();
    db = await openDatabase(location);
    expect(await db.inTenant(left, (session) => session.query('SELECT name FROM tenant'))).toEqual([{ name: 'Left' }]);
    if (!('databaseUrl' in location)) return;
    await withPostgresAdmin(location.databaseUrl, async (admin) => {
      const known: Migration[] = [{ number: 1, name: 'first', statements: ['SELECT 1'] }];
      await expect(migrate(admin, known)).rejects.toThrow(/another build/);
      await admin.transaction((session) => session.query(`INSERT INTO schema_migration VALUES (999, 'future', 'x')`));
    });
    await expect(openDatabase(location)).rejects.toThrow(/newer than this program/);
    await withPostgresAdmin(location.databaseUrl, async (admin) => {
      await admin.transaction((session) => session.query('DELETE FROM schema_migration WHERE number = 999'));
    });
  });
});

describe('the directory of PGlite', () => {
  it('SYNC-14 a second opener is refused and told who has it, in this process and in another, and the first loses nothing', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'outpost-directory-'));
    const location = { dataDir };
    // A half initialised database of a start that was cut off is thrown away.
    mkdirSync(join(location.dataDir, 'pgdata.new'));
    writeFileSync(join(location.dataDir, 'pgdata.new', 'PG_VERSION'), 'half');
    const db = await openDatabase(location);
    await expect(openDatabase(location)).rejects.toMatchObject({
      code: 'directory_in_use',
      details: { pid: process.pid },
    });
    const script = `import { openDatabase } from '#server/store/open-database.ts';
      try { await openDatabase({ dataDir: ${JSON.stringify(location.dataDir)} }); console.log('opened'); process.exit(0); }
      catch (error) { console.log(error.code, error.details.pid); }`;
    const other = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], { encoding: 'utf8' });
    expect(other.stdout.trim()).toBe(`directory_in_use ${process.pid}`);
    await createTenant(db, left, 'Left', 1);
    await db.close();
    expect(existsSync(join(location.dataDir, 'pgdata.new'))).toBe(false);
    const again = await openDatabase(location);
    expect(await again.inTenant(left, (session) => session.query('SELECT name FROM tenant'))).toEqual([
      { name: 'Left' },
    ]);
    await again.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('SYNC-3 whoever asks the embedded database beside the open transaction gets an error, and everybody goes on', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'outpost-directory-'));
    const db = await openDatabase({ dataDir });
    await createTenant(db, left, 'Left', 1);
    const beside = [
      () => db.query('SELECT 1 AS one'),
      () => db.inTenant(left, (session) => session.query('SELECT 1 AS one')),
      () => db.asOwner((session) => session.query('SELECT 1 AS one')),
    ];
    for (const ask of beside) await expect(db.inTenant(left, () => ask())).rejects.toThrow('beside the transaction');
    // What an earlier transaction began and nobody waited for asks when that is over.
    let later: Promise<readonly object[]> = Promise.resolve([]);
    await db.inTenant(left, async (session) => {
      later = new Promise((resolve) => setTimeout(resolve, 50)).then(() => db.query('SELECT 2 AS two'));
      await session.query('SELECT 1 AS one');
    });
    expect(await later).toEqual([{ two: 2 }]);
    await db.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('SYNC-3 a database thread that ends by itself is told, one that was closed is not', async () => {
    const threads: Worker[] = [];
    const note = (message: unknown): void => void threads.push((message as { readonly worker: Worker }).worker);
    const dataDir = mkdtempSync(join(tmpdir(), 'outpost-directory-'));
    subscribe('worker_threads', note);
    const closed = await openDatabase({ dataDir });
    await closed.close();
    const db = await openDatabase({ dataDir: join(dataDir, 'other') });
    unsubscribe('worker_threads', note);
    await threads[1]?.terminate();
    expect(await Promise.race([closed.lost, db.lost.then(() => 'the other one')])).toBe('the other one');
    await expect(db.query('SELECT 1 AS one')).rejects.toThrow('closed');
    rmSync(dataDir, { recursive: true, force: true });
  });
});
