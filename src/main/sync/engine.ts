// Runs the pure machine of shared/sync/engine-state: turns its effects into requests, and their outcomes into events.
// Order that matters: verdicts are in the journal before anybody hears of them; the journal lets go of an operation
// only after the data host holds what the verdict says; rights are renewed before the next exchange uses them.
import type { SyncStatus } from '#shared/ipc/contract.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError, toErrorData, toOutpostError, type ErrorData } from '#shared/kernel/errors.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import type { EngineEffect, EngineEvent } from '#shared/sync/engine-events.ts';
import { createEngineState, step } from '#shared/sync/engine-state.ts';
import type { PullResponse } from '#shared/sync/messages.ts';
import { PROTOCOL_VERSION } from '#shared/sync/operation.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { HostLink } from '#main/sync/host-link.ts';
import type { ConnectLive, LiveSocket } from '#main/sync/live-socket.ts';
import { createPageAhead } from '#main/sync/page-ahead.ts';
import { createPusher } from '#main/sync/pusher.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

/** A socket that was open for less has not lasted: losing such ones again and again is no reason to ask at once. */
const LIVE_WORTH_MS = 5_000;
const PERSIST_INTERVAL_MS = 60_000;
/** Records in a page: enough that a page is worth its round trips, few enough that screens wait for none. */
const PAGE_ITEMS = 2_000;

export interface EngineDeps {
  readonly client: ServerClient;
  readonly host: HostLink;
  readonly connectLive: ConnectLive;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Uniform in [0, 1), to spread delays. */
  readonly draw: () => number;
  readonly isNetworkUp: boolean;
  readonly onStatus: (status: SyncStatus) => void;
  readonly onAttention: (count: number) => void;
  /** The server said something about the session; must not be waited for. */
  readonly onRefusal: (error: OutpostError) => void;
  readonly log: (message: string, error?: unknown) => void;
}

export interface Engine {
  /** Begins for a profile that is open in the data host. */
  attach(profile: ActiveProfile): Promise<void>;
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
  readonly status: () => SyncStatus;
}

export function createEngine(deps: EngineDeps): Engine {
  const { client, host, clock, scheduler } = deps;
  let state = createEngineState(deps.isNetworkUp);
  let profile: ActiveProfile | null = null;
  let page: PullResponse | null = null;
  const ahead = createPageAhead();
  const pusher = createPusher(client);
  let timer: { cancel(): void } | null = null;
  let live: LiveSocket | null = null;
  let rights: Promise<void> = Promise.resolve();
  let request = new AbortController();
  let error: ErrorData | null = null;
  let progress: SyncStatus['progress'] = null;
  let retryAt: string | null = null;
  let upToDateAt: string | null = null;
  let persistedAtMs = 0;
  let attentionCount = 0;

  const counts = (): { readonly pending: number; readonly attention: number } =>
    profile?.journal.counts() ?? { pending: 0, attention: 0 };

  function status(): SyncStatus {
    const { pending, attention } = counts();
    const { phase, workOffline } = state;
    return {
      phase,
      workOffline,
      pendingCount: pending,
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
  }

  function noteFailure(type: 'pullFailed' | 'pushFailed', requestId: number, cause: unknown): void {
    if (requestId !== state.requestId) return;
    const failure = toOutpostError(cause);
    error = toErrorData(failure);
    if (failure.code === 'internal') deps.log('an exchange failed', cause);
    const seconds = failure.details['retryAfterSeconds'];
    const retry = typeof seconds === 'number' ? { retryAfterMs: seconds * 1000 } : {};
    // Wiping is the session's work; the machine only has to stop.
    if (failure.reaction === 'wipe' || failure.reaction === 'signIn') deps.onRefusal(failure);
    dispatch({ type, requestId, reaction: failure.reaction, ...retry });
    announce();
  }

  function requireProfile(): ActiveProfile {
    if (profile === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
    return profile;
  }

  async function pull(requestId: number, isSnapshot: boolean): Promise<void> {
    const { account, access } = requireProfile();
    const { signal } = request;
    await rights;
    const token = isSnapshot ? null : ((await host.request({ kind: 'readToken' })) as string | null);
    const fetchPage = (after: string | null): Promise<PullResponse> =>
      access.run((accessToken) => {
        const body = { protocol: PROTOCOL_VERSION, token: after, wantItems: PAGE_ITEMS };
        return client.pull(account.serverUrl, accessToken, body, signal);
      });
    const answer = await (ahead.take(token) ?? fetchPage(token));
    if (requestId !== state.requestId) return;
    if (answer.snapshotStart === true && token !== null) {
      // The server does not go on from here: the rights may be others, also where there is nothing to send.
      refreshRights();
      await rights;
      if (requestId !== state.requestId) return;
    }
    page = answer;
    if (!answer.caughtUp) ahead.ask(answer.token, () => fetchPage(answer.token));
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
    if (page === null) throw new OutpostError('internal', 'There is no page to apply.');
    const { items, token, caughtUp, snapshotStart } = page;
    await host.request({ kind: 'applyPage', items, token, caughtUp, snapshotStart: snapshotStart === true });
    if (requestId !== state.requestId) return;
    error = null;
    progress = caughtUp ? null : (page.progress ?? progress);
    page = null;
    if (caughtUp && owner.journal.counts().pending === 0) noteUpToDate(owner);
    dispatch({ type: 'pageApplied', requestId, caughtUp });
    announce();
  }

  async function push(requestId: number): Promise<void> {
    const owner = requireProfile();
    const { signal } = request;
    await rights;
    await pusher.push(owner, signal);
    announce();
    if (requestId === state.requestId) dispatch({ type: 'pushAnswered', requestId });
  }

  async function deliverVerdicts(owner: ActiveProfile): Promise<void> {
    const verdicts = owner.journal.undelivered();
    if (verdicts.length === 0) return;
    await host.request({ kind: 'applyVerdicts', verdicts });
    owner.journal.markDelivered(verdicts.map((verdict) => verdict.opId));
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

  function run(effect: EngineEffect): void {
    switch (effect.type) {
      case 'pull':
        void pull(effect.requestId, effect.snapshot).catch((cause: unknown) =>
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
        page = null;
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

  return {
    status,
    async attach(next) {
      profile = next;
      const { workOffline, upToDateAt: last } = next.state();
      upToDateAt = last;
      error = null;
      await deliverVerdicts(next);
      dispatch({ type: 'hostReady' });
      dispatch({ type: 'workOffline', on: workOffline });
      dispatch({ type: 'signedIn', hasPending: next.journal.nextBatch(1).length > 0 });
      announce();
    },
    detach() {
      if (profile !== null && upToDateAt !== null) profile.update({ upToDateAt });
      dispatch({ type: 'signedOut' });
      ahead.forget();
      pusher.forget();
      profile = null;
      progress = null;
      error = null;
      upToDateAt = null;
      announce();
    },
    async noteHostReady() {
      if (profile !== null) await deliverVerdicts(profile);
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
  };
}
