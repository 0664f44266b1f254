// Files of a computer against a real server: what was attached arrives whatever breaks, what is here may be here, and what
// may not be here any more is gone from the disk before anything else is asked.
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHUNK_BYTES } from '#shared/files/file-limits.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';
import { commitChanges } from '#server/sync/commit-changes.ts';
import { readRecords } from '#server/sync/stored-record.ts';
import { createSqlTransaction } from '#server/sync/sql/sql-sync-store.ts';
import { scopeKeysOf } from '#shared/access/scope.ts';
import { entities } from '#shared/entities/registry.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import { bytesOf, chunksOf, fileValues } from '#test/support/file-operations.ts';
import { changeOfSet } from '#test/support/scope-operations.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import { changesFor, seededRecord } from '#test/support/sync-world.ts';

const large = bytesOf(3 * CHUNK_BYTES + 11);
const text = new TextEncoder().encode('canary-of-an-offer');
let server: TestServer;
let tenantId: TenantId;
let dealId: string;
let shared: string[];

beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.remove());

function draft(more: Partial<OperationDraft> & Pick<OperationDraft, 'recordId'>): OperationDraft {
  return {
    opId: randomUUID(),
    txn: null,
    kind: 'create',
    entity: 'file',
    command: 'createRecord',
    baseRev: 0,
    changes: [],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
    ...more,
  };
}

describe('files of a computer', () => {
  const places: DesktopPlace[] = [];
  const desktops: Desktop[] = [];

  async function start(at: DesktopPlace): Promise<Desktop> {
    const started = await startDesktop(at);
    desktops.push(started);
    return started;
  }
  async function startFor(
    person: keyof typeof people,
  ): Promise<{ readonly place: DesktopPlace; readonly desktop: Desktop }> {
    const place = createDesktopPlace();
    places.push(place);
    const desktop = await start(place);
    await desktop.session.signIn({ serverUrl: server.url, email: emailOf(people[person]), password: testPassword });
    await desktop.until(isSettled(desktop));
    return { place, desktop };
  }
  async function stop(desktop: Desktop): Promise<void> {
    desktops.splice(desktops.indexOf(desktop), 1);
    await desktop.stop();
  }
  const isSettled = (who: Desktop) => () =>
    who.status().phase === 'idle' && who.status().pendingCount === 0 && who.status().upToDateAt !== null;

  /** Everybody of the organization of this test. */
  let people: { readonly rene: string; readonly olga: string };

  beforeEach(async () => {
    people = { rene: randomUUID(), olga: randomUUID() };
    tenantId = await createOrganizationWith(
      server,
      randomUUID(),
      Object.values(people).map((id) => ({ id, role: 'sales_rep' })),
    );
    dealId = randomUUID();
    shared = [];
    const deal = { name: 'Deal', pipelineId: 'p', stageId: 's', ownerId: people.rene, teamId: null };
    await seedRecords(server.database, tenantId, [seededRecord('deal', dealId, deal)]);
  });
  afterEach(async () => {
    for (const running of desktops.splice(0)) await running.stop();
    for (const made of places.splice(0)) made.remove();
  });

  /** Takes a file from a page and attaches it to the deal. */
  async function attach(desktop: Desktop, bytes: Uint8Array, name = 'offer.pdf'): Promise<string> {
    const { id } = desktop.files.begin(name, bytes.length);
    for (const [index, chunk] of chunksOf(bytes).entries()) desktop.files.append(id, index, chunk.bytes);
    const taken = await desktop.files.finish(id);
    const { userId } = desktop.local;
    const values = {
      ...fileValues(bytes, { entity: 'deal', id: dealId }, taken.name, userId),
      mediaType: taken.mediaType,
    };
    desktop.append([draft({ recordId: id, changes: [...changesFor('file', values)] })]);
    return id;
  }
  function shareWith(desktop: Desktop, person: keyof typeof people): void {
    const entry = `view:user:${people[person]}`;
    shared.push(entry);
    desktop.append([
      draft({ kind: 'patch', entity: 'deal', recordId: dealId, changes: [changeOfSet('shares', [], [entry])] }),
    ]);
  }
  function unshare(desktop: Desktop): void {
    const changes = [changeOfSet('shares', shared, [], shared)];
    desktop.append([draft({ kind: 'patch', entity: 'deal', recordId: dealId, changes })]);
  }
  const placeOf = (desktop: Desktop, id: string) => desktop.files.states([id])[0]?.place;
  const chunkCalls = (desktop: Desktop, id: string): readonly string[] =>
    desktop.network.calls
      .filter((call) => call.startsWith(`/api/v1/files/${id}/chunks/`))
      .map((call) => call.split('/').at(-1) ?? '');
  function blobsIn(place: DesktopPlace): readonly string[] {
    return readdirSync(place.directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.blob'));
  }
  function holds(place: DesktopPlace, bytes: Uint8Array): boolean {
    return readdirSync(place.directory, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(place.directory, name))
      .some((name) => statSync(name).isFile() && readFileSync(name).includes(Buffer.from(bytes)));
  }
  function read(desktop: Desktop, id: string, count: number): Buffer {
    return Buffer.concat(Array.from({ length: count }, (_, index) => desktop.files.read(id, index)));
  }

  it('SYNC-04 an upload goes on after a broken line and after a restart, and sends no chunk twice', async () => {
    const { place, desktop } = await startFor('rene');
    desktop.network.onCall = (call) => {
      if (call.endsWith('/chunks/1')) desktop.network.isCut = true;
    };
    const id = await attach(desktop, large);
    await desktop.until(() => desktop.network.isCut);
    await stop(desktop);
    const again = await start(place);
    await again.until(() => placeOf(again, id) === 'copy');
    const sent = [...chunkCalls(desktop, id), ...chunkCalls(again, id)];
    // The second one was under way when the line broke.
    expect(sent.filter((index) => index === '0')).toHaveLength(1);
    expect(new Set(sent)).toEqual(new Set(['0', '1', '2', '3']));
    await again.until(() => typeof again.local.records.get(id)?.['availableAt'] === 'string');
    expect(holds(place, text)).toBe(false);
  });

  it('CRM-10 another computer has it before anybody asks, goes on after a broken line, and the bytes are the same', async () => {
    const { desktop: rene } = await startFor('rene');
    const id = await attach(rene, large);
    await rene.until(() => placeOf(rene, id) === 'copy');
    const { place, desktop: olga } = await startFor('olga');
    olga.network.onCall = (call) => {
      if (call.endsWith('/chunks/2')) olga.network.isCut = true;
    };
    shareWith(rene, 'olga');
    await olga.until(() => olga.network.isCut);
    await stop(olga);
    const again = await start(place);
    await again.until(() => placeOf(again, id) === 'copy', 30_000);
    expect(chunkCalls(again, id)).toEqual(['2', '3']);
    expect(Buffer.compare(read(again, id, 4), Buffer.from(large))).toBe(0);
    expect(holds(place, large.subarray(100, 200))).toBe(false);
  });

  it('SYNC-24 SYNC-53 what was lost is gone from the disk before anything further is asked of the server', async () => {
    const { desktop: rene } = await startFor('rene');
    const id = await attach(rene, text, 'canary.txt');
    shareWith(rene, 'olga');
    const { place, desktop: olga } = await startFor('olga');
    await olga.until(() => placeOf(olga, id) === 'copy');
    await olga.files.openOutside(id);
    const [copy] = olga.opened;
    expect(copy !== undefined && existsSync(copy)).toBe(true);
    expect(statSync(copy ?? '').mode & 0o777).toBe(0o400);
    // Looked at when each request after the loss leaves.
    const seen: string[] = [];
    olga.network.onCall = (call) => {
      if (!olga.local.records.has(dealId)) seen.push(`${call} ${String(blobsIn(place).length)}`);
    };
    unshare(rene);
    await olga.until(() => !olga.local.records.has(dealId));
    olga.engine.syncNow();
    await olga.until(() => seen.length > 0);
    expect(seen.every((line) => line.endsWith(' 0'))).toBe(true);
    expect(existsSync(copy ?? '')).toBe(false);
    expect(placeOf(olga, id)).toBe('absent');
    expect(holds(place, text)).toBe(false);
    expect(toOutpostError(await olga.files.fetch(id).catch((error: unknown) => error)).code).toBe('not_visible');
  });

  it('SYNC-47 what the server does not take any more stays with its author, to be looked at, until it is let go', async () => {
    const { place, desktop: rene } = await startFor('rene');
    // The announcement arrives, the content does not, and the deal goes to somebody else meanwhile.
    rene.network.onCall = (call) => {
      if (call.startsWith('/api/v1/files/')) throw new TypeError('fetch failed');
    };
    const id = await attach(rene, text, 'kept.txt');
    await rene.until(() => rene.local.records.has(id) && rene.status().pendingCount === 0);
    const toOlga = [{ group: 'owner', base: {}, to: { ownerId: people.olga } }];
    await seedOwner(toOlga);
    rene.network.onCall = () => undefined;
    rene.engine.syncNow();
    await rene.until(() => rene.files.refused().length === 1);
    expect(rene.files.refused()[0]).toMatchObject({ id, name: 'kept.txt', refusal: { code: 'not_visible' } });
    expect(rene.status().attentionCount).toBe(1);
    expect(Buffer.from(rene.files.read(id, 0)).equals(Buffer.from(text))).toBe(true);
    rene.files.discard(id);
    expect([rene.files.refused(), blobsIn(place)]).toEqual([[], []]);
  });

  /** An administrator's change, as another server process would write it. */
  async function seedOwner(changes: readonly { readonly to: Readonly<Record<string, unknown>> }[]): Promise<void> {
    const values = { name: 'Deal', pipelineId: 'p', stageId: 's', teamId: null, ...changes[0]?.to };
    await server.database.inTenant(tenantId, async (session) => {
      const [stored] = (await readRecords(session, tenantId, [{ coll: 'deals', id: dealId }], true)).values();
      if (stored === undefined) throw new Error('there is no such deal');
      const after = { ...stored.record, ...values };
      const change = {
        definition: entities.deal,
        action: 'update',
        groups: ['owner'],
        after,
        keysBefore: stored.scopeKeys,
        keysAfter: scopeKeysOf(entities.deal, after),
        fieldRevBefore: stored.fieldRev,
        keepsStamps: false,
        opId: null,
      } as const;
      const commit = { actorId: null, deviceId: null, changes: [change] };
      await (
        await commitChanges(createSqlTransaction(session, tenantId), Date.now(), [commit])
      ).written;
    });
  }

  it('OFF-05 least used copies make room first; pinned ones and what is owed stay', async () => {
    const { place, desktop: rene } = await startFor('rene');
    const ids: string[] = [];
    for (const seed of [1, 2, 3]) {
      const id = await attach(rene, bytesOf(CHUNK_BYTES, seed), `part ${String(seed)}.bin`);
      await rene.until(() => placeOf(rene, id) === 'copy');
      ids.push(id);
      await rene.files.fetch(id);
    }
    const [first, second, third] = ids;
    if (first === undefined || second === undefined || third === undefined) throw new Error('not attached');
    await rene.files.pin(first, true);
    rene.engine.setWorkOffline(true);
    const owed = await attach(rene, bytesOf(CHUNK_BYTES, 4), 'owed.bin');
    rene.rules.keepFilesMb = 2;
    rene.engine.setWorkOffline(false);
    rene.network.onCall = (call) => {
      if (call.endsWith('/chunks/0')) throw new TypeError('fetch failed');
    };
    await rene.until(() => placeOf(rene, second) === 'absent');
    expect([first, third, owed].map((id) => placeOf(rene, id))).toEqual(['copy', 'copy', 'waiting']);
    expect(blobsIn(place)).toHaveLength(3);
    expect(rene.files.usage()).toMatchObject({ copyBytes: 2 * CHUNK_BYTES, owedBytes: CHUNK_BYTES });
  });

  it('D12 signing out removes copies and keeps what is owed; a discarded profile keeps nothing', async () => {
    const { place, desktop: rene } = await startFor('rene');
    const id = await attach(rene, text, 'copy.txt');
    await rene.until(() => placeOf(rene, id) === 'copy');
    rene.engine.setWorkOffline(true);
    const owed = await attach(rene, bytesOf(2000), 'owed.bin');
    expect(blobsIn(place)).toHaveLength(2);
    await rene.session.signOut('keep');
    expect(blobsIn(place)).toHaveLength(1);
    await rene.session.signIn({ serverUrl: server.url, email: emailOf(people.rene), password: testPassword });
    expect(rene.files.states([owed])[0]?.place).toBe('waiting');
    await rene.session.signOut('discard');
    expect(blobsIn(place)).toEqual([]);
  });

  it('C13 a file that a computer would run is not opened, and what comes damaged from a server is not kept', async () => {
    const { desktop: rene } = await startFor('rene');
    for (const [name, bytes] of [
      ['invoice.pdf.exe', text],
      ['picture.png', new TextEncoder().encode('MZ\u0090 not a picture')],
      ['page.html', text],
    ] as const) {
      const id = await attach(rene, bytes, name);
      const refusal = toOutpostError(await rene.files.openOutside(id).catch((error: unknown) => error));
      expect(refusal.code, name).toBe('action_forbidden');
    }
    expect(rene.opened).toEqual([]);
    const id = await attach(rene, text, 'honest.txt');
    await rene.until(() => placeOf(rene, id) === 'copy');
    shareWith(rene, 'olga');
    await server.database.inTenant(tenantId, (session) =>
      session.query('UPDATE file_chunk SET bytes = $1::bytea, sha256 = $2 WHERE file = $3', [
        bytesOf(text.length),
        chunksOf(bytesOf(text.length))[0]?.sha256 ?? '',
        id,
      ]),
    );
    const { desktop: olga } = await startFor('olga');
    await olga.until(() => olga.files.states([id])[0]?.refusal?.code === 'invalid');
    expect(placeOf(olga, id)).toBe('absent');
  });
});
