// Who gets which part of a mail, as the server replicates it: what somebody may not read never reaches the device.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailVisibility } from '#shared/mail/mail-types.ts';
import { contentIdOf } from '#shared/entities/mail-message/commands.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { createFileContents } from '#server/files/file-content.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { attach, principalFor, sendContent } from '#test/support/file-operations.ts';
import { create, give, idsOn } from '#test/support/scope-operations.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { createSyncWorld, seededRecord, type SyncWorld, type TestDevice } from '#test/support/sync-world.ts';

const deal = { name: 'Deal', pipelineId: 'p', stageId: 's', ownerId: 'rep', teamId: 'north' };
const raw = new TextEncoder().encode('From: a@b.example\r\n\r\ncanary-of-a-letter');

describe.each(sqlEngines)('who reads a mail on $name', (engine) => {
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

  async function worldWithDeal(): Promise<SyncWorld> {
    const world = await createSyncWorld(db);
    await seedRecords(db, world.tenantId, [seededRecord('deal', 'd1', deal)], world.deps.clock);
    return world;
  }

  /** Keeps a mail with the deal, its text, and the mail as it came. */
  async function keep(
    device: TestDevice,
    id: string,
    visibility: MailVisibility,
    participantIds: readonly string[] = [],
  ): Promise<readonly string[]> {
    const links = { dealId: 'd1', visibility, participantIds, ownerId: device.userId };
    const at = { sentAt: '2026-11-20T10:00:00.000Z', threadKey: 't', mailKey: `k-${id}` };
    const from = { fromName: 'Ada', fromAddress: 'ada@customer.example', direction: 'inbound' };
    const message = await create(device, 'mailMessage', id, { ...links, ...at, ...from });
    const about = { ...links, subject: 'Our offer', excerpt: 'canary', messageId: id };
    const content = await create(device, 'mailContent', contentIdOf(id), about);
    const file = await attach(device, randomUUID(), raw, { entity: 'mailContent', id: contentIdOf(id) }, 'mail.eml');
    return [message.status, content.status, file.status];
  }

  const parts = async (world: SyncWorld, person: string): Promise<readonly number[]> => {
    const device = world.device(person);
    await device.pullAll();
    return (['mailMessage', 'mailContent', 'file'] as const).map((kind) => idsOn(device, kind).length);
  };

  it.each([
    ['participants', [0, 0, 0]],
    ['metadata', [1, 0, 0]],
    ['team', [1, 1, 1]],
  ] as const)(
    'EML-12 of a mail for %s whoever sees the deal gets %j of mail, text and file',
    async (visibility, seen) => {
      const world = await worldWithDeal();
      expect(await keep(world.device('rep'), randomUUID(), visibility)).toEqual(['applied', 'applied', 'applied']);
      expect(await parts(world, 'rep')).toEqual([1, 1, 1]);
      expect(await parts(world, 'manager')).toEqual(seen);
      expect(await parts(world, 'viewer')).toEqual(seen);
      // Organization-wide sight is no key to letters between others.
      expect(await parts(world, 'admin')).toEqual(seen);
      expect(await parts(world, 'stranger')).toEqual([0, 0, 0]);
    },
  );

  it('EML-12 a colleague the mail was sent to reads it whatever its visibility, and whatever the deal', async () => {
    const world = await worldWithDeal();
    await keep(world.device('rep'), randomUUID(), 'participants', ['stranger']);
    expect(await parts(world, 'stranger')).toEqual([1, 1, 1]);
    expect(await parts(world, 'colleague')).toEqual([0, 0, 0]);
  });

  it('EML-12 what is narrowed leaves the devices of those who lost it, and nobody but its owner can widen it', async () => {
    const world = await worldWithDeal();
    const [rep, manager] = [world.device('rep'), world.device('manager')];
    const id = randomUUID();
    await keep(rep, id, 'team', ['colleague']);
    await manager.pullAll();
    expect(idsOn(manager, 'mailContent')).toEqual([contentIdOf(id)]);
    const change = (to: MailVisibility, base: MailVisibility) => [
      { group: 'visibility', base: { visibility: base }, to: { visibility: to } },
    ];
    for (const [entity, recordId] of [
      ['mailMessage', id],
      ['mailContent', contentIdOf(id)],
    ] as const)
      expect((await rep.send({ entity, recordId, changes: change('participants', 'team') })).status).toBe('applied');
    await manager.pullAll();
    expect((['mailMessage', 'mailContent', 'file'] as const).flatMap((kind) => idsOn(manager, kind))).toEqual([]);
    const colleague = world.device('colleague');
    await colleague.pullAll();
    const sent = await colleague.send({
      entity: 'mailContent',
      recordId: contentIdOf(id),
      changes: change('team', 'participants'),
    });
    expect(sent).toMatchObject({ status: 'rejected', code: 'action_forbidden' });
    const admin = await world.device('admin').send({
      entity: 'mailContent',
      recordId: contentIdOf(id),
      changes: change('team', 'participants'),
    });
    expect(admin).toMatchObject({ status: 'rejected', code: 'not_visible' });
  });

  it('EML-12 a mail follows its deal to another team, with what stood in it', async () => {
    const world = await worldWithDeal();
    await keep(world.device('rep'), randomUUID(), 'team');
    const manager = world.device('manager');
    await manager.pullAll();
    const north = { ownerId: 'rep', teamId: 'north' };
    const south = { ownerId: 'stranger', teamId: 'south' };
    expect((await give(world.device('admin'), 'deal', 'd1', north, south)).status).toBe('applied');
    await manager.pullAll();
    expect((['mailMessage', 'mailContent', 'file'] as const).flatMap((kind) => idsOn(manager, kind))).toEqual([]);
    expect(await parts(world, 'stranger')).toEqual([1, 1, 1]);
    // It stays its owner's mail.
    expect(await parts(world, 'rep')).toEqual([1, 1, 1]);
  });

  it('EML-12 the bytes of a mail are given to its readers alone, and two computers of one person keep it once', async () => {
    const world = await worldWithDeal();
    const contents = createFileContents({ db, clock: world.deps.clock });
    const rep = world.device('rep');
    const id = randomUUID();
    await keep(rep, id, 'participants');
    await rep.pullAll();
    const fileId = idsOn(rep, 'file')[0] ?? '';
    await sendContent(contents, await principalFor(world, 'rep'), fileId, raw);
    await expect(contents.readChunk(await principalFor(world, 'admin'), fileId, 0)).rejects.toMatchObject({
      code: 'not_visible',
    });
    const second = world.device('rep');
    expect((await keep(second, id, 'participants')).slice(0, 2)).toEqual(['noop', 'noop']);
    // An id that is somebody else's is refused like any other.
    expect((await keep(world.device('colleague'), id, 'team')).slice(0, 1)).toEqual(['rejected']);
  });
});
