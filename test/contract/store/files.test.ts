import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHUNK_BYTES } from '#shared/files/file-limits.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { createFileContents, type FileContents } from '#server/files/file-content.ts';
import { sweepContent } from '#server/files/sweep-content.ts';
import { erasePerson } from '#server/privacy/erase-person.ts';
import { openDatabase } from '#server/store/open-database.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import {
  attach,
  bytesOf,
  chunksOf,
  fetchContent,
  fileValues,
  principalFor,
  sendContent,
} from '#test/support/file-operations.ts';
import { create, give, idsOn, share, unshare } from '#test/support/scope-operations.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { changesFor, createSyncWorld, seededRecord, type SyncWorld } from '#test/support/sync-world.ts';

const DAY_MS = 86_400_000;
const deal = { name: 'Deal', pipelineId: 'p', stageId: 's', ownerId: 'rep', teamId: 'north' };
const onDeal = { entity: 'deal', id: 'd1' } as const;
const large = bytesOf(2 * CHUNK_BYTES + 77);
const small = new TextEncoder().encode('We offer what we said.');

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    return error instanceof OutpostError ? `${error.code} ${error.message}` : String(error);
  }
}

describe.each(sqlEngines)('files on $name', (engine) => {
  let db: SqlDatabase;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const place = await engine.createLocation();
    remove = place.remove;
    db = await openDatabase(place.location);
  });
  afterAll(async () => {
    await db.close();
    await remove();
  });

  interface FileWorld extends SyncWorld {
    readonly contents: FileContents;
  }

  async function worldWith(
    records: readonly (readonly [Parameters<typeof seededRecord>[0], string, object])[] = [],
  ): Promise<FileWorld> {
    const world = await createSyncWorld(db);
    const seeded = [['deal', 'd1', deal] as const, ...records].map(([kind, id, values]) =>
      seededRecord(kind, id, { ...values }),
    );
    await seedRecords(db, world.tenantId, seeded, world.deps.clock);
    return { ...world, contents: createFileContents({ db, clock: world.deps.clock }) };
  }

  const chunkRows = (world: SyncWorld, id: string) =>
    world.rows<{ n: number }>('SELECT n FROM file_chunk WHERE file = $1 ORDER BY n', [id]);

  it('CRM-10 a file arrives in chunks in any order, after breaks, and is there for whoever sees its record', async () => {
    const world = await worldWith();
    const [rep, manager, stranger] = ['rep', 'manager', 'stranger'].map((id) => world.device(id));
    if (rep === undefined || manager === undefined || stranger === undefined) throw new Error('no device');
    const id = randomUUID();
    expect((await attach(rep, id, large, onDeal)).status).toBe('applied');
    const author = await principalFor(world, 'rep');
    const chunks = chunksOf(large);
    const [first, second, third] = chunks;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no chunks');
    await world.contents.writeChunk(author, id, 2, third);
    await world.contents.writeChunk(author, id, 0, first);
    expect(await world.contents.readState(author, id)).toEqual({ received: [0, 2], isComplete: false });
    expect(await codeOf(world.contents.complete(author, id))).toContain('invalid');
    for (const device of [manager, stranger]) await device.pullAll();
    expect([idsOn(manager, 'file'), idsOn(stranger, 'file')]).toEqual([[id], []]);
    expect(manager.store.get(`files/${id}`)?.['availableAt'] ?? null).toBeNull();
    // Nobody is served a part of it before the whole was verified.
    expect(await codeOf(world.contents.readChunk(await principalFor(world, 'manager'), id, 0))).toContain('not_found');
    await world.contents.writeChunk(author, id, 0, first);
    await world.contents.writeChunk(author, id, 1, second);
    expect((await world.contents.complete(author, id)).isComplete).toBe(true);
    expect((await world.contents.complete(author, id)).isComplete).toBe(true);
    await manager.pullAll();
    expect(manager.store.get(`files/${id}`)?.['availableAt']).toEqual(expect.stringMatching(/^2026-/));
    const fetched = await fetchContent(world.contents, await principalFor(world, 'manager'), id, large.length);
    expect(Buffer.compare(Buffer.from(fetched), Buffer.from(large))).toBe(0);
  });

  it('C13 a chunk that is changed, too long or not of the file is refused, and so is a whole with another fingerprint', async () => {
    const world = await worldWith();
    const rep = world.device('rep');
    const author = await principalFor(world, 'rep');
    const id = randomUUID();
    await attach(rep, id, large, onDeal);
    const [first, second, third] = chunksOf(large);
    if (first === undefined || second === undefined || third === undefined) throw new Error('no chunks');
    const refusals = [
      [0, { bytes: first.bytes, sha256: second.sha256 }],
      [2, first],
      [3, third],
      [0, { bytes: first.bytes.slice(1), sha256: first.sha256 }],
    ] as const;
    for (const [index, chunk] of refusals)
      expect(await codeOf(world.contents.writeChunk(author, id, index, chunk))).toContain('invalid');
    expect(await chunkRows(world, id)).toEqual([]);
    const others = chunksOf(bytesOf(large.length, 2));
    for (const [index, chunk] of others.entries()) await world.contents.writeChunk(author, id, index, chunk);
    expect(await codeOf(world.contents.complete(author, id))).toContain('invalid');
    // It can be sent again, and is then right.
    expect(await world.contents.readState(author, id)).toEqual({ received: [], isComplete: false });
    await sendContent(world.contents, author, id, large);
    expect(await codeOf(world.contents.writeChunk(author, id, 0, others[0] ?? first))).toContain('duplicate');
    expect(await codeOf(world.contents.readChunk(author, id, 3))).toContain('not_found');
  });

  it('SYNC-53 a body is served only while the record is visible at that moment, chunk by chunk', async () => {
    const world = await worldWith();
    const [rep, stranger] = [world.device('rep'), world.device('stranger')];
    const id = randomUUID();
    await attach(rep, id, large, onDeal);
    await sendContent(world.contents, await principalFor(world, 'rep'), id, large);
    const before = await principalFor(world, 'stranger');
    const absent = await codeOf(world.contents.readChunk(before, randomUUID(), 0));
    expect(await codeOf(world.contents.readChunk(before, id, 0))).toBe(absent);
    await share(rep, 'd1', 'view:user:stranger');
    await stranger.pullAll();
    const reader = await principalFor(world, 'stranger');
    expect(await codeOf(world.contents.readChunk(reader, id, 0))).toBe('done');
    await unshare(rep, 'd1', 'view:user:stranger');
    // The very request that was allowed before, with the rights it came with.
    expect(await codeOf(world.contents.readChunk(reader, id, 1))).toBe(absent);
    await stranger.pullAll();
    expect(idsOn(stranger, 'file')).toEqual([]);
    const audit = await world.rows<{ outcome: string }>(
      `SELECT outcome FROM audit WHERE command = 'readFile' AND id = $1 AND actor = 'stranger'`,
      [id],
    );
    expect(audit.map(({ outcome }) => outcome)).toEqual(['not_visible', 'not_visible']);
  });

  it('A1 attaching to, sending for, reading and deleting a file of a record out of sight answers as for an absent one', async () => {
    const world = await worldWith();
    const [rep, stranger] = [world.device('rep'), world.device('stranger')];
    const id = randomUUID();
    await attach(rep, id, small, onDeal);
    await sendContent(world.contents, await principalFor(world, 'rep'), id, small);
    const intruder = await principalFor(world, 'stranger');
    const chunk = chunksOf(small)[0] ?? { bytes: small, sha256: '' };
    const probes = [id, 'no-such-file'].map(async (target) => [
      await codeOf(world.contents.readState(intruder, target)),
      await codeOf(world.contents.writeChunk(intruder, target, 0, chunk)),
      await codeOf(world.contents.complete(intruder, target)),
      await codeOf(world.contents.readChunk(intruder, target, 0)),
    ]);
    const [forbidden, absent] = await Promise.all(probes);
    expect(forbidden).toEqual(absent);
    const verdicts = [
      await attach(stranger, randomUUID(), small, onDeal),
      await attach(stranger, randomUUID(), small, { entity: 'deal', id: 'no-such-deal' }),
    ].map(({ opId: _opId, opNo: _opNo, ...verdict }) => verdict);
    expect(verdicts[0]).toEqual(verdicts[1]);
    expect(verdicts[0]).toMatchObject({ status: 'rejected', code: 'invalid' });
    const deleted = [
      await stranger.send({ kind: 'delete', entity: 'file', recordId: id }),
      await stranger.send({ kind: 'delete', entity: 'file', recordId: 'no-such-file' }),
    ].map(({ opId: _opId, opNo: _opNo, ...verdict }) => verdict);
    expect(deleted[0]).toEqual(deleted[1]);
  });

  it('PER-13 whoever sees a record without changing it reads its files and attaches or removes none', async () => {
    const world = await worldWith();
    const [rep, viewer] = [world.device('rep'), world.device('viewer')];
    const id = randomUUID();
    await attach(rep, id, small, onDeal);
    const reader = await principalFor(world, 'viewer');
    const chunk = chunksOf(small)[0] ?? { bytes: small, sha256: '' };
    expect(await codeOf(world.contents.writeChunk(reader, id, 0, chunk))).toContain('action_forbidden');
    await sendContent(world.contents, await principalFor(world, 'rep'), id, small);
    expect(await codeOf(world.contents.readChunk(reader, id, 0))).toBe('done');
    expect(await attach(viewer, randomUUID(), small, onDeal)).toMatchObject({ code: 'action_forbidden' });
    await viewer.pullAll();
    expect(await viewer.send({ kind: 'delete', entity: 'file', recordId: id, baseRev: 99 })).toMatchObject({
      code: 'action_forbidden',
    });
    // Shared for changing: then the same person's colleague may.
    await share(rep, 'd1', 'edit:user:stranger');
    const stranger = world.device('stranger');
    expect((await attach(stranger, randomUUID(), small, onDeal)).status).toBe('applied');
  });

  it('SYNC-37 files of deals, tasks and activities move with them', async () => {
    const call = { subject: 'Call', activityType: 'call', occurredAt: '2026-03-02T08:00:00.000Z', ownerId: 'rep' };
    const world = await worldWith([
      ['activity', 'a1', { ...call, dealId: 'd1' }],
      ['task', 't1', { subject: 'Call back', dealId: 'd1', ownerId: 'rep', teamId: 'north' }],
      ['task', 'private', { subject: 'Mine', dealId: 'd1', ownerId: 'rep', teamId: null, visibility: 'private' }],
    ]);
    const [rep, manager, stranger, admin] = ['rep', 'manager', 'stranger', 'admin'].map((id) => world.device(id));
    if (rep === undefined || manager === undefined || stranger === undefined || admin === undefined)
      throw new Error('no device');
    const parents = {
      'of-deal': onDeal,
      'of-call': ['activity', 'a1'],
      'of-task': ['task', 't1'],
      'of-private': ['task', 'private'],
    };
    for (const [id, parent] of Object.entries(parents)) {
      const place = Array.isArray(parent) ? { entity: parent[0] as 'task', id: parent[1] ?? '' } : parent;
      expect((await attach(rep, id, small, place)).status).toBe('applied');
    }
    for (const device of [rep, manager, stranger]) await device.pullAll();
    expect(idsOn(manager, 'file')).toEqual(['of-call', 'of-deal', 'of-task']);
    expect(idsOn(rep, 'file')).toEqual(['of-call', 'of-deal', 'of-private', 'of-task']);
    expect(idsOn(stranger, 'file')).toEqual([]);
    await give(admin, 'deal', 'd1', { ownerId: 'rep', teamId: 'north' }, { ownerId: 'stranger', teamId: 'south' });
    for (const device of [rep, manager, stranger]) await device.pullAll();
    expect(idsOn(stranger, 'file')).toEqual(['of-call', 'of-deal', 'of-task']);
    // The tasks stayed with whoever has to do them.
    expect(idsOn(rep, 'file')).toEqual(['of-private', 'of-task']);
    expect(idsOn(manager, 'file')).toEqual(['of-task']);
  });

  it('A2 a device sets neither that a file is available, nor its owner, nor what it is, nor a second record', async () => {
    const world = await worldWith([['deal', 'd2', deal]]);
    const rep = world.device('rep');
    const id = randomUUID();
    const lie = { ...fileValues(small, onDeal), availableAt: '2026-03-02T08:00:00.000Z' };
    expect((await create(rep, 'file', id, lie)).status).toBe('applied');
    await rep.pullAll();
    expect(rep.store.get(`files/${id}`)?.['availableAt'] ?? null).toBeNull();
    for (const values of [
      { availableAt: '2026-03-02T08:00:00.000Z' },
      { dealId: 'd2' },
      { name: 'x.pdf' },
      { ownerId: 'colleague' },
    ]) {
      const changes = changesFor('file', values);
      expect(await rep.send({ entity: 'file', recordId: id, changes, baseRev: 99 })).toMatchObject({ code: 'invalid' });
    }
    const two = { ...fileValues(small, onDeal), accountId: null, taskId: 't' };
    expect(await create(rep, 'file', randomUUID(), two)).toMatchObject({ status: 'rejected', code: 'invalid' });
  });

  it('C13 hostile names, empty files and untrue descriptions are refused', async () => {
    const world = await worldWith();
    const rep = world.device('rep');
    for (const name of [
      '../../etc/passwd',
      'a\\b.txt',
      'invoice\u202efdp.exe',
      'CON',
      'con.txt',
      'a'.repeat(250),
      '. ',
      'a\u0007b',
    ]) {
      expect(await attach(rep, randomUUID(), small, onDeal, name), name).toMatchObject({ code: 'invalid' });
    }
    expect(await attach(rep, randomUUID(), new Uint8Array(0), onDeal)).toMatchObject({ code: 'invalid' });
    const bad = { ...fileValues(small, onDeal), sha256: 'zz' };
    expect(await create(rep, 'file', randomUUID(), bad)).toMatchObject({ code: 'invalid' });
  });

  it('C13 an administrator decides how large a file may be and how large all are together', async () => {
    const world = await worldWith();
    const rep = world.device('rep');
    await world.rows(`UPDATE tenant SET settings = '{"fileSizeMb": 2, "fileQuotaGb": 1}' WHERE tenant = $1`, [
      world.tenantId,
    ]);
    const tooLarge = await create(rep, 'file', randomUUID(), {
      ...fileValues(small, onDeal),
      sizeBytes: 2 * CHUNK_BYTES + 1,
    });
    expect(tooLarge).toMatchObject({ code: 'invalid', problems: [{ field: 'sizeBytes', code: 'fileTooLarge' }] });
    await world.rows(
      `INSERT INTO file_content (tenant, file, size_bytes, started_at) VALUES ($1, 'other', 1073741800, 0)`,
      [world.tenantId],
    );
    const full = await create(rep, 'file', randomUUID(), { ...fileValues(small, onDeal), sizeBytes: 100 });
    expect(full).toMatchObject({ code: 'invalid', problems: [{ field: 'sizeBytes', code: 'filesFull' }] });
    // Announced while there was room, sent when there is none: refused before anything is kept.
    const id = randomUUID();
    await attach(rep, id, small, onDeal);
    await world.rows(`UPDATE file_content SET size_bytes = 1073741824 WHERE file = 'other'`);
    const chunk = chunksOf(small)[0] ?? { bytes: small, sha256: '' };
    const author = await principalFor(world, 'rep');
    expect(await codeOf(world.contents.writeChunk(author, id, 0, chunk))).toContain('limit');
    expect(await chunkRows(world, id)).toEqual([]);
  });

  it('IDT-21 the storage of a plan is a limit: what is beyond it is refused with its name, and what is there stays', async () => {
    const world = await worldWith();
    const rep = world.device('rep');
    const before = randomUUID();
    await attach(rep, before, small, onDeal);
    const chunk = chunksOf(small)[0] ?? { bytes: small, sha256: '' };
    const author = await principalFor(world, 'rep');
    await world.contents.writeChunk(author, before, 0, chunk);
    const announced = randomUUID();
    await attach(rep, announced, small, onDeal);
    await world.rows(
      `INSERT INTO platform_organization (tenant, name, created_at, limits) VALUES ($1, 'World', 0, '{"storageMb": 0}')
       ON CONFLICT (tenant) DO UPDATE SET limits = excluded.limits`,
      [world.tenantId],
    );
    const full = await create(rep, 'file', randomUUID(), fileValues(small, onDeal));
    expect(full).toMatchObject({ code: 'invalid', problems: [{ field: 'sizeBytes', code: 'planStorage' }] });
    // Announced while there was room: its content waits on the computer.
    expect(await codeOf(world.contents.writeChunk(author, announced, 0, chunk))).toContain('limit');
    expect(await chunkRows(world, announced)).toEqual([]);
    expect(await chunkRows(world, before)).toHaveLength(1);
    await world.rows(`UPDATE platform_organization SET limits = '{"storageMb": 1}' WHERE tenant = $1`, [
      world.tenantId,
    ]);
    await world.contents.writeChunk(author, announced, 0, chunk);
    expect(await chunkRows(world, announced)).toHaveLength(1);
    expect(await create(rep, 'file', randomUUID(), fileValues(small, onDeal))).toMatchObject({ status: 'applied' });
  });

  it('CRM-10 content outlives a deletion as long as it can be undone, and not longer', async () => {
    const world = await worldWith([['deal', 'd2', deal]]);
    const rep = world.device('manager');
    const author = await principalFor(world, 'manager');
    for (const [id, dealId] of [
      ['f1', 'd1'],
      ['f2', 'd2'],
      ['f3', 'd2'],
    ] as const) {
      await attach(rep, id, small, { entity: 'deal', id: dealId });
      await sendContent(world.contents, author, id, small);
    }
    await rep.pullAll();
    const revOf = (place: string) => rep.store.get(place)?.rev ?? 0;
    await rep.send({ kind: 'delete', entity: 'file', recordId: 'f2', baseRev: revOf('files/f2') });
    await rep.send({ kind: 'delete', entity: 'deal', recordId: 'd1', baseRev: revOf('deals/d1') });
    expect(await codeOf(world.contents.readChunk(author, 'f1', 0))).toContain('not_visible');
    expect(await codeOf(world.contents.readChunk(author, 'f2', 0))).toContain('not_visible');
    const sweep = () =>
      db.inTenant(world.tenantId, (session) => sweepContent(session, world.tenantId, world.clock.nowMs));
    expect(await sweep()).toBe(0);
    expect((await rep.send({ kind: 'restore', entity: 'file', recordId: 'f2' })).status).toBe('applied');
    expect(await codeOf(world.contents.readChunk(author, 'f2', 0))).toBe('done');
    await rep.send({ kind: 'delete', entity: 'file', recordId: 'f2', baseRev: 9999 });
    world.clock.nowMs += 31 * DAY_MS;
    expect(await sweep()).toBe(2);
    expect([await chunkRows(world, 'f1'), await chunkRows(world, 'f2')]).toEqual([[], []]);
    expect(await chunkRows(world, 'f3')).toHaveLength(1);
  });

  it('SYNC-52 C10 erasing a person erases their files, and those of their calls, with name and content', async () => {
    const call = { subject: 'Call', activityType: 'call', occurredAt: '2026-03-02T08:00:00.000Z', ownerId: 'rep' };
    const world = await worldWith([
      [
        'contact',
        'c1',
        { firstName: 'Erika', lastName: 'Muster', name: 'Erika Muster', ownerId: 'rep', teamId: 'north' },
      ],
      ['activity', 'a1', { ...call, contactId: 'c1' }],
    ]);
    const rep = world.device('rep');
    const author = await principalFor(world, 'rep');
    const placed = [
      ['f1', 'contact', 'c1'],
      ['f2', 'activity', 'a1'],
      ['f3', 'deal', 'd1'],
    ] as const;
    for (const [id, entity, parent] of placed) {
      await attach(rep, id, small, { entity, id: parent }, 'erika-canary.txt');
      await sendContent(world.contents, author, id, small);
    }
    const eraser = { userId: 'admin', nowMs: world.clock.nowMs };
    await db.inTenant(world.tenantId, (session) => erasePerson(session, world.tenantId, { id: 'c1' }, eraser));
    const left = await world.rows<{ file: string }>('SELECT DISTINCT file FROM file_chunk');
    expect(left).toEqual([{ file: 'f3' }]);
    const named = await world.rows<{ id: string }>(
      `SELECT id FROM record WHERE kind = 'file' AND data::text LIKE '%canary%' ORDER BY id`,
    );
    expect(named).toEqual([{ id: 'f3' }]);
    expect(await codeOf(world.contents.readChunk(author, 'f1', 0))).toContain('not_visible');
    expect(await attach(rep, 'f1', small, onDeal)).toMatchObject({ code: 'deleted' });
  });

  it('SYNC-39 content of another organization is as absent', async () => {
    const [north, south] = [await worldWith(), await worldWith()];
    const id = randomUUID();
    await attach(north.device('rep'), id, small, onDeal);
    await sendContent(north.contents, await principalFor(north, 'rep'), id, small);
    await attach(south.device('rep'), id, small, onDeal);
    const other = await principalFor(south, 'rep');
    expect(await south.contents.readState(other, id)).toEqual({ received: [], isComplete: false });
    expect(await codeOf(south.contents.readChunk(other, id, 0))).toContain('not_found');
  });
});
