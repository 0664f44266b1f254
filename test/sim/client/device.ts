// A computer with Outpost on it: the product's engine, pusher, journal, applier and commands, over a disk that can lose
// power at every write. What lives in memory is thrown away with every crash; what is on the disk is not.
import type { ActiveProfile } from '#main/session/active-profile.ts';
import { createJournal, type Journal } from '#main/journal/journal.ts';
import type { ProfileState } from '#main/profile/profiles.ts';
import { createIdleLock, noIdleLock } from '#main/session/idle-lock.ts';
import { createLeaseKeeper } from '#main/session/lease-keeper.ts';
import { createEngine, type Engine } from '#main/sync/engine.ts';
import { createHostLink, type HostLink } from '#main/sync/host-link.ts';
import { createProfileHost, type ProfileHost } from '#main/sync/profile-host.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import type { BodiesResponse, ManifestResponse, PullResponse, PushResponse } from '#shared/sync/messages.ts';
import type { Operation, OperationDraft } from '#shared/sync/operation.ts';
import type { Device, DeviceDeps, DeviceStatus } from '#test/sim/client/device-contract.ts';
import { createDatabaseFile, loseNewest } from '#test/sim/client/database-file.ts';
import { createHost, type Host } from '#test/sim/client/host.ts';
import {
  createJournalFile,
  loseNewestTransactions,
  openJournalFile,
  PowerLoss,
} from '#test/sim/client/journal-file.ts';
import type { Scheduler } from '#shared/kernel/ports.ts';
import type { Caller } from '#test/sim/server/server-process.ts';

interface Running {
  readonly engine: Engine;
  readonly journal: Journal;
  readonly link: HostLink;
  readonly profileHost: ProfileHost;
  host: Host | null;
}

export function createDevice(deps: DeviceDeps): Device {
  const { loop, random, line, tally } = deps;
  let status: DeviceStatus = 'new';
  let deviceId = deps.createDeviceId();
  let journalFile = createJournalFile();
  let databaseFile = createDatabaseFile();
  let profileState: ProfileState | null = null;
  let running: Running | null = null;
  let isStarting = false;
  /** Everything in memory belongs to one life of the app, and the host to one of its own within it. */
  let life = 0;
  let hostLife = 0;
  let clockOffsetMs = 0;
  const clock = { now: () => loop.clock.now() + clockOffsetMs };
  const startedAtMs = loop.clock.now();
  const createId = createIdFactory(loop.clock, random);

  const caller = (): Caller => ({ tenantId: deps.tenantId, userId: deps.userId, deviceId });

  function takeActor(actor: Actor): void {
    profileState = {
      ...profileState,
      actor,
      tenantName: '',
      sessionId: '',
      workOffline: profileState?.workOffline ?? false,
      upToDateAt: profileState?.upToDateAt ?? null,
    };
  }

  function stateNow(): ProfileState {
    if (profileState === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
    return profileState;
  }

  /** Anything that throws the power away ends here: the stack is gone, and with it the memory. */
  function guard<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      if (error instanceof PowerLoss) crashApp();
      throw error;
    }
  }

  function createProfile(journal: Journal): ActiveProfile {
    const bornIn = life;
    const profile: ActiveProfile = {
      account: { profileId: deviceId, serverUrl: '', email: '', deviceId },
      journal,
      storageKey: '',
      // A simulated device keeps no content of files.
      filesKey: new Uint8Array(32),
      jobsKey: new Uint8Array(32),
      directory: '',
      access: {
        token: () => Promise.resolve(''),
        run: (work) => work(''),
        async renew() {
          const { actor } = await line.ask(caller(), { kind: 'refresh' });
          if (bornIn !== life) return;
          takeActor(actor);
          running?.profileHost.noteActorChanged(profile);
        },
      },
      idle: createIdleLock({
        clock: { now: () => 0 },
        uptimeMs: () => 0,
        kept: () => noIdleLock,
        keep: () => undefined,
      }),
      lease: createLeaseKeeper({
        clock,
        uptimeMs: () => loop.clock.now() - startedAtMs,
        kept: stateNow().lease ?? null,
        keep(lease) {
          if (bornIn === life) profileState = { ...stateNow(), lease };
        },
      }),
      state: stateNow,
      update(change) {
        if (bornIn === life) profileState = { ...stateNow(), ...change };
      },
      close: () => undefined,
    };
    return profile;
  }

  /** Answers that reach a life that is over change nothing. */
  function ofThisLife<Value>(answer: Promise<Value>): Promise<Value> {
    const bornIn = life;
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => {
          if (bornIn === life) resolve(value);
        },
        (error: unknown) => {
          if (bornIn === life) reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  function ofLife(bornIn: number): Scheduler {
    return {
      after: (delayMs, task) =>
        loop.after(delayMs, () => {
          if (bornIn === life) task();
        }),
    };
  }

  function startEngine(link: HostLink): Engine {
    const bornIn = life;
    return createEngine({
      client: {
        pull: async (_url, _token, body, signal) => {
          tally.pulls += 1;
          const asked = { ...body, wantItems: deps.pageItems };
          const answer = await ofThisLife(line.ask(caller(), { kind: 'pull', body: asked }, signal));
          return deps.wrapPage(JSON.parse(answer.text) as PullResponse);
        },
        wake: () => Promise.resolve(),
        manifest: async (_url, _token, body, signal) => {
          const asked = { ...body, wantItems: deps.pageItems };
          const answer = await ofThisLife(line.ask(caller(), { kind: 'manifest', body: asked }, signal));
          return JSON.parse(answer.text) as ManifestResponse;
        },
        bodies: async (_url, _token, body, signal) => {
          const answer = await ofThisLife(line.ask(caller(), { kind: 'bodies', body }, signal));
          return JSON.parse(answer.text) as BodiesResponse;
        },
        push: async (_url, _token, body, signal) => {
          tally.pushes += 1;
          const answer = await ofThisLife(line.ask(caller(), { kind: 'push', body }, signal));
          return JSON.parse(answer.text) as PushResponse;
        },
      },
      host: link,
      connectLive: (_url, _token, events) =>
        line.listen(caller(), {
          onOpen: () => bornIn === life && events.onOpen(),
          onPoke: () => bornIn === life && events.onPoke(),
          onClose: () => bornIn === life && events.onClose(),
        }),
      clock,
      scheduler: ofLife(bornIn),
      draw: () => random.unit(),
      nextTurn: () => Promise.resolve(),
      isNetworkUp: line.isUp,
      onStatus: () => undefined,
      onAttention: () => undefined,
      onRefusal: (error) => {
        if (bornIn === life) loop.after(0, () => bornIn === life && endByServer(error));
      },
      log: () => undefined,
    });
  }

  function endByServer(error: OutpostError): void {
    if (running === null) return;
    if (error.reaction === 'wipe') {
      if (!deps.ignoresWipe) wipe();
    } else if (['session_revoked', 'session_expired', 'not_signed_in'].includes(error.code)) {
      stop();
      status = 'signedOut';
    }
  }

  function stop(): void {
    // Nothing is waited for: what the engine still asks is asked in vain.
    if (running !== null) void running.profileHost.close();
    life += 1;
    hostLife += 1;
    running = null;
    status = 'down';
  }

  function wipe(): void {
    stop();
    tally.wipes += 1;
    deps.onWiped(device, journalFile);
    status = 'wiped';
    journalFile = createJournalFile();
    databaseFile = createDatabaseFile();
    profileState = null;
    deviceId = deps.createDeviceId();
  }

  function diskPort(): () => Promise<void> | null {
    const bornIn = hostLife;
    return () => {
      if (bornIn !== hostLife) return new Promise(() => undefined);
      const rates = deps.faults();
      if (random.chance(rates.deviceDiesInWrite)) {
        if (random.chance(0.5)) crashApp();
        else crashHost();
        return new Promise(() => undefined);
      }
      if (random.chance(rates.diskFull)) throw new OutpostError('disk_full', 'There is no space left.');
      if (!random.chance(rates.slowDisk)) return null;
      return new Promise((resolve) => {
        loop.after(random.integer(0, 4), () => {
          if (bornIn === hostLife) resolve();
        });
      });
    };
  }

  /** A data host window: it answers what the link sends, until it is killed. */
  function spawnHost(app: Running): void {
    hostLife += 1;
    const bornIn = hostLife;
    app.host = createHost({
      file: () => databaseFile,
      beforeWrite: diskPort(),
      unsent: () => app.journal.pending(),
      append: (drafts) => append(app, drafts),
      clock,
      createId,
      wrapDatabase: deps.wrapDatabase,
      wrapApplier: deps.wrapApplier,
      onApplied: (request, hasJustOpened) => {
        if (bornIn === hostLife) deps.onApplied(device, request, hasJustOpened);
      },
    });
    loop.after(random.integer(1, 20), () => {
      if (bornIn === hostLife) app.profileHost.noteHostReady();
    });
  }

  function sendToHost(app: Running, requestId: number, request: HostRequest): void {
    const bornIn = hostLife;
    app.host?.request(request).then(
      (value) => {
        if (bornIn === hostLife) app.link.takeAnswer({ requestId, ok: true, value });
      },
      (error: unknown) => {
        if (bornIn === hostLife) app.link.takeAnswer({ requestId, ok: false, value: toErrorData(error) });
      },
    );
  }

  function append(app: Running, drafts: readonly OperationDraft[]): readonly Operation[] {
    const operations = app.journal.append(drafts);
    deps.onSaved(device, operations);
    // Main notices at once; the host goes on when it has the answer.
    app.engine.noteJournalGrew();
    return operations;
  }

  function startApp(): void {
    life += 1;
    const bornIn = life;
    const file = journalFile;
    const store = openJournalFile(file, {
      clock,
      createId,
      deviceId,
      atCommit: () => {
        if (bornIn !== life) return 'dieBefore';
        if (random.chance(deps.faults().diskFull)) return 'full';
        if (!random.chance(deps.faults().deviceDiesInWrite)) return 'goOn';
        return random.chance(0.5) ? 'dieBefore' : 'dieAfter';
      },
    });
    const guarded = { ...store, transaction: <Value>(work: () => Value) => guard(() => store.transaction(work)) };
    const journal = deps.wrapJournal(createJournal(guarded, { clock, createId }), journalFile);
    status = 'running';
    const link = createHostLink((requestId, request) => sendToHost(app, requestId, request), ofLife(bornIn));
    const engine = startEngine(link);
    const profileHost = createProfileHost({
      host: link,
      engine,
      scheduler: ofLife(bornIn),
      restartHost: () => spawnHost(app),
      clearLocalDatabases: () => Promise.resolve(),
      log: () => undefined,
    });
    const app: Running = { engine, journal, link, profileHost, host: null };
    running = app;
    spawnHost(app);
    void profileHost.open(createProfile(journal));
  }

  async function signIn(): Promise<boolean> {
    const { actor } = await line.ask(caller(), { kind: 'refresh' });
    takeActor(actor);
    return true;
  }

  function crashApp(): void {
    if (running === null) return;
    tally.appCrashes += 1;
    life += 1;
    hostLife += 1;
    running = null;
    status = 'down';
    loseNewest(databaseFile, random.integer(0, 6));
    loseNewestTransactions(journalFile, random.integer(0, 6));
    loop.after(random.integer(200, 20_000), () => void device.start());
  }

  function crashHost(): void {
    const app = running;
    if (app === null || app.host === null) return;
    tally.hostCrashes += 1;
    app.host = null;
    hostLife += 1;
    loseNewest(databaseFile, random.integer(0, 6));
    app.profileHost.noteHostGone('crashed');
  }

  const device: Device = {
    tenantId: deps.tenantId,
    userId: deps.userId,
    id: () => deviceId,
    status: () => status,
    line,
    journalFile: () => journalFile,
    databaseFile: () => databaseFile,
    running: () => {
      const app = running;
      return app === null || app.host === null ? null : { host: app.host, journal: app.journal, engine: app.engine };
    },
    async start() {
      if (running !== null || isStarting || status === 'lost') return;
      isStarting = true;
      try {
        if (profileState === null || status === 'signedOut') await signIn();
        // Stolen while it was signing in.
        if (device.status() !== 'lost') startApp();
      } catch (error) {
        // Not signed in: tried again when the network comes back or somebody starts it.
        if (!(error instanceof OutpostError)) throw error;
        if (error.code === 'account_deactivated' && profileState !== null && !deps.ignoresWipe) wipe();
      } finally {
        isStarting = false;
      }
    },
    crashApp,
    crashHost,
    loseCache() {
      if (deps.keepsWorkInCache) journalFile.ops.clear();
      if (running === null) databaseFile = createDatabaseFile();
      else {
        crashHost();
        databaseFile = createDatabaseFile();
      }
    },
    lose() {
      stop();
      status = 'lost';
    },
    setLine(isUp) {
      line.isUp = isUp;
      running?.engine.noteNetwork(isUp);
    },
    setWorkOffline: (on) => running?.engine.setWorkOffline(on),
    jumpClock(byMs) {
      clockOffsetMs += byMs;
    },
    actor: () => profileState?.actor ?? null,
    caller,
  };
  return device;
}
