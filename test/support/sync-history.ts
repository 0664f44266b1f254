// One history of pushes and pulls from a seed, played on any store: what is answered must be the same everywhere, so that
// what the simulation proves on its model holds on the databases.
import type { Actor } from '#shared/access/actor.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { createSeededRandom, type SeededRandom } from '#shared/kernel/seeded-random.ts';
import type { BodiesResponse, ManifestResponse, PullItem } from '#shared/sync/messages.ts';
import { SCHEMA_VERSION, type Change, type Operation } from '#shared/sync/operation.ts';
import { seedInto } from '#server/sync/apply-records.ts';
import { bodiesJson } from '#server/sync/bodies.ts';
import { manifestPage } from '#server/sync/manifest.ts';
import { pullPage } from '#server/sync/pull.ts';
import { pushOperations, type SyncDependencies } from '#server/sync/push.ts';
import type { SyncStore } from '#server/sync/sync-store.ts';
import { people, seededRecord, STARTED_AT_MS } from '#test/support/sync-world.ts';

const STEPS = 70;

interface Teller {
  readonly id: string;
  readonly userId: string;
  token: string | null;
  lastOpNo: number;
  /** What the device knows of records, for honest bases. */
  readonly known: Map<string, AnyRecord>;
}

/** What is answered, step by step; the tenant exists and is empty. */
export async function playHistory(store: SyncStore, tenantId: TenantId, seed: number): Promise<readonly unknown[]> {
  const random = createSeededRandom(seed);
  let nowMs = STARTED_AT_MS;
  let lastId = 0;
  const nextId = (): string => `id-${String((lastId += 1))}`;
  const deps: SyncDependencies = { store, clock: { now: () => nowMs }, createId: nextId };
  const teams = [
    seededRecord('team', 'north', { name: 'North', leadId: 'manager' }),
    seededRecord('team', 'south', { name: 'South', parentId: 'north' }),
  ];
  const users = people.map(({ id, role, teamId }) =>
    seededRecord('user', id, { name: id, email: `${id}@example.com`, role, teamId, isActive: true }),
  );
  await seedInto(store, tenantId, [...teams, ...users], deps.clock);
  const devices = ['admin', 'manager', 'rep', 'colleague', 'stranger', 'viewer'].map((userId): Teller => ({
    id: `${userId}-laptop`,
    userId,
    token: null,
    lastOpNo: 0,
    known: new Map(),
  }));
  const transcript: unknown[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    nowMs += random.integer(-5_000, 20_000);
    const device = random.pick(devices);
    const actor = await loadActor(store, tenantId, device.userId);
    if (actor === null) transcript.push('gone');
    else if (random.chance(0.6))
      transcript.push(await push(deps, actor, device, writeOperations(random, device, nextId)));
    else transcript.push(await pull(deps, actor, device, random.pick([1, 3, 1_000])));
  }
  for (const device of devices) {
    const actor = await loadActor(store, tenantId, device.userId);
    if (actor !== null) transcript.push(actor, await pull(deps, actor, device, 1_000));
  }
  transcript.push(
    await store.inTenant(tenantId, async (transaction) => {
      const head = await transaction.readHead();
      return { seq: head?.seq, lastTs: head?.lastTs };
    }),
  );
  return transcript;
}

async function loadActor(store: SyncStore, tenantId: TenantId, userId: string): Promise<Actor | null> {
  const loaded = await store.inTenant(tenantId, (transaction) => transaction.readActor(userId as UserId));
  return loaded?.actor ?? null;
}

async function push(deps: SyncDependencies, actor: Actor, device: Teller, ops: Operation[]): Promise<unknown> {
  try {
    const answer = await pushOperations(deps, actor, device.id, { protocol: 1, epoch: actor.epoch, ops });
    device.lastOpNo = Math.max(device.lastOpNo, ...ops.map((operation) => operation.opNo));
    return answer;
  } catch (error) {
    if (!(error instanceof OutpostError)) throw error;
    return { code: error.code, details: error.details };
  }
}

async function pull(deps: SyncDependencies, actor: Actor, device: Teller, wantItems: number): Promise<unknown> {
  try {
    const { token, ...page } = await pullPage(deps, actor, device.id, { protocol: 1, token: device.token, wantItems });
    device.token = token;
    if (page.snapshotStart === true) device.known.clear();
    take(device, page.items);
    return page;
  } catch (error) {
    if (!(error instanceof OutpostError)) throw error;
    return { code: error.code, details: error.details, after: await reconcile(deps, actor, device, wantItems) };
  }
}

/** What a device does that cannot go on from where it stood. Fingerprints are of one installation each. */
async function reconcile(
  deps: SyncDependencies,
  actor: Actor,
  device: Teller,
  wantItems: number,
): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  device.known.clear();
  for (let cursor: string | null = null, isLast = false; !isLast;) {
    const page: ManifestResponse = await manifestPage(deps, actor, device.id, { protocol: 1, cursor, wantItems });
    const places = page.ranges.map(({ coll, ids }) => ({ coll, ids: [...ids] })).filter(({ ids }) => ids.length > 0);
    const bodies = await bodiesJson(deps, actor, { protocol: 1, epoch: page.epoch, places });
    const { items } = JSON.parse(bodies) as BodiesResponse;
    take(device, items);
    told.push({ places, items, lastOpNo: page.lastOpNo, progress: page.progress });
    cursor = page.cursor;
    isLast = page.cursor === null;
    device.token = page.token;
  }
  return told;
}

function take({ known }: Teller, items: readonly PullItem[]): void {
  for (const item of items) {
    if (item.t === 'put') known.set(String(item.record['id']), item.record as AnyRecord);
    else known.delete(item.id);
  }
}

const names = ['one', 'two', 'three', 'four'];

function writeOperations(random: SeededRandom, device: Teller, nextId: () => string): Operation[] {
  const txn = random.chance(0.2) ? nextId() : null;
  return Array.from({ length: random.integer(1, 3) }, (_, index): Operation => {
    const wish = writeWish(random, device, nextId);
    const opNo = device.lastOpNo + 1 + index + (random.chance(0.03) ? 1 : 0);
    const captured = { wall: '2001-01-01T00:00:00.000Z', sinceBootMs: 1 };
    const shared = {
      opId: nextId(),
      opNo,
      txn,
      command: 'updateRecord',
      dependsOn: [],
      captured,
      schema: SCHEMA_VERSION,
    };
    return { ...shared, ...wish };
  });
}

type Wish = Pick<Operation, 'kind' | 'entity' | 'recordId' | 'baseRev' | 'changes'>;

function writeWish(random: SeededRandom, device: Teller, nextId: () => string): Wish {
  const entity: EntityName = random.pick(['account', 'contact', 'task']);
  const recordId = random.chance(0.25) ? nextId() : `${entity}-${String(random.integer(1, 5))}`;
  const known = device.known.get(recordId);
  const title = entity === 'task' ? 'subject' : 'name';
  const draw = random.unit();
  const place = { entity, recordId, baseRev: known?.rev ?? 0 };
  if (draw < 0.35) {
    const owner = { ownerId: device.userId, teamId: random.pick(['north', 'south', null]) };
    const groups: Change[] = [{ group: groupOf(entity, title), base: {}, to: { [title]: random.pick(names) } }];
    if (entity === 'task') groups.push({ group: 'visibility', base: {}, to: { visibility: 'assigned' } });
    return { kind: 'create', ...place, baseRev: 0, changes: [...groups, { group: 'owner', base: {}, to: owner }] };
  }
  if (draw < 0.45) return { kind: 'delete', ...place, changes: [] };
  if (draw < 0.5) return { kind: 'restore', ...place, changes: [] };
  if (draw < 0.6) return writeRuling(random, device);
  const base = random.chance(0.3) ? random.pick(names) : (known?.[title] ?? null);
  const changes: Change[] = [
    { group: groupOf(entity, title), base: { [title]: base }, to: { [title]: random.pick(names) } },
  ];
  if (random.chance(0.3))
    changes.push({ group: 'tags', base: { tags: known?.['tags'] ?? [] }, add: { tags: [random.pick(names)] } });
  if (random.chance(0.3)) {
    const to = { ownerId: random.pick(people).id, teamId: random.pick(['north', 'south']) };
    changes.push({ group: 'owner', base: { ownerId: known?.ownerId ?? null, teamId: known?.teamId ?? null }, to });
  }
  return { kind: 'patch', ...place, changes };
}

/** Roles, teams and who belongs to them. */
function writeRuling(random: SeededRandom, device: Teller): Wish {
  const user = random.pick(['rep', 'colleague', 'stranger', 'viewer']);
  const before = device.known.get(user);
  if (random.chance(0.3)) {
    const base = { leadId: device.known.get('south')?.['leadId'] ?? null };
    return {
      kind: 'patch',
      entity: 'team',
      recordId: 'south',
      baseRev: 0,
      changes: [{ group: 'leadId', base, to: { leadId: user } }],
    };
  }
  const to = random.pick([{ role: 'viewer' }, { role: 'sales_rep' }, { isActive: false }, { isActive: true }]);
  const group = Object.keys(to)[0] ?? 'role';
  const changes: Change[] = [{ group, base: { [group]: before?.[group] ?? null }, to }];
  return { kind: 'patch', entity: 'user', recordId: user, baseRev: before?.rev ?? 0, changes };
}

function groupOf(entity: string, field: string): string {
  return entityOf(entity)?.fields[field]?.group ?? field;
}
