// The sync engine of the desktop as a pure machine: state and event in, state and effects out. It never pushes and
// pulls at once, never retries without a delay that grows, and every cell of state × event is decided in a table that
// the compiler checks for completeness. The rules are explained in SPEC.md.
import type { Reaction } from '#shared/kernel/errors.ts';
import type {
  EngineEffect,
  EngineEvent,
  EngineEventType,
  EngineFacts,
  EnginePhase,
  EngineState,
  EngineStep,
} from '#shared/sync/engine-events.ts';

const BACKOFF_BASE_MS = 1_000;
const BACKOFF_CAP_MS = 60_000;
const BACKOFF_FLOOR_MS = 250;
/** Questions without a reason: the safety net below a live socket, and the replacement for one. */
const POLL_WITH_LIVE_MS = 60_000;
const POLL_WITHOUT_LIVE_MS = 15_000;
/** An open socket that closes means that the server went away, or that everybody lost it: asked at once, a little spread. */
const LOSS_SPREAD_MS = 400;
/** Batches sent before a page is asked for in between. */
const MOST_PUSHES_IN_ROW = 10;

export function createEngineState(isNetworkUp: boolean): EngineState {
  return {
    phase: 'signedOut',
    isSignedIn: false,
    isNetworkUp,
    workOffline: false,
    isHostReady: false,
    obstacle: null,
    hasPending: false,
    needsPull: false,
    needsPurge: false,
    needsReconcile: false,
    live: 'closed',
    quickLosses: 0,
    failures: 0,
    pushFailures: 0,
    pushesInRow: 0,
    resyncs: 0,
    requestId: 0,
  };
}

/** One step. `draw` is uniform in [0, 1): the machine's only chance, used to spread delays. */
export function step(state: EngineState, event: EngineEvent, draw: number): EngineStep {
  // An answer to a request that was given up, or was answered before, changes nothing.
  if ('requestId' in event && event.requestId !== state.requestId) return { state, effects: [] };
  const result = dispatch(table[state.phase], state, event, draw);
  if (result.state.phase === state.phase) return result;
  return { state: result.state, effects: [...result.effects, { type: 'announce' }] };
}

/** Full jitter: anywhere between the floor and a ceiling that doubles with each failure, never below `retryAfterMs`. */
export function backoffMs(failures: number, draw: number, retryAfterMs = 0): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, 16));
  return Math.round(Math.max(BACKOFF_FLOOR_MS, draw * ceiling, retryAfterMs));
}

type EventOf<Type extends EngineEventType> = Extract<EngineEvent, { readonly type: Type }>;
type Handler<Type extends EngineEventType> = (state: EngineState, event: EventOf<Type>, draw: number) => EngineStep;
type Row = { readonly [Type in EngineEventType]: Handler<Type> };

function dispatch(row: Row, state: EngineState, event: EngineEvent, draw: number): EngineStep {
  // TypeScript does not relate the key of a row to the member of the union; the mapped type above does.
  const handler = row[event.type] as (state: EngineState, event: EngineEvent, draw: number) => EngineStep;
  return handler(state, event, draw);
}

const ignore = (state: EngineState): EngineStep => ({ state, effects: [] });

/** Remembers facts without doing anything about them now. */
function note(state: EngineState, facts: Partial<EngineFacts>): EngineStep {
  return { state: { ...state, ...facts }, effects: [] };
}

/** Takes facts in and goes where they lead. */
function change(state: EngineState, facts: Partial<EngineFacts>, draw: number): EngineStep {
  return settle({ ...state, ...facts }, draw);
}

/** Gives a running request up: what it carried is open again. */
function leave(state: EngineState, facts: Partial<EngineFacts>, draw: number): EngineStep {
  const open: Partial<EngineFacts> = {
    needsPull: true,
    hasPending: state.hasPending || state.phase === 'pushing',
    requestId: state.requestId + 1,
  };
  const next = change(state, { ...open, ...facts }, draw);
  return { state: next.state, effects: [{ type: 'abort' }, ...next.effects] };
}

function factsOf(state: EngineState): EngineFacts {
  const parts: EngineFacts & { readonly phase: EnginePhase; readonly step?: string; readonly reason?: string } = state;
  const { phase: _phase, step: _step, reason: _reason, ...facts } = parts;
  return facts;
}

/** The one place that decides what happens next. */
function settle(state: EngineState, draw: number): EngineStep {
  const facts = factsOf(state);
  if (!facts.isSignedIn) return rest({ ...facts, phase: 'signedOut' });
  if (facts.obstacle !== null) return rest({ ...facts, phase: 'blocked', reason: facts.obstacle });
  if (facts.workOffline || !facts.isNetworkUp) return rest({ ...facts, phase: 'offline' });
  if (!facts.isHostReady) return rest({ ...facts, phase: 'blocked', reason: 'host' });
  if (facts.needsPurge) return startPurge(facts);
  if (facts.needsReconcile) return startPull(facts);
  const pullsFirst = facts.needsPull && (facts.pushFailures >= 2 || facts.pushesInRow >= MOST_PUSHES_IN_ROW);
  if (facts.hasPending && !pullsFirst) return startPush(facts);
  if (facts.needsPull) return startPull(facts);
  return { state: { ...facts, phase: 'idle' }, effects: [{ type: 'schedule', delayMs: pollMs(facts, draw) }] };
}

function pollMs(facts: EngineFacts, draw: number): number {
  const interval = facts.live === 'open' ? POLL_WITH_LIVE_MS : POLL_WITHOUT_LIVE_MS;
  return Math.round(interval * (0.75 + draw / 2));
}

/** A phase without exchange: nothing runs, nothing is scheduled, the socket is closed. */
function rest(state: EngineState): EngineStep {
  const effects: EngineEffect[] = [{ type: 'cancelTimer' }];
  if (state.live !== 'closed') effects.push({ type: 'closeLive' });
  return { state: { ...state, live: 'closed', failures: 0 }, effects };
}

/** Nothing is asked for meanwhile, not even new rights. */
function startPurge(facts: EngineFacts): EngineStep {
  const requestId = facts.requestId + 1;
  return {
    state: { ...facts, requestId, phase: 'pulling', step: 'purging' },
    effects: [{ type: 'cancelTimer' }, { type: 'purge', requestId }],
  };
}

function startPull(facts: EngineFacts): EngineStep {
  const requestId = facts.requestId + 1;
  const next = { ...facts, requestId, needsPull: false, pushesInRow: 0 };
  return withLive({ ...next, phase: 'pulling', step: 'asking' }, [
    { type: 'pull', requestId, reconcile: facts.needsReconcile },
  ]);
}

function startPush(facts: EngineFacts): EngineStep {
  const requestId = facts.requestId + 1;
  const next = { ...facts, requestId, hasPending: false, pushesInRow: facts.pushesInRow + 1 };
  return withLive({ ...next, phase: 'pushing', step: 'asking' }, [{ type: 'push', requestId }]);
}

/**
 * A socket is opened only together with a request, so its attempts are as bounded as those of requests: where sockets
 * are not let through, opening it again as soon as it closes would go round for ever.
 */
function withLive(state: EngineState, effects: readonly EngineEffect[]): EngineStep {
  const quiet: readonly EngineEffect[] = [{ type: 'cancelTimer' }, ...effects];
  if (state.live !== 'closed') return { state, effects: quiet };
  return { state: { ...state, live: 'connecting' }, effects: [...quiet, { type: 'connectLive' }] };
}

function backOff(facts: EngineFacts, draw: number, retryAfterMs: number | undefined): EngineStep {
  const delayMs = backoffMs(facts.failures, draw, retryAfterMs);
  const next: EngineState = { ...facts, failures: facts.failures + 1, phase: 'backingOff' };
  return { state: next, effects: [{ type: 'schedule', delayMs }] };
}

interface Failure {
  readonly reaction: Reaction;
  readonly retryAfterMs?: number;
  readonly hasDrop?: boolean;
}

function failed(state: EngineState, failure: Failure, draw: number): EngineStep {
  const wasPush = state.phase === 'pushing';
  const open: EngineState = {
    ...state,
    needsPull: true,
    hasPending: state.hasPending || wasPush,
    pushFailures: state.pushFailures + (wasPush ? 1 : 0),
  };
  // A purge that does not succeed is tried again until it does; it must not go round without a pause.
  const isPurge = state.phase === 'pulling' && state.step === 'purging';
  if (isPurge && failure.reaction !== 'wipe') return backOff(factsOf(open), draw, failure.retryAfterMs);
  switch (failure.reaction) {
    case 'signIn':
      return change(open, { obstacle: 'signIn' }, draw);
    case 'upgrade':
      return change(open, { obstacle: 'upgrade' }, draw);
    case 'wipe':
      return wipe(open);
    case 'resync':
      return resync(open, failure, draw);
    case 'retry':
    case 'report':
    case 'accept':
    case 'fixInput':
      return backOff(factsOf(open), draw, failure.retryAfterMs);
  }
}

/** What is lost goes at once, however often that happens; only then the server is asked again. */
function resync(state: EngineState, failure: Failure, draw: number): EngineStep {
  const facts: EngineFacts = {
    ...factsOf(state),
    needsPurge: state.needsPurge || failure.hasDrop === true,
    needsReconcile: true,
    resyncs: state.resyncs + 1,
  };
  return facts.needsPurge ? startPurge(facts) : reconcile(facts, draw, failure.retryAfterMs);
}

/** The first time at once; when it does not help, with growing delays. */
function reconcile(facts: EngineFacts, draw: number, retryAfterMs?: number): EngineStep {
  const next = facts.resyncs <= 1 ? settle({ ...facts, phase: 'idle' }, draw) : backOff(facts, draw, retryAfterMs);
  return withNewRights(next);
}

/** Asking for the new rights is a request, too: it waits for a purge that is under way. */
function withNewRights(next: EngineStep): EngineStep {
  if (next.state.needsPurge) return next;
  return { state: next.state, effects: [{ type: 'refreshRights' }, ...next.effects] };
}

function purged(state: EngineState, _event: EventOf<'purged'>, draw: number): EngineStep {
  if (state.phase !== 'pulling' || state.step !== 'purging') return ignore(state);
  return reconcile({ ...factsOf(state), needsPurge: false }, draw);
}

function wipe(state: EngineState): EngineStep {
  const next = rest({
    ...createEngineState(state.isNetworkUp),
    isHostReady: state.isHostReady,
    live: state.live,
    requestId: state.requestId + 1,
  });
  return { state: next.state, effects: [...next.effects, { type: 'wipe' }] };
}

function applying(state: EngineState, phase: 'pulling' | 'pushing'): EngineStep {
  const type = phase === 'pulling' ? 'applyPage' : 'applyVerdicts';
  return {
    state: { ...factsOf(state), phase, step: 'applying' },
    effects: [{ type, requestId: state.requestId }],
  };
}

function pageApplied(state: EngineState, event: EventOf<'pageApplied'>, draw: number): EngineStep {
  const needsPull = state.needsPull || !event.caughtUp;
  // While work waits behind a failing push, only an answered push ends the series of failures.
  const isHealthy = state.pushFailures === 0;
  const failures = isHealthy ? 0 : state.failures;
  const resyncs = isHealthy && event.caughtUp ? 0 : state.resyncs;
  return change(state, { needsPull, needsReconcile: event.isReconciling === true, failures, resyncs }, draw);
}

function verdictsApplied(state: EngineState, event: EventOf<'verdictsApplied'>, draw: number): EngineStep {
  // What was just accepted comes back by pull; only then the journal lets go of it.
  const hasPending = state.hasPending || event.hasMore;
  return change(state, { hasPending, needsPull: true, failures: 0, pushFailures: 0, resyncs: 0 }, draw);
}

interface Loss {
  readonly facts: Pick<EngineFacts, 'live' | 'quickLosses'>;
  /** The server may be gone. A socket that never opened says nothing that the request beside it does not say. */
  readonly isNews: boolean;
}

function lose(state: EngineState, { hasLasted }: EventOf<'liveClosed'>): Loss {
  if (state.live !== 'open') return { facts: { live: 'closed', quickLosses: state.quickLosses }, isNews: false };
  const quickLosses = hasLasted ? 0 : state.quickLosses + 1;
  return { facts: { live: 'closed', quickLosses }, isNews: quickLosses <= 1 };
}

/** Where nothing runs, the question that finds out comes at once. */
function liveClosedInIdle(state: EngineState, event: EventOf<'liveClosed'>, draw: number): EngineStep {
  const { facts, isNews } = lose(state, event);
  if (!isNews) return change(state, facts, draw);
  return {
    state: { ...factsOf(state), ...facts, phase: 'idle' },
    effects: [{ type: 'schedule', delayMs: Math.round(draw * LOSS_SPREAD_MS) }],
  };
}

/** Where a request runs, its answer may be older than the loss: one more follows. */
function liveClosedInBusy(state: EngineState, event: EventOf<'liveClosed'>): EngineStep {
  const { facts, isNews } = lose(state, event);
  return note(state, { ...facts, needsPull: state.needsPull || isNews });
}

function afterSignIn(event: EventOf<'signedIn'>): Partial<EngineFacts> {
  return { isSignedIn: true, obstacle: null, hasPending: event.hasPending, needsPull: true };
}

/** A new start: nothing of the user before is remembered but the switches of this computer. */
function signOut(state: EngineState): EngineFacts {
  return {
    ...factsOf(createEngineState(state.isNetworkUp)),
    workOffline: state.workOffline,
    isHostReady: state.isHostReady,
    live: state.live,
    requestId: state.requestId + 1,
  };
}

/** Phases without a request in flight: facts are taken in, and lead on. */
const calm: Row = {
  networkChanged: (state, event, draw) => change(state, { isNetworkUp: event.isUp, needsPull: true }, draw),
  signedIn: (state, event, draw) => change(state, afterSignIn(event), draw),
  signedOut: (state, _event, draw) => change(state, signOut(state), draw),
  workOffline: (state, event, draw) => change(state, { workOffline: event.on, needsPull: true }, draw),
  hostReady: (state, _event, draw) => change(state, { isHostReady: true, needsPull: true }, draw),
  hostLost: (state, _event, draw) => change(state, { isHostReady: false }, draw),
  journalGrew: (state, _event, draw) => change(state, { hasPending: true }, draw),
  poke: (state, _event, draw) => change(state, { needsPull: true }, draw),
  syncNow: (state, _event, draw) => change(state, { needsPull: true }, draw),
  timer: (state, _event, draw) => change(state, { needsPull: true }, draw),
  liveOpened: (state, _event, draw) => change(state, { live: 'open', needsPull: true }, draw),
  liveClosed: liveClosedInIdle,
  scopeChanged: (state, _event, draw) => {
    return withNewRights(change(state, { needsReconcile: true, needsPull: true }, draw));
  },
  upgradeRequired: (state, _event, draw) => change(state, { obstacle: 'upgrade' }, draw),
  pullPage: ignore,
  pageApplied: ignore,
  purged: ignore,
  pullFailed: ignore,
  pushAnswered: ignore,
  verdictsApplied: ignore,
  pushFailed: ignore,
};

/** Phases without exchange: news are remembered, and nothing but the end of the cause leads on. */
const resting: Row = {
  ...calm,
  journalGrew: (state) => note(state, { hasPending: true }),
  poke: ignore,
  timer: ignore,
  syncNow: ignore,
  liveOpened: (state) => ({ state, effects: [{ type: 'closeLive' }] }),
  liveClosed: ignore,
  scopeChanged: (state) => note(state, { needsReconcile: true }),
};

/** Phases with a request in flight: news are remembered until it is answered. */
const busy: Row = {
  networkChanged: (state, event, draw) =>
    event.isUp ? note(state, { isNetworkUp: true }) : leave(state, { isNetworkUp: false }, draw),
  signedIn: (state, event) => note(state, { ...afterSignIn(event), hasPending: state.hasPending || event.hasPending }),
  signedOut: (state, _event, draw) => leave(state, signOut(state), draw),
  workOffline: (state, event, draw) =>
    event.on ? leave(state, { workOffline: true }, draw) : note(state, { workOffline: false }),
  // Without having been lost before, it began anew: what is under way may have been for the former one.
  hostReady: (state) => note(state, { isHostReady: true, needsPull: true }),
  hostLost: (state, _event, draw) => leave(state, { isHostReady: false }, draw),
  journalGrew: (state) => note(state, { hasPending: true }),
  poke: (state) => note(state, { needsPull: true }),
  syncNow: (state) => note(state, { needsPull: true }),
  timer: ignore,
  liveOpened: (state) => note(state, { live: 'open', needsPull: true }),
  liveClosed: liveClosedInBusy,
  scopeChanged: (state, _event, draw) => {
    return withNewRights(leave(state, { needsReconcile: true }, draw));
  },
  upgradeRequired: (state, _event, draw) => leave(state, { obstacle: 'upgrade' }, draw),
  pullPage: ignore,
  pageApplied: ignore,
  purged: ignore,
  pullFailed: ignore,
  pushAnswered: ignore,
  verdictsApplied: ignore,
  pushFailed: ignore,
};

const table: Readonly<Record<EnginePhase, Row>> = {
  signedOut: {
    ...resting,
    // Before anybody is signed in there is no position to lose and nothing to upgrade for.
    journalGrew: ignore,
    scopeChanged: ignore,
    upgradeRequired: ignore,
  },
  offline: resting,
  blocked: {
    ...resting,
    // Another server version may have been installed meanwhile: the user's own question is a reason to look.
    syncNow: (state, _event, draw) =>
      state.obstacle === 'upgrade' ? change(state, { obstacle: null }, draw) : ignore(state),
  },
  idle: calm,
  backingOff: {
    ...calm,
    // News do not shorten a delay: many clients would return at the same instant.
    hostReady: (state) => note(state, { isHostReady: true, needsPull: true }),
    journalGrew: (state) => note(state, { hasPending: true }),
    poke: (state) => note(state, { needsPull: true }),
    liveOpened: (state) => note(state, { live: 'open', needsPull: true }),
    liveClosed: liveClosedInBusy,
    scopeChanged: (state) => withNewRights(note(state, { needsReconcile: true })),
  },
  pulling: {
    ...busy,
    pullPage: (state) => applying(state, 'pulling'),
    pageApplied,
    purged,
    pullFailed: failed,
  },
  pushing: {
    ...busy,
    pushAnswered: (state) => applying(state, 'pushing'),
    verdictsApplied,
    pushFailed: failed,
  },
};
