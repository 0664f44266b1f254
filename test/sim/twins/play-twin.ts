// One of two worlds that differ only in what the spectator may not see. Common work, the clock and everything the
// spectator does are drawn from one seed, hidden work from another; what comes back to the spectator is written down as the
// bytes it was.
import type { Actor } from '#shared/access/actor.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { SeededRandom } from '#shared/kernel/seeded-random.ts';
import type { BodiesResponse, ManifestResponse, PullItem, PullResponse, PushResponse } from '#shared/sync/messages.ts';
import { SCHEMA_VERSION, type Operation } from '#shared/sync/operation.ts';
import { seedInto } from '#server/sync/apply-records.ts';
import { bodiesJson } from '#server/sync/bodies.ts';
import { manifestPage } from '#server/sync/manifest.ts';
import { pullPageJson } from '#server/sync/pull.ts';
import { pushOperationsJson, type SyncDependencies } from '#server/sync/push.ts';
import type { SyncStore } from '#server/sync/sync-store.ts';
import { createFastRandom } from '#test/sim/kernel/fast-random.ts';
import {
  commonIds,
  commonWish,
  foundingRecords,
  guessingWish,
  hiddenIds,
  hiddenWork,
  rulingWish,
  SPECTATOR,
  type Corner,
  type Wish,
} from '#test/sim/twins/twin-work.ts';
import { STARTED_AT_MS } from '#test/support/sync-world.ts';

export interface TwinDeps {
  /** For one request of one device. */
  readonly storeFor: (userId: string, deviceId: string) => SyncStore;
  readonly tenantId: TenantId;
  readonly seed: number;
  /** Hidden work comes from here. */
  readonly hiddenSeed: number;
  /** Hidden commits for one occasion: one, so that the order counts alike; or any number. */
  readonly hiddenWork: 'one' | 'any';
  /** What the spectator hears between requests. */
  readonly takePokes: (actor: Actor) => readonly string[];
}

interface Teller {
  readonly id: string;
  readonly userId: string;
  lastOpNo: number;
  token: string | null;
  readonly known: Map<string, AnyRecord>;
}

const STEPS = 80;
const COMMON = 21;
const HIDDEN = 22;
const tellerOf = (userId: string, id = `${userId}-laptop`): Teller => ({
  id,
  userId,
  lastOpNo: 0,
  token: null,
  known: new Map(),
});

/** What the spectator is answered, in order. The tenant exists and is empty. */
export async function playTwin(deps: TwinDeps): Promise<readonly string[]> {
  const world = await createTwin(deps);
  const { random } = world;
  for (let step = 0; step < STEPS; step += 1) {
    world.passTime();
    const draw = random.unit();
    if (draw < 0.3) await world.workHidden();
    else if (draw < 0.55) await world.workCommon();
    else if (draw < 0.6) await world.rule();
    else if (draw < 0.75) await world.spectatorWorks();
    else await world.spectatorLooks(random.pick([1, 2, 1_000]));
  }
  await world.welcomeNewDevice();
  return world.transcript;
}

async function createTwin(deps: TwinDeps) {
  const { tenantId, storeFor } = deps;
  const random = createFastRandom(deps.seed, COMMON);
  const hiddenRandom = createFastRandom(deps.hiddenSeed, HIDDEN);
  const transcript: string[] = [];
  let nowMs = STARTED_AT_MS;
  const counts = { common: 0, hidden: 0 };
  /** Whose ids are being made: hidden work must not move the others. */
  let purpose: keyof typeof counts = 'common';
  const createId = (): string => `${purpose}-${String((counts[purpose] += 1))}`;
  const clock = { now: () => nowMs };
  const depsOf = ({ userId, id }: Teller): SyncDependencies => ({ store: storeFor(userId, id), clock, createId });
  const tellers = new Map<string, Teller>();
  const spectator = tellerOf(SPECTATOR);
  const admin = tellerOf('ada', 'ada-desktop');
  await seedInto(depsOf(admin).store, tenantId, foundingRecords(), clock);

  async function actorOf(teller: Teller): Promise<Actor | null> {
    const { store } = depsOf(teller);
    const loaded = await store.inTenant(tenantId, (transaction) => transaction.readActor(teller.userId as UserId));
    return loaded?.actor ?? null;
  }

  function toOperation(teller: Teller, wish: Wish): Operation {
    const captured = { wall: '2001-01-01T00:00:00.000Z', sinceBootMs: 1 };
    const rest = { txn: null, command: 'updateRecord', dependsOn: [], captured, schema: SCHEMA_VERSION };
    return { opId: createId(), opNo: teller.lastOpNo + 1, ...rest, ...wish };
  }

  async function send(teller: Teller, wish: Wish): Promise<string> {
    const actor = await actorOf(teller);
    if (actor === null) return 'gone';
    return told(async () => {
      const operation = toOperation(teller, wish);
      const text = await pushOperationsJson(depsOf(teller), actor, teller.id, {
        protocol: 1,
        epoch: actor.epoch,
        ops: [operation],
      });
      teller.lastOpNo = operation.opNo;
      for (const { record } of (JSON.parse(text) as PushResponse).verdicts) if (record !== null) know(teller, record);
      return text;
    });
  }

  async function readCorner(): Promise<Corner> {
    const { store } = depsOf(admin);
    const west = hiddenIds.flatMap((id) =>
      (['accounts', 'contacts', 'tasks'] as const).map((coll) => ({ coll, id }) as const),
    );
    const common = commonIds.map(
      ({ entity, id }) => ({ coll: entity === 'account' ? 'accounts' : 'contacts', id }) as const,
    );
    return store.inTenant(tenantId, async (transaction) => {
      const inWest = await transaction.readRecords(west, false);
      const inCommon = await transaction.readRecords(common, false);
      return {
        west: new Map([...inWest.values()].map((stored) => [stored.record.id, stored])),
        common: [...inCommon.values()].filter(({ isDeleted }) => !isDeleted).map(({ record }) => record),
      };
    });
  }

  async function pull(teller: Teller, wantItems: number): Promise<readonly string[]> {
    const actor = await actorOf(teller);
    if (actor === null) return ['gone'];
    const given: string[] = [`epoch ${String(actor.epoch)}`];
    const page = await told(() =>
      pullPageJson(depsOf(teller), actor, teller.id, { protocol: 1, token: teller.token, wantItems }),
    );
    given.push(page);
    if (page.startsWith('refused')) given.push(...(await reconcile(teller, actor, wantItems)));
    else {
      const { items, token } = JSON.parse(page) as PullResponse;
      teller.token = token;
      for (const item of items) take(teller, item);
    }
    return given;
  }

  async function reconcile(teller: Teller, actor: Actor, wantItems: number): Promise<readonly string[]> {
    const given: string[] = [];
    teller.known.clear();
    let cursor: string | null = null;
    do {
      const page: ManifestResponse = await manifestPage(depsOf(teller), actor, teller.id, {
        protocol: 1,
        cursor,
        wantItems,
      });
      const places = page.ranges.map(({ coll, ids }) => ({ coll, ids: [...ids] })).filter(({ ids }) => ids.length > 0);
      const bodies = await bodiesJson(depsOf(teller), actor, { protocol: 1, epoch: page.epoch, places });
      given.push(JSON.stringify(page), bodies);
      for (const item of (JSON.parse(bodies) as BodiesResponse).items) take(teller, item);
      cursor = page.cursor;
      teller.token = page.token;
    } while (cursor !== null);
    return given;
  }

  return {
    random: random as SeededRandom,
    transcript: transcript as readonly string[],
    passTime() {
      nowMs += random.integer(1_000, 20_000);
    },
    async workHidden(): Promise<void> {
      const times = deps.hiddenWork === 'one' ? 1 : hiddenRandom.integer(0, 3);
      purpose = 'hidden';
      for (let time = 0; time < times; time += 1) {
        const value = `hidden ${String(deps.hiddenSeed)} ${createId()}`;
        const { userId, wish } = hiddenWork(hiddenRandom, await readCorner(), value);
        const teller = tellers.get(`hidden ${userId}`) ?? tellerOf(userId, `${userId}-hidden`);
        tellers.set(`hidden ${userId}`, teller);
        const answer = await send(teller, wish);
        if (!/"status":"(applied|merged)"/.test(answer)) throw new Error(`Hidden work failed: ${answer}`);
      }
      purpose = 'common';
    },
    async workCommon(): Promise<void> {
      // Nobody who sees what is hidden: a deletion is refused for a change that its author could have seen, and is then seen to be refused.
      const userId = random.pick(['max', 'olga']);
      const teller = tellers.get(userId) ?? tellerOf(userId);
      tellers.set(userId, teller);
      if (random.chance(0.5)) await pull(teller, 1_000);
      await send(teller, commonWish(random, userId, teller.known));
    },
    async rule(): Promise<void> {
      await pull(admin, 1_000);
      await send(admin, rulingWish(random, admin.known));
    },
    async spectatorWorks(): Promise<void> {
      const isGuess = random.chance(0.5);
      const { known } = spectator;
      const wish = isGuess ? guessingWish(random, known) : commonWish(random, SPECTATOR, known);
      transcript.push(await send(spectator, wish));
    },
    async spectatorLooks(wantItems: number): Promise<void> {
      const actor = await actorOf(spectator);
      if (actor !== null) transcript.push(...deps.takePokes(actor));
      transcript.push(...(await pull(spectator, wantItems)));
    },
    async welcomeNewDevice(): Promise<void> {
      const fresh = tellerOf(SPECTATOR, 'new-laptop');
      for (let page = 0; page < 12; page += 1) transcript.push(...(await pull(fresh, 3)));
    },
  };
}

/** The answer as text, refusals as well. */
async function told(ask: () => Promise<string>): Promise<string> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof OutpostError)) throw error;
    return `refused ${JSON.stringify({ code: error.code, message: error.message, details: error.details })}`;
  }
}

function know({ known }: Teller, record: Readonly<Record<string, unknown>>): void {
  if (entityOf(String(record['kind'])) !== undefined) known.set(String(record['id']), record as unknown as AnyRecord);
}

function take(teller: Teller, item: PullItem): void {
  if (item.t === 'put') know(teller, item.record);
  else teller.known.delete(item.id);
}
