// Builds what a script asks for: a store with its organizations, server processes on it, devices with a line to them, and
// the referee between.
import { createIdFactory, type TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { seedInto } from '#server/sync/apply-records.ts';
import { createDevice } from '#test/sim/client/device.ts';
import type { Device } from '#test/sim/client/device-contract.ts';
import { createLine } from '#test/sim/client/network.ts';
import { createFastRandom, type FastRandom } from '#test/sim/kernel/fast-random.ts';
import { createLoop, type Loop } from '#test/sim/kernel/loop.ts';
import type { Backup } from '#test/sim/server/model-backup.ts';
import { createModelStore, type Committed, type ModelStore } from '#test/sim/server/model-store.ts';
import { plainSealer } from '#test/sim/server/plain-sealer.ts';
import { createServerProcess, type ServerProcess } from '#test/sim/server/server-process.ts';
import { createReferee, type Referee } from '#test/sim/world/referee.ts';
import type { FaultRates, Script } from '#test/sim/world/script.ts';
import { seedRecordsOf, STARTED_AT_MS } from '#test/sim/world/seed-records.ts';
import { createTally, type Tally } from '#test/sim/world/tally.ts';
import type { Defect } from '#test/sim/zoo/defect.ts';

export interface World {
  readonly script: Script;
  readonly loop: Loop;
  readonly tally: Tally;
  readonly referee: Referee;
  readonly store: ModelStore;
  readonly processes: readonly ServerProcess[];
  readonly devices: Device[];
  /** Device ids whose sessions were ended. */
  readonly revoked: Set<string>;
  /** What goes wrong by itself from now on. */
  faults: FaultRates;
  serverOffsetMs: number;
  /** The last one that was taken. */
  backup: Backup | null;
  /** How often the servers were restored from one: what was on its way to the one before never arrives. */
  life: number;
  addDevice(tenant: number, person: string): Device;
}

/** Streams of chance, so that more of one thing changes nothing about another. */
const STREAM = { server: 2, people: 3, process: 100, device: 1_000 };

export async function buildWorld(script: Script, defect: Defect): Promise<World> {
  const tally = createTally();
  const loop = createLoop(STARTED_AT_MS);
  const referee = createReferee(tally, () => loop.stop());
  const processes: ServerProcess[] = [];
  const notices = createFastRandom(script.seed, STREAM.server);
  const store = createModelStore(plainSealer, (committed) => {
    referee.watch(() => referee.server.onCommit(committed));
    for (const process of processes) tellOf(committed, process, loop, notices);
  });
  const devices: Device[] = [];
  const world: World = {
    script,
    loop,
    tally,
    referee,
    store,
    processes,
    devices,
    revoked: new Set(),
    faults: script.faults,
    serverOffsetMs: 0,
    backup: null,
    life: 1,
    addDevice(tenant, person) {
      const device = addDevice(world, defect, tenant, person);
      devices.push(device);
      return device;
    },
  };
  const clock = { now: () => loop.clock.now() + world.serverOffsetMs };
  for (const tenant of script.tenants) {
    referee.server.addTenant(store.createTenant(tenant.id, STARTED_AT_MS));
    const open = store.openFor({ before: () => null, isAlive: () => true });
    await seedInto(open, tenant.id as TenantId, seedRecordsOf(script, tenant), clock);
  }
  for (let index = 0; index < script.processes; index += 1) processes.push(addProcess(world, defect, clock, index));
  for (const { tenant, person, startsAtMs } of script.devices) {
    const device = world.addDevice(tenant, person);
    loop.after(startsAtMs, () => void device.start().catch(referee.report));
  }
  return world;
}

/** What the database tells whoever listens when something was committed. */
function tellOf({ tenant, rows, bumps }: Committed, process: ServerProcess, loop: Loop, random: FastRandom): void {
  const notice = rows === null ? null : { keys: rows.touchedKeys, edits: rows.edits };
  if (notice !== null) loop.after(random.integer(0, 20), () => process.noteChange(tenant.id, notice));
  for (const { users, everyone, others } of bumps) {
    const rest = (everyone ? [...tenant.epochs.keys()] : others).map((userId) => ({ userId, isActive: true }));
    for (const { userId, isActive } of [...rest, ...users])
      loop.after(random.integer(0, 20), () => process.noteEpoch(tenant.id, userId, isActive));
  }
}

function addProcess(world: World, defect: Defect, clock: Clock, index: number): ServerProcess {
  const { loop, store, tally, referee } = world;
  const random = createFastRandom(world.script.seed, STREAM.process + index);
  const process = createServerProcess({
    loop,
    clock,
    random,
    store,
    faults: () => world.faults,
    tally,
    createId: createIdFactory(loop.clock, random),
    isRevoked: ({ deviceId }) => world.revoked.has(deviceId),
    wrapStore: (plain, caller) => defect.store?.(plain, { tenants: store.tenants, caller }) ?? plain,
    needsCaller: defect.store !== undefined,
    quirks: defect.quirks ?? {},
  });
  return {
    ...process,
    async handle(caller, request) {
      const fromSeq = referee.historyOf(caller.tenantId).head;
      const tenant = store.tenants.get(caller.tenantId);
      const believed = tenant === undefined ? request : (defect.request?.(request, tenant) ?? request);
      const answer = await process.handle(caller, believed);
      referee.watch(() => referee.server.onAnswer(caller, request, answer, fromSeq));
      return answer;
    },
  };
}

function addDevice(world: World, defect: Defect, tenant: number, person: string): Device {
  const { loop, tally, referee, script, processes } = world;
  const number = world.devices.length;
  const random = createFastRandom(script.seed, STREAM.device + number);
  const faults = (): FaultRates => world.faults;
  let names = 0;
  return createDevice({
    loop,
    random,
    line: createLine({ loop, random, processes, faults, tally, life: () => world.life }),
    faults,
    tally,
    pageItems: script.pageItems,
    tenantId: script.tenants[tenant]?.id ?? '',
    userId: person,
    createDeviceId: () => `d${String(number)}-${String((names += 1))}`,
    onSaved: (at, operations) =>
      referee.watch(() => {
        referee.device.onSaved(at, operations);
        referee.server.onTyped(at.id(), operations);
      }),
    onApplied: (at, request, isNew) => referee.watch(() => referee.device.onApplied(at, request, isNew)),
    onWiped: (at, journal) => referee.watch(() => referee.device.onWiped(at, journal)),
    wrapDatabase: (database, file) => defect.database?.(database, file) ?? database,
    wrapApplier: (applier) => defect.applier?.(applier) ?? applier,
    wrapJournal: (journal, file) => defect.journal?.(journal, file, loop) ?? journal,
    wrapPage: (page) => defect.page?.(page, script.pageItems) ?? page,
    ignoresWipe: defect.ignoresWipe === true,
    keepsWorkInCache: defect.keepsWorkInCache === true,
  });
}

/** For whoever needs chance beside the world's own. */
export function peopleRandom(script: Script): FastRandom {
  return createFastRandom(script.seed, STREAM.people);
}
