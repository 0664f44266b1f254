// Attack C9: somebody with the rights of the database's owner changes the audit. Whatever they do is found, and named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AuditAnchor } from '#shared/sync/audit-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { hashEntry } from '#server/audit/audit-chain.ts';
import { commitmentsOf, contentOf, WHOLE_PAGE, type Page, type PageRow } from '#server/audit/audit-rows.ts';
import { verifyAudit } from '#server/audit/verify-audit.ts';
import { erasePerson } from '#server/privacy/erase-person.ts';
import type { DatabaseLocation, SqlDatabase } from '#server/store/database.ts';
import { migrate } from '#server/store/migrate.ts';
import { allMigrations } from '#server/store/migrations/all-migrations.ts';
import { APPLICATION_ROLE } from '#server/store/migrations/tenant-table.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { openPglite } from '#server/store/pglite.ts';
import { withPostgresAdmin } from '#server/store/postgres.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, changesFor, createSyncWorld, type SyncWorld } from '#test/support/sync-world.ts';

const NOW_MS = Date.parse('2026-03-03T08:00:00.000Z');

describe.each(sqlEngines)('the chain of the audit on $name', (engine) => {
  let db: SqlDatabase;
  let remove: () => Promise<void>;
  let location: DatabaseLocation;
  let world: SyncWorld;

  beforeAll(async () => {
    const place = await engine.createLocation();
    ({ remove, location } = place);
    db = await openDatabase(place.location);
  });
  afterAll(async () => {
    await db.close();
    await remove();
  });
  beforeEach(async () => {
    world = await createSyncWorld(db);
  });

  const verify = (...anchors: readonly AuditAnchor[]) => verifyAudit(db, world.tenantId, anchors, NOW_MS);
  const tamper = (sql: string) => db.asOwner((session) => session.query(sql, [world.tenantId]));
  async function write(count: number): Promise<void> {
    const device = world.device('rep');
    for (let index = 0; index < count; index += 1) {
      const changes = changesFor('account', { name: `Account ${String(index)}`, ownerId: 'rep' });
      await device.send({ kind: 'create', recordId: `${device.id}-${String(index)}`, changes });
    }
  }

  it('SYNC-55 every answered operation is an entry that carries the hash of the one before it, refusals included', async () => {
    const device = world.device('rep');
    const create = (recordId: string) =>
      device.operation({
        kind: 'create',
        recordId,
        changes: changesFor('account', { name: recordId, ownerId: 'rep' }),
      });
    await device.push([create('a1'), create('a2'), create('a3')]);
    await device.send({ recordId: 'nowhere', changes: [change('phone', null, '1')] });
    const rows = await world.rows<{ no: number; prev: string; hash: string; outcome: string }>(
      'SELECT no, prev_hash AS prev, hash, outcome FROM audit ORDER BY no',
    );
    expect(rows.map(({ no }) => no)).toEqual([1, 2, 3, 4]);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'applied', 'not_visible']);
    expect(rows.map(({ prev }) => prev)).toEqual(['', ...rows.slice(0, 3).map(({ hash }) => hash)]);
    const head = { no: 4, hash: rows[3]?.hash };
    expect(await verify()).toMatchObject({ entries: 4, verified: 4, head, finding: null });
  });

  it('SYNC-55 many writers at once leave one chain without gaps', async () => {
    const devices = Array.from({ length: 8 }, () => world.device('rep'));
    // PGlite admits one process; on PostgreSQL a second server writes to the same database.
    const other = 'databaseUrl' in location ? await openDatabase(location) : db;
    const stores = [db, other];
    await Promise.all([
      ...devices.map((device, index) =>
        device.send({
          kind: 'create',
          recordId: `many-${String(index)}`,
          changes: changesFor('account', { name: 'Many', ownerId: 'rep' }),
        }),
      ),
      ...Array.from({ length: 24 }, (_item, index) => {
        const store = stores[index % stores.length] ?? db;
        const what = {
          command: 'readFile',
          entity: 'file',
          id: `f${String(index)}`,
          groups: [],
          outcome: 'not_visible',
        };
        return store.inTenant(world.tenantId, (session) =>
          appendAudit(session, world.tenantId, NOW_MS, [{ actor: 'rep', device: null, ...what }]),
        );
      }),
    ]);
    if (other !== db) await other.close();
    expect(await verify()).toMatchObject({ entries: 32, verified: 32, finding: null });
  });

  it('SYNC-55 what was rolled back leaves neither an entry nor a gap', async () => {
    await write(1);
    const what = { command: 'x', entity: 'file', id: 'f', groups: [], outcome: 'applied' };
    const failing = db.inTenant(world.tenantId, async (session) => {
      await appendAudit(session, world.tenantId, NOW_MS, [{ actor: 'rep', device: null, ...what }]);
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    await write(1);
    expect(await verify()).toMatchObject({ entries: 2, finding: null });
  });

  const attacks: readonly { readonly name: string; readonly sql: readonly string[]; readonly finding: object }[] = [
    {
      name: 'who did something is another one',
      sql: [`UPDATE audit SET actor = 'colleague' WHERE tenant = $1 AND no = 3`],
      finding: { kind: 'altered', no: 3 },
    },
    {
      name: 'a refusal becomes something that was done',
      sql: [`UPDATE audit SET outcome = 'merged', at = at + 1 WHERE tenant = $1 AND no = 1`],
      finding: { kind: 'altered', no: 1 },
    },
    {
      name: 'an entry in the middle is deleted',
      sql: ['DELETE FROM audit WHERE tenant = $1 AND no = 4'],
      finding: { kind: 'missing', no: 4 },
    },
    {
      name: 'an entry is deleted and the gap closed',
      sql: [
        'DELETE FROM audit WHERE tenant = $1 AND no = 4',
        'UPDATE audit SET no = no - 1 WHERE tenant = $1 AND no = 5',
        'UPDATE audit SET no = no - 1 WHERE tenant = $1 AND no = 6',
        'UPDATE audit_head SET no = 5 WHERE tenant = $1',
      ],
      finding: { kind: 'altered', no: 4 },
    },
    {
      name: 'two entries change places',
      sql: [
        'UPDATE audit SET no = 100 WHERE tenant = $1 AND no = 2',
        'UPDATE audit SET no = 2 WHERE tenant = $1 AND no = 5',
        'UPDATE audit SET no = 5 WHERE tenant = $1 AND no = 100',
      ],
      finding: { kind: 'altered', no: 2 },
    },
    {
      name: 'an entry of an earlier time is put in again at the end',
      sql: [
        `INSERT INTO audit (tenant, no, seq, actor, device, op_id, command, entity, id, groups, outcome, at, prev_hash, hash)
         SELECT tenant, 7, seq, actor, device, op_id, command, entity, id, groups, outcome, at, prev_hash, hash
         FROM audit WHERE tenant = $1 AND no = 2`,
      ],
      finding: { kind: 'inserted', no: 7 },
    },
    {
      name: 'a value from before a change is another one',
      sql: [
        `UPDATE audit SET field_values = replace(field_values, 'Account', 'Account?') WHERE tenant = $1 AND no = 2`,
      ],
      finding: { kind: 'altered', no: 2 },
    },
    {
      name: 'an entry is made one of an older release, of which less is in the hash',
      sql: ['UPDATE audit SET format = 1 WHERE tenant = $1 AND no = 5'],
      finding: { kind: 'altered', no: 5 },
    },
    {
      name: 'something sensitive is made ordinary',
      sql: ['UPDATE audit SET sensitive = NOT sensitive WHERE tenant = $1 AND no = 3'],
      finding: { kind: 'altered', no: 3 },
    },
    {
      name: 'the end is cut',
      sql: ['DELETE FROM audit WHERE tenant = $1 AND no > 4'],
      finding: { kind: 'cut', no: 5 },
    },
    {
      name: 'everything is deleted',
      sql: ['DELETE FROM audit WHERE tenant = $1'],
      finding: { kind: 'cut', no: 1 },
    },
  ];
  it.each(attacks)('C9 SYNC-55 $name: the verifier names the first bad entry', async ({ sql, finding }) => {
    await write(6);
    expect((await verify()).finding).toBeNull();
    for (const statement of sql) await tamper(statement);
    expect((await verify()).finding).toEqual(finding);
  });

  it('C9 SYNC-55 an end that was cut together with its head, or a past that was written anew, does not contain a head that was kept', async () => {
    await write(6);
    const { head } = await verify();
    const rewind = [
      'DELETE FROM audit WHERE tenant = $1 AND no > 3',
      'UPDATE audit_head SET no = 3, hash = (SELECT hash FROM audit WHERE tenant = $1 AND no = 3) WHERE tenant = $1',
    ];
    for (const statement of rewind) await tamper(statement);
    expect((await verify()).finding).toBeNull();
    expect((await verify(head)).finding).toEqual({ kind: 'cut', no: 6 });
    await write(4);
    expect((await verify()).finding).toBeNull();
    expect((await verify(head)).finding).toEqual({ kind: 'rewritten', no: 6 });
    // A head that was kept later still lies in it.
    const { head: later } = await verify();
    await write(2);
    expect((await verify(later)).finding).toBeNull();
  });

  it('C9 SYNC-55 an entry whose hash was made anew does not connect with the next one', async () => {
    await write(3);
    const [page] = await db.inTenant(world.tenantId, (session) =>
      session.query<Page>(WHOLE_PAGE, [world.tenantId, 0, 1, 1]),
    );
    const [row] = JSON.parse(page?.text ?? '[]') as readonly PageRow[];
    if (row === undefined) throw new Error('there is no entry');
    const hash = hashEntry(world.tenantId, 1, '', { ...contentOf(row), actor: 'colleague' }, commitmentsOf(row));
    await tamper(`UPDATE audit SET actor = 'colleague', hash = '${hash}' WHERE tenant = $1 AND no = 1`);
    expect((await verify()).finding).toEqual({ kind: 'unconnected', no: 2 });
  });

  it('C9 SYNC-55 an entry of another organization is none of this one', async () => {
    await write(3);
    const other = await createSyncWorld(db);
    const own = world;
    world = other;
    await write(3);
    world = own;
    await db.asOwner((session) =>
      session.query(
        `UPDATE audit a SET prev_hash = b.prev_hash, hash = b.hash, actor = b.actor, device = b.device, op_id = b.op_id, id = b.id,
           seq = b.seq, at = b.at, groups = b.groups FROM audit b WHERE a.tenant = $1 AND a.no = 1 AND b.tenant = $2 AND b.no = 1`,
        [world.tenantId, other.tenantId],
      ),
    );
    expect((await verify()).finding).toEqual({ kind: 'altered', no: 1 });
  });

  it('SYNC-55 SYNC-52 where somebody signed in from is erased with the person, what happened stays, and the chain holds', async () => {
    await db.inTenant(world.tenantId, (session) =>
      appendAudit(session, world.tenantId, NOW_MS, [signIn('rep', '203.0.113.7'), signIn('colleague', '203.0.113.8')]),
    );
    await write(2);
    const { head } = await verify();
    await world.device('admin').send({ entity: 'user', recordId: 'rep', changes: [change('isActive', true, false)] });
    await db.inTenant(world.tenantId, (session) =>
      erasePerson(session, world.tenantId, { entity: 'user', id: 'rep' }, { userId: 'admin', nowMs: NOW_MS }),
    );
    const rows = await world.rows<{ actor: string; detail: unknown; salt: string | null; commitment: string | null }>(
      `SELECT actor, detail, detail_salt AS salt, detail_hash AS commitment FROM audit WHERE command = 'signIn' ORDER BY no`,
    );
    expect(rows[0]).toMatchObject({ actor: 'rep', detail: null, salt: null });
    expect(rows[0]?.commitment).toMatch(/^[\w-]{43}$/);
    expect(rows[1]).toMatchObject({ actor: 'colleague', detail: { address: '203.0.113.8' } });
    expect((await verify(head)).finding).toBeNull();
    // What is still there must be what it was; without its salt alone it counts for nothing.
    await tamper(`UPDATE audit SET detail = '{"address":"203.0.113.9"}' WHERE tenant = $1 AND actor = 'colleague'`);
    expect((await verify()).finding).toEqual({ kind: 'altered', no: 2 });
    await tamper(`UPDATE audit SET detail_salt = NULL WHERE tenant = $1 AND actor = 'colleague'`);
    expect((await verify()).finding).toEqual({ kind: 'altered', no: 2 });
  });

  const signIn = (actor: string, address: string) => ({
    actor,
    device: null,
    command: 'signIn',
    entity: 'user',
    id: actor,
    groups: [],
    outcome: 'applied',
    detail: { address },
  });

  it('SYNC-55 the running server can empty the details of an entry and nothing else of it', async () => {
    await write(1);
    for (const column of ['actor', 'at', 'hash', 'prev_hash', 'detail_hash', 'values_hash', 'effect', 'session', 'no'])
      await expect(
        db.inTenant(world.tenantId, (session) => session.query(`UPDATE audit SET ${column} = NULL`)),
      ).rejects.toMatchObject({ code: '42501' });
  });
});

describe.each(sqlEngines)('the audit of an older release on $name', (engine) => {
  it('SYNC-55 its entries become a chain in the order in which they were written, by organization', async () => {
    const place = await engine.createLocation();
    const old = allMigrations.slice(0, 11);
    const insert = (tenant: string, command: string) =>
      `INSERT INTO audit (tenant, actor, device, at, command, entity, id, groups, outcome)
       VALUES ('${tenant}', 'ada', NULL, 1, '${command}', 'account', 'Ä"\\', '{name,amount}', 'applied')`;
    const found = ['left', 'right'].flatMap((tenant) => [
      `INSERT INTO tenant (tenant, name, created_at) VALUES ('${tenant}', 'x', 1)`,
      `INSERT INTO tenant_head (tenant, incarnation, seq, min_seq, schema_version, last_ts) VALUES ('${tenant}', 'i', 0, 0, 1, 1)`,
    ]);
    const written = ['one', 'two', 'three'].flatMap((name) => [insert('left', name), insert('right', name)]);
    const folder = mkdtempSync(join(tmpdir(), 'outpost-old-'));
    const location = 'dataDir' in place.location ? { dataDir: folder } : place.location;
    if ('dataDir' in location) {
      const db = await openPglite(location.dataDir, (admin) => migrate(admin, old), APPLICATION_ROLE);
      for (const sql of [...found, ...written]) await db.asOwner((session) => session.query(sql));
      await db.close();
    } else {
      await withPostgresAdmin(location.databaseUrl, async (admin) => {
        await migrate(admin, old);
        await admin.transaction(async (session) => {
          for (const sql of [...found, ...written]) await session.query(sql);
        });
      });
    }
    const db = await openDatabase(location);
    for (const tenant of ['left', 'right'] as TenantId[]) {
      const rows = await db.inTenant(tenant, (session) =>
        session.query<{ command: string }>('SELECT command FROM audit ORDER BY no'),
      );
      expect(rows.map(({ command }) => command)).toEqual(['one', 'two', 'three']);
      expect(await verifyAudit(db, tenant, [], NOW_MS)).toMatchObject({ entries: 3, verified: 3, finding: null });
    }
    await db.asOwner((session) => session.query(`UPDATE audit SET id = 'b' WHERE tenant = 'left' AND no = 2`));
    expect((await verifyAudit(db, 'left' as TenantId, [], NOW_MS)).finding).toEqual({ kind: 'altered', no: 2 });
    await db.close();
    await place.remove();
    rmSync(folder, { recursive: true, force: true });
  });
});
