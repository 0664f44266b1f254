// A desktop without windows: the real session, journal and engine of the main process against a real server, with the
// plainest data host there can be. The network can be cut, and answers can be lost on their way back.
import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDoctor, type Doctor } from '#main/doctor/doctor.ts';
import { createExchangeLog } from '#main/doctor/exchange-log.ts';
import { watchClient, watchHost, watchLive } from '#main/doctor/watch-exchanges.ts';
import { createLiveWatch } from '#main/live/live-watch.ts';
import { removeCopies } from '#main/files/file-index.ts';
import { createFiles, type Files } from '#main/files/files.ts';
import { openProfiles } from '#main/profile/profiles.ts';
import type { SecretName } from '#main/secrets/secret-store.ts';
import { hasVault, openVault } from '#main/secrets/vault.ts';
import { createServerCalls, type ServerCalls } from '#main/session/server-calls.ts';
import { createSession } from '#main/session/session.ts';
import type { Session } from '#main/session/session-types.ts';
import { createEngine, type Engine } from '#main/sync/engine.ts';
import { createHostLink } from '#main/sync/host-link.ts';
import { createLiveConnector } from '#main/sync/live-socket.ts';
import { createProfileHost } from '#main/sync/profile-host.ts';
import { createExchange, type Exchange } from '#main/sync/exchange.ts';
import { createServerClient } from '#main/sync/server-client.ts';
import type { DatabaseStanding } from '#shared/doctor/snapshot.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { FilesSeen } from '#shared/ipc/file-state.ts';
import type { HostPosition, HostRequest, ManifestFindings } from '#shared/ipc/host-request.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { lookAtFiles } from '#renderer/data/look-at-files.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { LiveEvent } from '#shared/live/live-events.ts';
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import type { PullItem } from '#shared/sync/messages.ts';
import type { Operation, OperationDraft } from '#shared/sync/operation.ts';
import { isDropped, withoutLostFields } from '#shared/sync/scope-drop.ts';
import { compareManifest } from '#test/support/compare-manifest.ts';

/** What stands in the local database; survives restarts of the desktop, as IndexedDB does. */
export interface LocalDatabase {
  readonly records: Map<string, Record<string, unknown>>;
  token: string | null;
  epoch: number | null;
  isInManifest: boolean;
  userId: string;
}

export interface Network {
  isCut: boolean;
  /** Answers of this many further calls of the path are lost after the server did its work. */
  loseAnswers: { path: string; count: number };
  /** Paths called, in order. */
  readonly calls: string[];
  /** Looks at each call before it leaves. */
  onCall: (path: string) => void;
}

export interface Desktop {
  readonly session: Session;
  readonly calls: ServerCalls;
  readonly engine: Engine;
  readonly files: Files;
  /** What the person chose about files on this computer. */
  readonly rules: { keepFilesDays: number; keepFilesMb: number };
  /** Files handed to other programs. */
  readonly opened: readonly string[];
  readonly doctor: Doctor;
  /** Ids of connected colleagues, as the screens get them. */
  readonly online: () => readonly string[] | null;
  /** Events of the live socket, in order. */
  readonly raised: readonly LiveEvent[];
  readonly local: LocalDatabase;
  readonly network: Network;
  readonly requests: HostRequest[];
  append(drafts: readonly OperationDraft[]): readonly Operation[];
  /** Resolves when the condition holds; rejects with the last status after some seconds. */
  until(condition: () => boolean, limitMs?: number): Promise<void>;
  readonly status: () => SyncStatus;
  crashHost(): void;
  /** What the vault keeps under a name. */
  readSecret(name: SecretName): Promise<string | null>;
  /** Ends in good order; the files stay. */
  stop(): Promise<void>;
}

export interface DesktopPlace {
  readonly directory: string;
  readonly local: LocalDatabase;
  /** How far the clocks of this computer are from the true time. */
  readonly clocks: { wallAheadMs: number; uptimeAheadMs: number };
  remove(): void;
}

export function createDesktopPlace(): DesktopPlace {
  const directory = mkdtempSync(path.join(tmpdir(), 'outpost-desktop-'));
  return {
    directory,
    clocks: { wallAheadMs: 0, uptimeAheadMs: 0 },
    local: { records: new Map(), token: null, epoch: null, isInManifest: false, userId: '' },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

const passphrase = 'correct horse battery';

function applyItems(local: LocalDatabase, items: readonly PullItem[]): void {
  for (const item of items) {
    if (item.t === 'put') local.records.set(String(item.record['id']), item.record);
    else local.records.delete(item.id);
  }
}

function compareWith(
  local: LocalDatabase,
  { ranges, key, onlyLook }: Extract<HostRequest, { readonly kind: 'compareManifest' }>,
): ManifestFindings {
  const records = [...local.records.values()] as unknown as AnyRecord[];
  const held = (coll: string) =>
    new Map(records.filter(({ kind }) => entityOf(kind)?.collection === coll).map((record) => [record.id, record]));
  const found = compareManifest({ ranges: [...ranges], key }, held);
  const isHeld = (id: string): boolean => local.records.has(id);
  const findings = {
    missing: found.map(({ coll, wanted }) => ({ coll, ids: wanted.filter((id) => !isHeld(id)) })),
    different: found.map(({ coll, wanted }) => ({ coll, ids: wanted.filter(isHeld) })),
    surplus: found.map(({ coll, surplus }) => ({ coll, ids: surplus })),
  };
  if (!onlyLook) for (const { surplus } of found) for (const id of surplus) local.records.delete(id);
  return findings;
}

function lookAt(local: LocalDatabase, request: Extract<HostRequest, { readonly kind: 'lookAtFiles' }>): FilesSeen {
  const source = {
    get: (_entity: string, id: string) => local.records.get(id) as LocalRecord | undefined,
    all: () =>
      new Map([...local.records].filter(([, { kind }]) => kind === 'file')) as unknown as Map<string, LocalRecord>,
    subscribe: () => () => undefined,
  };
  return lookAtFiles(source, local.userId, request);
}

function checkPlace(local: LocalDatabase, after: string | null): void {
  if (local.token !== after) throw new OutpostError('local_database_damaged', 'The local database began anew');
}

function handleRequest(local: LocalDatabase, request: HostRequest): unknown {
  switch (request.kind) {
    case 'readPosition': {
      const { token, epoch, isInManifest, records } = local;
      const stage = isInManifest ? 'manifest' : records.size === 0 && token === null ? 'empty' : 'log';
      return { token, epoch, stage } satisfies HostPosition;
    }
    case 'applyPage':
      checkPlace(local, request.after);
      if (request.snapshotStart) local.records.clear();
      applyItems(local, request.items);
      local.token = request.token;
      local.epoch = request.epoch ?? null;
      return null;
    case 'purge':
      for (const [id, record] of local.records) {
        const { drop } = request;
        if (isDropped(drop, record as AnyRecord)) local.records.delete(id);
        else local.records.set(id, withoutLostFields(drop, String(record['kind']), record));
      }
      return null;
    case 'compareManifest':
      return compareWith(local, request);
    case 'applyManifest':
      checkPlace(local, request.after);
      applyItems(local, request.items);
      local.token = request.token;
      local.epoch = request.epoch;
      local.isInManifest = !request.isLast;
      return null;
    case 'findAbsent':
      return local.token === null || local.isInManifest
        ? null
        : request.places.filter(({ recordId }) => !local.records.has(recordId));
    case 'describeDatabase':
      return { counts: {}, unsentCount: 0, sizeBytes: null } satisfies DatabaseStanding;
    case 'lookAtFiles':
      return lookAt(local, request);
    case 'execute':
    case 'reloadPending':
    case 'lookAtTime':
    case 'matchMails':
    case 'keepMail':
    case 'remindOfMail':
    case 'stopImport':
      return null;
    case 'continueImport':
      return { is: 'over' };
    case 'applyVerdicts':
      for (const { record } of request.verdicts) if (record !== null) local.records.set(String(record['id']), record);
      return null;
    case 'wipe':
      local.records.clear();
      local.token = null;
      local.epoch = null;
      local.isInManifest = false;
      return null;
    case 'openProfile':
      local.userId = request.actor.userId;
      return null;
    case 'closeProfile':
      return null;
  }
}

export async function startDesktop(
  place: DesktopPlace,
  options: { readonly isNetworkCut?: boolean } = {},
): Promise<Desktop> {
  const { local } = place;
  const time = { now: () => Date.now() + place.clocks.wallAheadMs };
  const timers = new Set<NodeJS.Timeout>();
  const scheduler = {
    after(delayMs: number, task: () => void) {
      const timer = setTimeout(task, delayMs);
      timers.add(timer);
      return { cancel: () => clearTimeout(timer) };
    },
  };
  const network: Network = {
    isCut: options.isNetworkCut ?? false,
    loseAnswers: { path: '', count: 0 },
    calls: [],
    onCall: () => undefined,
  };
  const exchanges = createExchangeLog(time, () => performance.now());
  const exchange = createExchange();
  const exchangeWatched: Exchange = async (url, request) => {
    if (network.isCut) throw new TypeError('fetch failed');
    const { pathname } = new URL(url);
    network.calls.push(pathname);
    network.onCall(pathname);
    const answer = await exchange(url, request);
    if (network.loseAnswers.count > 0 && pathname === network.loseAnswers.path) {
      network.loseAnswers.count -= 1;
      // Read to its end, so that the server is done.
      for await (const part of answer.body ?? []) if (part.length === 0) break;
      throw new TypeError('terminated');
    }
    return answer;
  };
  const client = watchClient(createServerClient(exchangeWatched), exchanges, () => undefined);
  const requests: HostRequest[] = [];
  let isHostUp = true;
  const link = createHostLink((requestId, request) => {
    requests.push(request);
    setImmediate(() => {
      if (!isHostUp) return;
      try {
        link.takeAnswer({ requestId, ok: true, value: handleRequest(local, request) });
      } catch (error) {
        link.takeAnswer({ requestId, ok: false, value: toErrorData(error) });
      }
    });
  }, scheduler);
  const host = watchHost(link, exchanges, (findings) => doctor.noteCompared(findings));
  const rules = { keepFilesDays: 30, keepFilesMb: 100 };
  const opened: string[] = [];
  const createId = createIdFactory(time, { bytes: (length) => randomBytes(length) });
  const files = createFiles({
    host,
    client,
    clock: time,
    scheduler,
    createId,
    isOnline: () => !engine.status().workOffline && engine.status().phase !== 'offline' && !network.isCut,
    isUpToDate: () => engine.status().phase === 'idle' && engine.status().pendingCount === 0,
    rules: () => rules,
    openPath: (file) => {
      opened.push(file);
      return Promise.resolve('');
    },
    onChanged: () => undefined,
    onRefused: () => engine.noteAttentionChanged(),
    log: () => undefined,
  });
  const raised: LiveEvent[] = [];
  const liveWatch = createLiveWatch({
    clock: time,
    scheduler,
    viewerId: () => session.active()?.state().actor.userId ?? null,
    onPresence: () => undefined,
    onEvents: (events) => raised.push(...events),
    planned: () => session.active()?.state().maintenance ?? null,
    onPlanned: (maintenance) => session.active()?.update({ maintenance }),
  });
  const engine = createEngine({
    client,
    host: files.follow(host),
    connectLive: watchLive(
      createLiveConnector(scheduler, {
        onPresence: liveWatch.notePresence,
        onMaintenance: liveWatch.noteMaintenance,
        onOpened: liveWatch.noteOpened,
        onClosed: liveWatch.noteClosed,
      }),
      exchanges,
    ),
    clock: time,
    scheduler,
    draw: () => 0,
    isNetworkUp: true,
    onStatus: (status) => {
      exchanges.noteStatus(status);
      files.noteStatus(status);
    },
    otherAttention: () => files.countRefused(),
    onAttention: () => undefined,
    onRefusal: (error) => void session.noteRefusal(error),
    log: () => undefined,
  });
  const profileHost = createProfileHost({
    host: files.follow(host),
    engine,
    scheduler,
    restartHost: () => {
      isHostUp = true;
      profileHost.noteHostReady();
    },
    clearLocalDatabases: () => Promise.resolve(local.records.clear()),
    log: () => undefined,
  });
  const vaultFile = path.join(place.directory, 'secrets.vault');
  const profiles = openProfiles(place.directory);
  const session = createSession({
    profiles,
    client,
    clock: time,
    uptimeMs: () => Date.now() + place.clocks.uptimeAheadMs,
    scheduler,
    createId,
    secrets: null,
    retrySecrets: null,
    vault: { exists: () => hasVault(vaultFile), open: (passphrase) => openVault(vaultFile, passphrase) },
    openDemoServer: () => Promise.reject(new OutpostError('not_found', 'There is no demo here.')),
    onOpened: (profile) => {
      files.open(profile);
      return profileHost.open(profile);
    },
    onLeaving: () => Promise.resolve(),
    onClosing: () => {
      files.close();
      return profileHost.close();
    },
    wipeDatabase: (profileId) => {
      removeCopies(profiles.directoryOf(profileId));
      return profileHost.wipe(profileId);
    },
    onActorChanged: (profile) => profileHost.noteActorChanged(profile),
    onChanged: () => undefined,
    log: () => undefined,
  });
  const doctor = createDoctor({
    active: () => session.active(),
    directoryOf: (profileId) => profiles.directoryOf(profileId),
    engine,
    host,
    client,
    log: exchanges,
    clock: time,
    elapsedMs: () => performance.now(),
    info: () => ({
      version: '0.0.0',
      host: 'chromium',
      platform: 'test',
      locale: 'en',
      secretBackend: 'passphrase',
      hasDemo: false,
    }),
  });
  profileHost.noteHostReady();
  await session.start(passphrase);
  return {
    session,
    calls: createServerCalls(() => {
      const active = session.active();
      if (active === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
      return active;
    }, client),
    engine,
    doctor,
    online: liveWatch.online,
    raised,
    files,
    rules,
    opened,
    local,
    network,
    requests,
    status: () => engine.status(),
    append(drafts) {
      const active = session.active();
      if (active === null) throw new Error('nobody is signed in');
      const saved = active.journal.append(drafts);
      files.noteOperations(drafts);
      engine.noteJournalGrew();
      return saved;
    },
    async until(condition, limitMs = 15_000) {
      const deadline = Date.now() + limitMs;
      while (!condition()) {
        if (Date.now() > deadline)
          throw new Error(`waited in vain: ${JSON.stringify([session.state(), engine.status()])}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async readSecret(name) {
      const vault = await openVault(vaultFile, passphrase);
      return vault.get(name);
    },
    crashHost() {
      isHostUp = false;
      profileHost.noteHostGone('crashed');
    },
    async stop() {
      await session.close();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
