// Runs the pure machine of shared/sync/engine-state: turns its effects into requests, and their outcomes into events.
// Order that matters: verdicts are in the journal before anybody hears of them; the journal lets go of an operation
// only after the data host holds what the verdict says; rights are renewed before the next exchange uses them.
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError, toErrorData, toOutpostError, type ErrorData } from '#shared/kernel/errors.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import type { EngineEffect, EngineEvent } from '#shared/sync/engine-events.ts';
import { createEngineState, step } from '#shared/sync/engine-state.ts';
import type { PullResponse, ScopeDrop } from '#shared/sync/messages.ts';
import { PROTOCOL_VERSION } from '#shared/sync/operation.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { HostLink } from '#main/sync/host-link.ts';
import type { ConnectLive, LiveSocket } from '#main/sync/live-socket.ts';
import { createPageAhead } from '#main/sync/page-ahead.ts';
import { createPageSize } from '#main/sync/page-size.ts';
import { createPusher, type NextTurn } from '#main/sync/pusher.ts';
import { dropOf, reactionTo, retryAfterOf } from '#main/sync/read-refusal.ts';
import { findDrift, type Drift } from '#main/sync/find-drift.ts';
import { createReconciler, type ManifestStep } from '#main/sync/reconciler.ts';
import { createRest } from '#main/sync/rest.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

/** A socket that was open for less has not lasted: losing such ones again and again is no reason to ask at once. */
const LIVE_WORTH_MS = 5_000;
const PERSIST_INTERVAL_MS = 60_000;
/** Later than the first screen. */
const MAKE_ROOM_AFTER_MS = 2_500;

export interface EngineDeps {
  readonly client: Pick<ServerClient, 'pull' | 'push' | 'manifest' | 'bodies' | 'wake'>;
  readonly host: HostLink;
  readonly connectLive: ConnectLive;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Uniform in [0, 1), to spread delays. */
  readonly draw: () => number;
  /** Default: the next turn of the event loop. */
  readonly nextTurn?: NextTurn;
  readonly isNetworkUp: boolean;
  readonly onStatus: (status: SyncStatus) => void;
  readonly onAttention: (count: number) => void;
  /** What waits for a decision beside the journal's items. */
  readonly otherAttention?: () => number;
  /** The server said something about the session; must not be waited for. */
  readonly onRefusal: (error: OutpostError) => void;
  readonly log: (message: string, error?: unknown) => void;
}

export interface Engine {
  /** From now on it is about this profile; nothing is exchanged before the data host holds it. */
  begin(profile: ActiveProfile): void;
  /** The data host holds the profile: the exchange begins. */
  attach(): Promise<void>;
  /** Nothing is exchanged for this profile any more. */
  detach(): void;
  /** The data host holds the profile again after a restart. */
  noteHostReady(): Promise<void>;
  noteHostLost(): void;
  noteJournalGrew(): void;
  noteNetwork(isUp: boolean): void;
  /** The user asked, or the computer woke up. */
  syncNow(): void;
  setWorkOffline(on: boolean): void;
  /** The attention list changed by the user's hand. */
  noteAttentionChanged(): void;
  /**
   * Compares what is here with the server's manifest and changes nothing. What differs twice, with everything exchanged
   * in between, is drift; a change that was only under way is not.
   */
  verify(): Promise<Drift>;
  /** Compares again and mends what differs; settles when everything was exchanged, rejects when that is not possible. */
  repair(): Promise<void>;
  readonly status: () => SyncStatus;
}

export function createEngine(deps: EngineDeps): Engine {
  const { client, host, clock, scheduler } = deps;
  let state = createEngineState(deps.isNetworkUp);
  let profile: ActiveProfile | null = null;
  /** What is to be applied next, with where the data host stood when it was asked for. */
  let prepared: { readonly page: PullResponse | ManifestStep; readonly after: string | null } | null = null;
  /** What the last refusal told to purge. */
  let drop: ScopeDrop | null = null;
  /** Epoch of what the data host holds. Whatever is sent is sent with it. */
  let epoch: number | null = null;
  /** The manifest is being read, and its place in the data host is a good one. */
  let isManifestBegun = false;
  const ahead = createPageAhead();
  const pageSize = createPageSize(clock);
  const pusher = createPusher(client, deps.nextTurn);
  const reconciler = createReconciler(client, host);
  let timer: { cancel(): void } | null = null;
  let live: LiveSocket | null = null;
  let rights: Promise<void> = Promise.resolve();
  let request = new AbortController();
  let error: ErrorData | null = null;
  let progress: SyncStatus['progress'] = null;
  let retryAt: string | null = null;
  let upToDateAt: string | null = null;
  let persistedAtMs = 0;
  const rest = createRest();
  let attentionCount = 0;

  const counts = (): { readonly pending: number; readonly attention: number } => {
    const { pending, attention } = profile?.journal.counts() ?? { pending: 0, attention: 0 };
    return { pending, attention: attention + (deps.otherAttention?.() ?? 0) };
  };

  function status(): SyncStatus {
    const { pending, attention } = counts();
    const { phase, workOffline } = state;
    return {
      phase,
      workOffline,
      pendingCount: pending,
      pendingRecords: pending === 0 ? 0 : Math.max(1, profile?.journal.waitingRecords() ?? 0),
      attentionCount: attention,
      upToDateAt,
      progress,
      retryAt: phase === 'backingOff' ? retryAt : null,
      error,
    };
  }

  function announce(): void {
    deps.onStatus(status());
    const { attention } = counts();
    if (attention === attentionCount) return;
    attentionCount = attention;
    deps.onAttention(attention);
  }

  function dispatch(event: EngineEvent): void {
    const next = step(state, event, deps.draw());
    state = next.state;
    for (const effect of next.effects) run(effect);
    rest.note(state.phase, error);
  }

  function noteFailure(type: 'pullFailed' | 'pushFailed', requestId: number, cause: unknown): void {
    if (requestId !== state.requestId) return;
    const failure = toOutpostError(cause);
    error = toErrorData(failure);
    if (failure.code === 'internal') deps.log('an exchange failed', cause);
    const retryAfterMs = retryAfterOf(failure);
    const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
    // Wiping is the session's work; the machine only has to stop.
    if (failure.reaction === 'wipe' || failure.reaction === 'signIn') deps.onRefusal(failure);
    const lost = dropOf(failure);
    drop = lost ?? drop;
    dispatch({ type, requestId, reaction: reactionTo(failure), hasDrop: lost !== null, ...retry });
    announce();
  }

  async function purge(requestId: number): Promise<void> {
    const owner = requireProfile();
    ahead.forget();
    pusher.forget();
    if (drop !== null) await reconciler.purge(owner, drop);
    if (requestId !== state.requestId) return;
    drop = null;
    dispatch({ type: 'purged', requestId });
    announce();
  }

  function requireProfile(): ActiveProfile {
    if (profile === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
    return profile;
  }

  async function pull(requestId: number, isReconcile: boolean): Promise<void> {
    const owner = requireProfile();
    const { account, access } = owner;
    const { signal } = request;
    await rights;
    // What was answered before is applied before what happened since: a page may say that the record is gone.
    await deliverVerdicts(owner);
    const position = await reconciler.position();
    if (requestId !== state.requestId) return;
    const { token, stage } = position;
    let page: PullResponse | ManifestStep;
    epoch = position.epoch;
    const isOutOfStep = isReconcile || stage === 'manifest' || token === null;
    if (isOutOfStep && stage !== 'empty') {
      // After a refusal the comparison begins anew; after a restart it goes on.
      const canGoOn = stage === 'manifest' && (isManifestBegun || !isReconcile);
      const manifest = await reconciler.nextStep(owner, canGoOn ? token : null, signal);
      if (manifest.hasMoreToSend) dispatch({ type: 'journalGrew' });
      if (requestId !== state.requestId) return;
      page = manifest;
    } else {
      const fetchPage = (after: string | null): Promise<PullResponse> =>
        access.run((accessToken) =>
          pageSize.measure(
            (wantItems) => {
              const body = { protocol: PROTOCOL_VERSION, token: after, wantItems };
              return client.pull(account.serverUrl, accessToken, body, signal);
            },
            () => signal.aborted,
          ),
        );
      const answer = await (ahead.take(token) ?? fetchPage(token));
      if (requestId !== state.requestId) return;
      const { lastOpNo } = answer;
      if (lastOpNo !== undefined && (await reconciler.sendAgain(owner, lastOpNo))) dispatch({ type: 'journalGrew' });
      if (requestId !== state.requestId) return;
      // The same place again would be asked for without an end.
      if (!answer.caughtUp && answer.token === token)
        throw new OutpostError('wrong_answer', 'The server sent a page that leads nowhere.');
      page = answer;
      if (!answer.caughtUp) ahead.ask(answer.token, () => fetchPage(answer.token));
    }
    owner.lease.noteContact(toEpochMs(page.serverTime));
    // Rights may have changed again since they were asked for: what is shown is judged by those it was made with.
    if (page.epoch !== undefined && page.epoch !== owner.state().actor.epoch) await owner.access.renew();
    if (requestId !== state.requestId) return;
    prepared = { page, after: token };
    dispatch({ type: 'pullPage', requestId });
  }

  function noteUpToDate(owner: ActiveProfile): void {
    const nowMs = clock.now();
    upToDateAt = toInstant(nowMs);
    if (nowMs - persistedAtMs < PERSIST_INTERVAL_MS) return;
    persistedAtMs = nowMs;
    owner.update({ upToDateAt });
  }

  async function applyPage(requestId: number): Promise<void> {
    const owner = requireProfile();
    if (prepared === null) throw new OutpostError('internal', 'There is no page to apply.');
    const { page: current, after } = prepared;
    const isStep = 'isLast' in current;
    const caughtUp = !isStep && current.caughtUp;
    if (isStep) await reconciler.apply(owner, current, after);
    else {
      const { items, token, snapshotStart, epoch: madeAt } = current;
      await reconciler.forgetRemoved(owner, current);
      // Whoever interrupted this asks anew, perhaps from another place.
      if (requestId !== state.requestId) return;
      const known = madeAt === undefined ? {} : { epoch: madeAt };
      await host.request({
        kind: 'applyPage',
        after,
        items,
        token,
        caughtUp,
        snapshotStart: snapshotStart === true,
        ...known,
      });
      if (caughtUp) await reconciler.endSweep(owner);
    }
    if (requestId !== state.requestId) return;
    error = null;
    epoch = current.epoch ?? epoch;
    isManifestBegun = isStep && !current.isLast;
    progress = caughtUp ? null : (current.progress ?? progress);
    prepared = null;
    if (caughtUp && owner.journal.counts().pending === 0) noteUpToDate(owner);
    dispatch({ type: 'pageApplied', requestId, caughtUp, isReconciling: isManifestBegun });
    announce();
  }

  async function push(requestId: number): Promise<void> {
    const owner = requireProfile();
    const { signal } = request;
    await rights;
    await pusher.push(owner, epoch ?? owner.state().actor.epoch, signal);
    announce();
    if (requestId === state.requestId) dispatch({ type: 'pushAnswered', requestId });
  }

  async function deliverVerdicts(owner: ActiveProfile): Promise<void> {
    const verdicts = owner.journal.undelivered();
    if (verdicts.length === 0) return;
    await host.request({ kind: 'applyVerdicts', verdicts });
    owner.journal.markDelivered(verdicts.map((verdict) => verdict.opId));
  }

  /** The data host holds the profile: it hears what it missed, and says where it stands. */
  async function welcomeHost(owner: ActiveProfile): Promise<void> {
    await deliverVerdicts(owner);
    epoch = (await reconciler.position()).epoch;
    await reconciler.beginSweep(owner);
  }

  async function applyVerdicts(requestId: number): Promise<void> {
    const owner = requireProfile();
    await deliverVerdicts(owner);
    if (requestId !== state.requestId) return;
    error = null;
    dispatch({ type: 'verdictsApplied', requestId, hasMore: owner.journal.nextBatch(1).length > 0 });
    announce();
  }

  async function connectLive(): Promise<void> {
    const { account, access } = requireProfile();
    const token = await access.token();
    await client.wake(account.serverUrl);
    if (state.live !== 'connecting') return;
    let openedAtMs = clock.now();
    const socket: LiveSocket = deps.connectLive(account.serverUrl, token, {
      onOpen: () => {
        openedAtMs = clock.now();
        dispatch({ type: 'liveOpened' });
      },
      onPoke: () => dispatch({ type: 'poke' }),
      onClose: () => {
        if (live !== socket) return;
        live = null;
        dispatch({ type: 'liveClosed', hasLasted: clock.now() - openedAtMs > LIVE_WORTH_MS });
      },
    });
    live = socket;
  }

  function closeLive(): void {
    const socket = live;
    live = null;
    socket?.close();
  }

  function refreshRights(): void {
    ahead.forget();
    isManifestBegun = false;
    if (profile === null) return;
    const { access } = profile;
    // What goes wrong here goes wrong again, and is told, in the exchange that follows.
    rights = access.renew().catch((cause: unknown) => deps.log('rights could not be renewed', cause));
  }

  function schedule(delayMs: number): void {
    timer?.cancel();
    retryAt = toInstant(clock.now() + delayMs);
    timer = scheduler.after(delayMs, () => dispatch({ type: 'timer' }));
  }

  /** Settles when everything was exchanged after now; rejects when that is not possible at the moment. */
  function exchangeAll(): Promise<void> {
    const settled = rest.next();
    dispatch({ type: 'syncNow' });
    return settled;
  }

  function run(effect: EngineEffect): void {
    switch (effect.type) {
      case 'purge':
        void purge(effect.requestId).catch((cause: unknown) => noteFailure('pullFailed', effect.requestId, cause));
        return;
      case 'pull':
        void pull(effect.requestId, effect.reconcile).catch((cause: unknown) =>
          noteFailure('pullFailed', effect.requestId, cause),
        );
        return;
      case 'applyPage':
        void applyPage(effect.requestId).catch((cause: unknown) => noteFailure('pullFailed', effect.requestId, cause));
        return;
      case 'push':
        void push(effect.requestId).catch((cause: unknown) => noteFailure('pushFailed', effect.requestId, cause));
        return;
      case 'applyVerdicts':
        void applyVerdicts(effect.requestId).catch((cause: unknown) =>
          noteFailure('pushFailed', effect.requestId, cause),
        );
        return;
      case 'abort':
        request.abort();
        request = new AbortController();
        ahead.forget();
        pusher.forget();
        prepared = null;
        return;
      case 'schedule':
        schedule(effect.delayMs);
        return;
      case 'cancelTimer':
        timer?.cancel();
        timer = null;
        return;
      case 'connectLive':
        void connectLive().catch(() => dispatch({ type: 'liveClosed', hasLasted: false }));
        return;
      case 'closeLive':
        closeLive();
        return;
      case 'refreshRights':
        refreshRights();
        return;
      case 'wipe':
        // The refusal that led here was handed to the session already.
        return;
      case 'announce':
        announce();
        return;
    }
  }

  function makeRoom(owner: ActiveProfile): void {
    if (profile !== owner) return;
    try {
      owner.journal.makeRoom();
    } catch (cause) {
      // Only slower without: whoever saves something is told what is wrong.
      deps.log('the journal could not make room', cause);
    }
  }

  return {
    status,
    begin(next) {
      profile = next;
      const { workOffline, upToDateAt: last } = next.state();
      upToDateAt = last;
      error = null;
      // Before anybody waits: the switch shows it, and who turns it meanwhile has the last word.
      dispatch({ type: 'workOffline', on: workOffline });
      announce();
    },
    async attach() {
      const owner = requireProfile();
      await welcomeHost(owner);
      if (profile !== owner) return;
      dispatch({ type: 'hostReady' });
      dispatch({ type: 'signedIn', hasPending: owner.journal.nextBatch(1).length > 0 });
      scheduler.after(MAKE_ROOM_AFTER_MS, () => makeRoom(owner));
      announce();
    },
    detach() {
      if (profile !== null && upToDateAt !== null) profile.update({ upToDateAt });
      dispatch({ type: 'signedOut' });
      ahead.forget();
      pusher.forget();
      profile = null;
      drop = null;
      epoch = null;
      isManifestBegun = false;
      progress = null;
      error = null;
      upToDateAt = null;
      announce();
    },
    async noteHostReady() {
      if (profile !== null) await welcomeHost(profile);
      dispatch({ type: 'hostReady' });
    },
    noteHostLost: () => dispatch({ type: 'hostLost' }),
    noteJournalGrew() {
      dispatch({ type: 'journalGrew' });
      announce();
    },
    noteNetwork(isUp) {
      if (isUp !== state.isNetworkUp) dispatch({ type: 'networkChanged', isUp });
    },
    syncNow: () => dispatch({ type: 'syncNow' }),
    setWorkOffline(on) {
      profile?.update({ workOffline: on });
      dispatch({ type: 'workOffline', on });
      announce();
    },
    noteAttentionChanged: announce,
    verify: () => findDrift(reconciler, requireProfile(), exchangeAll),
    repair() {
      const settled = rest.next();
      dispatch({ type: 'scopeChanged' });
      return settled;
    },
  };
}
