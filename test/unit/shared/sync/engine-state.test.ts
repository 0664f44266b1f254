import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reaction } from '#shared/kernel/errors.ts';
import {
  enginePhases,
  type EngineEffect,
  type EngineEvent,
  type EngineEventType,
  type EnginePhase,
  type EngineState,
} from '#shared/sync/engine-events.ts';
import { backoffMs, createEngineState, step } from '#shared/sync/engine-state.ts';
import { propertyRuns } from '../../../support/sample-entities.ts';

/** Sends events one after another; answers carry the number of the newest request. */
function run(
  start: EngineState,
  events: readonly EngineEvent[],
): { readonly state: EngineState; readonly effects: readonly EngineEffect[] } {
  let state = start;
  let effects: readonly EngineEffect[] = [];
  for (const event of events) {
    const current = 'requestId' in event ? { ...event, requestId: state.requestId } : event;
    ({ state, effects } = step(state, current, 0.5));
  }
  return { state, effects };
}

const typesOf = (effects: readonly EngineEffect[]) => effects.map((effect) => effect.type);
const caughtUp: readonly EngineEvent[] = [
  { type: 'pullPage', requestId: 0 },
  { type: 'pageApplied', requestId: 0, caughtUp: true },
];
const sent: readonly EngineEvent[] = [
  { type: 'pushAnswered', requestId: 0 },
  { type: 'verdictsApplied', requestId: 0, hasMore: false },
];
const signIn: readonly EngineEvent[] = [{ type: 'hostReady' }, { type: 'signedIn', hasPending: false }];

/** One event of each kind. */
const sampleEvents: { readonly [Type in EngineEventType]: Extract<EngineEvent, { readonly type: Type }> } = {
  networkChanged: { type: 'networkChanged', isUp: false },
  signedIn: { type: 'signedIn', hasPending: false },
  signedOut: { type: 'signedOut' },
  workOffline: { type: 'workOffline', on: false },
  hostReady: { type: 'hostReady' },
  hostLost: { type: 'hostLost' },
  journalGrew: { type: 'journalGrew' },
  poke: { type: 'poke' },
  syncNow: { type: 'syncNow' },
  timer: { type: 'timer' },
  liveOpened: { type: 'liveOpened' },
  liveClosed: { type: 'liveClosed', hasLasted: false },
  pullPage: { type: 'pullPage', requestId: 0 },
  pageApplied: { type: 'pageApplied', requestId: 0, caughtUp: true },
  purged: { type: 'purged', requestId: 0 },
  pullFailed: { type: 'pullFailed', requestId: 0, reaction: 'retry' },
  pushAnswered: { type: 'pushAnswered', requestId: 0 },
  verdictsApplied: { type: 'verdictsApplied', requestId: 0, hasMore: false },
  pushFailed: { type: 'pushFailed', requestId: 0, reaction: 'retry' },
  scopeChanged: { type: 'scopeChanged' },
  upgradeRequired: { type: 'upgradeRequired' },
};

const start = createEngineState(true);
const pulling = run(start, signIn).state;
const idle = run(pulling, caughtUp).state;
const pushing = run(idle, [{ type: 'journalGrew' }]).state;
const failPull = (reaction: Reaction): EngineEvent => ({ type: 'pullFailed', requestId: 0, reaction });
const failPush = (reaction: Reaction): EngineEvent => ({ type: 'pushFailed', requestId: 0, reaction });

const states: Readonly<Record<EnginePhase, EngineState>> = {
  signedOut: start,
  offline: run(idle, [{ type: 'workOffline', on: true }]).state,
  pulling,
  pushing,
  idle,
  backingOff: run(pulling, [failPull('retry')]).state,
  blocked: run(pulling, [failPull('signIn')]).state,
};

/** Where each event leads from each phase; an event that is not named leaves the phase alone. */
const transitions: Readonly<Record<EnginePhase, Readonly<Record<EngineEventType, EnginePhase>>>> = {
  signedOut: row('signedOut', { signedIn: 'blocked' }),
  offline: row('offline', { signedOut: 'signedOut', workOffline: 'pulling', upgradeRequired: 'blocked' }),
  pulling: row('pulling', {
    networkChanged: 'offline',
    signedOut: 'signedOut',
    hostLost: 'blocked',
    pageApplied: 'idle',
    pullFailed: 'backingOff',
    upgradeRequired: 'blocked',
  }),
  pushing: row('pushing', {
    networkChanged: 'offline',
    signedOut: 'signedOut',
    hostLost: 'blocked',
    verdictsApplied: 'pulling',
    pushFailed: 'backingOff',
    upgradeRequired: 'blocked',
    scopeChanged: 'pulling',
  }),
  idle: row('idle', {
    networkChanged: 'offline',
    signedIn: 'pulling',
    signedOut: 'signedOut',
    workOffline: 'pulling',
    hostReady: 'pulling',
    hostLost: 'blocked',
    journalGrew: 'pushing',
    poke: 'pulling',
    syncNow: 'pulling',
    timer: 'pulling',
    liveOpened: 'pulling',
    scopeChanged: 'pulling',
    upgradeRequired: 'blocked',
  }),
  backingOff: row('backingOff', {
    networkChanged: 'offline',
    signedIn: 'pulling',
    signedOut: 'signedOut',
    workOffline: 'pulling',
    hostLost: 'blocked',
    syncNow: 'pulling',
    timer: 'pulling',
    upgradeRequired: 'blocked',
  }),
  blocked: row('blocked', { signedIn: 'pulling', signedOut: 'signedOut' }),
};

function row(
  stays: EnginePhase,
  leads: Partial<Record<EngineEventType, EnginePhase>>,
): Readonly<Record<EngineEventType, EnginePhase>> {
  const types = Object.keys(sampleEvents) as EngineEventType[];
  return Object.fromEntries(types.map((type) => [type, leads[type] ?? stays])) as Record<EngineEventType, EnginePhase>;
}

describe('the table of the machine', () => {
  for (const phase of enginePhases) {
    for (const type of Object.keys(sampleEvents) as EngineEventType[]) {
      it(`SYNC-7 ${phase} on ${type} goes to ${transitions[phase][type]}`, () => {
        const after = run(states[phase], [sampleEvents[type]]);
        expect(after.state.phase).toBe(transitions[phase][type]);
        expect(typesOf(after.effects).includes('announce')).toBe(transitions[phase][type] !== phase);
      });
    }
  }
});

describe('order of exchange', () => {
  it('SYNC-5 after a start unanswered work is sent first, because its first sending may have arrived', () => {
    const after = run(start, [{ type: 'hostReady' }, { type: 'signedIn', hasPending: true }]);
    expect(after.state.phase).toBe('pushing');
    expect(run(after.state, sent).state.phase).toBe('pulling');
  });

  it('SYNC-54 a data host that begins anew while something is under way is asked where it stands afterwards', () => {
    const renewed = run(pulling, [{ type: 'hostReady' }]).state;
    const again = run(renewed, caughtUp);
    expect(again.state.phase).toBe('pulling');
    expect(typesOf(again.effects)).toContain('pull');
    const waiting = run(states.backingOff, [{ type: 'hostReady' }]).state;
    expect(waiting).toMatchObject({ phase: 'backingOff', needsPull: true });
    expect(run(pushing, [{ type: 'hostReady' }]).state).toMatchObject({ phase: 'pushing', needsPull: true });
  });

  it('SYNC-25 a changed scope is pulled before anything is sent', () => {
    const after = run(pushing, [failPush('resync')]);
    expect(after.state).toMatchObject({ phase: 'pulling', needsReconcile: true, hasPending: true });
    expect(after.effects).toContainEqual({ type: 'pull', requestId: after.state.requestId, reconcile: true });
    expect(typesOf(after.effects)).toContain('refreshRights');
    expect(run(pushing, [{ type: 'scopeChanged' }]).state).toMatchObject({ phase: 'pulling', needsReconcile: true });
  });

  it('SYNC-25 what was lost is purged before any other request, even the one for the new rights', () => {
    for (const refused of [
      run(pushing, [{ type: 'pushFailed', requestId: 0, reaction: 'resync', hasDrop: true }]),
      run(pulling, [{ type: 'pullFailed', requestId: 0, reaction: 'resync', hasDrop: true }]),
    ]) {
      expect(refused.state).toMatchObject({ phase: 'pulling', step: 'purging', needsPurge: true });
      expect(typesOf(refused.effects)).toEqual(expect.arrayContaining(['purge']));
      expect(typesOf(refused.effects)).not.toContain('refreshRights');
      const again = run(refused.state, [{ type: 'scopeChanged' }]);
      expect(typesOf(again.effects)).toContain('purge');
      expect(typesOf(again.effects)).not.toContain('refreshRights');
      const after = run(refused.state, [{ type: 'journalGrew' }, { type: 'purged', requestId: 0 }]);
      expect(after.state).toMatchObject({ phase: 'pulling', step: 'asking', needsPurge: false, hasPending: true });
      expect(typesOf(after.effects)).toEqual(['refreshRights', 'cancelTimer', 'pull']);
    }
  });

  it('SYNC-25 a purge that fails or is interrupted is done before anything else is asked for', () => {
    const refused = run(pulling, [{ type: 'pullFailed', requestId: 0, reaction: 'resync', hasDrop: true }]).state;
    const failed = run(refused, [failPull('resync')]);
    expect(failed.state).toMatchObject({ phase: 'backingOff', needsPurge: true });
    expect(typesOf(run(failed.state, [{ type: 'timer' }]).effects)).toContain('purge');
    const lost = run(refused, [{ type: 'hostLost' }]).state;
    expect(typesOf(run(lost, [{ type: 'hostReady' }]).effects)).toContain('purge');
    const twice: readonly EngineEvent[] = [{ type: 'pullFailed', requestId: 0, reaction: 'resync', hasDrop: true }];
    const purgedOnce = run(refused, [{ type: 'purged', requestId: 0 }]).state;
    expect(run(purgedOnce, twice).state).toMatchObject({ step: 'purging', resyncs: 2 });
    expect(run(purgedOnce, [...twice, { type: 'purged', requestId: 0 }]).state.phase).toBe('backingOff');
  });

  it('SYNC-25 nothing is sent between two pages of a manifest', () => {
    const reconciling = run(pushing, [failPush('resync')]).state;
    const page: readonly EngineEvent[] = [
      { type: 'pullPage', requestId: 0 },
      { type: 'pageApplied', requestId: 0, caughtUp: false, isReconciling: true },
    ];
    const next = run(reconciling, page);
    expect(next.effects).toContainEqual({ type: 'pull', requestId: next.state.requestId, reconcile: true });
    const last: readonly EngineEvent[] = [
      { type: 'pullPage', requestId: 0 },
      { type: 'pageApplied', requestId: 0, caughtUp: false },
    ];
    expect(run(next.state, last).state).toMatchObject({ phase: 'pushing', needsReconcile: false });
  });

  it('SYNC-25 a push that keeps failing does not delay pulls', () => {
    const retry: readonly EngineEvent[] = [failPush('report'), { type: 'timer' }];
    const after = run(pushing, [...retry, ...retry]);
    expect(after.state).toMatchObject({ phase: 'pulling', pushFailures: 2, hasPending: true });
    expect(run(after.state, caughtUp).state.phase).toBe('pushing');
  });

  it('SYNC-20 a page that is not the last is followed by the next', () => {
    const page: readonly EngineEvent[] = [
      { type: 'pullPage', requestId: 0 },
      { type: 'pageApplied', requestId: 0, caughtUp: false },
    ];
    expect(run(pulling, page).state).toMatchObject({ phase: 'pulling', requestId: pulling.requestId + 1 });
  });

  it('SYNC-7 work saved during a long first sync is sent between two pages', () => {
    const page: readonly EngineEvent[] = [
      { type: 'journalGrew' },
      { type: 'pullPage', requestId: 0 },
      { type: 'pageApplied', requestId: 0, caughtUp: false },
    ];
    const after = run(pulling, page);
    expect(after.state.phase).toBe('pushing');
    expect(run(after.state, sent).state.phase).toBe('pulling');
  });

  it('SYNC-7 a long journal lets a page through after ten batches', () => {
    const batch: readonly EngineEvent[] = [
      { type: 'pushAnswered', requestId: 0 },
      { type: 'verdictsApplied', requestId: 0, hasMore: true },
    ];
    const batches = (count: number) => Array.from({ length: count }, () => batch).flat();
    expect(run(pushing, batches(9)).state.phase).toBe('pushing');
    expect(run(pushing, batches(10)).state.phase).toBe('pulling');
  });

  it('SYNC-20 a poke during a pull is answered by one more pull', () => {
    expect(run(pulling, [{ type: 'poke' }, ...caughtUp]).state.phase).toBe('pulling');
  });

  it('SYNC-56 a page is asked for again when it could not be applied', () => {
    const after = run(pulling, [{ type: 'pullPage', requestId: 0 }, failPull('fixInput')]);
    expect(after.state).toMatchObject({ phase: 'backingOff', needsPull: true });
    expect(run(after.state, [{ type: 'timer' }]).state.phase).toBe('pulling');
  });

  it('SYNC-13 an answer to a request that was given up changes nothing', () => {
    const offline = run(pushing, [{ type: 'networkChanged', isUp: false }]).state;
    const late = step(offline, { type: 'pushAnswered', requestId: pushing.requestId }, 0);
    expect(late).toEqual({ state: offline, effects: [] });
    const again = run(offline, [{ type: 'networkChanged', isUp: true }]).state;
    expect(again.phase).toBe('pushing');
    expect(step(again, { type: 'pushAnswered', requestId: pushing.requestId }, 0).state).toBe(again);
  });

  it("SYNC-38 a deactivated user's profile is destroyed", () => {
    const after = run(pulling, [failPull('wipe')]);
    expect(after.state).toMatchObject({ phase: 'signedOut', isSignedIn: false, live: 'closed' });
    expect(typesOf(after.effects)).toEqual(expect.arrayContaining(['closeLive', 'wipe']));
  });

  it('SYNC-51 an upgrade that is needed stops exchange and keeps what is pending', () => {
    const after = run(pushing, [failPush('upgrade')]);
    expect(after.state).toMatchObject({ phase: 'blocked', reason: 'upgrade', hasPending: true });
    expect(run(after.state, [{ type: 'syncNow' }]).state.phase).toBe('pushing');
  });

  it('OFF-01 with Work offline nothing is exchanged until it is switched off', () => {
    const after = run(states.offline, [
      { type: 'journalGrew' },
      { type: 'timer' },
      { type: 'syncNow' },
      { type: 'networkChanged', isUp: true },
    ]);
    expect(after.state).toMatchObject({ phase: 'offline', hasPending: true });
    expect(run(after.state, [{ type: 'workOffline', on: false }]).state.phase).toBe('pushing');
  });
});

describe('delays', () => {
  it('SYNC-7 the ceiling doubles with each failure up to a minute, and chance spreads below it', () => {
    expect([0, 1, 2, 3, 10, 1000].map((failures) => backoffMs(failures, 1))).toEqual([
      1000, 2000, 4000, 8000, 60_000, 60_000,
    ]);
    expect(backoffMs(5, 0)).toBe(250);
    expect(backoffMs(0, 0, 30_000)).toBe(30_000);
  });

  it('SYNC-7 a refusal of the position that repeats ends in growing delays, not in a circle', () => {
    const again = run(pulling, [failPull('resync'), failPull('resync')]);
    expect(again.state.phase).toBe('backingOff');
    const page: readonly EngineEvent[] = [
      { type: 'pullPage', requestId: 0 },
      { type: 'pageApplied', requestId: 0, caughtUp: false },
    ];
    expect(run(pulling, [failPull('resync'), ...page, failPull('resync')]).state.phase).toBe('backingOff');
    expect(run(pushing, [failPush('resync'), ...caughtUp, failPush('resync')]).state.phase).toBe('backingOff');
  });

  it('SYNC-7 a socket that closes at once is not opened again before the next request', () => {
    const closed = run(idle, [{ type: 'liveClosed', hasLasted: false }]);
    expect(closed.state).toMatchObject({ phase: 'idle', live: 'closed' });
    expect(typesOf(closed.effects)).toEqual(['schedule']);
    expect(typesOf(run(closed.state, [{ type: 'timer' }]).effects)).toContain('connectLive');
  });
});

describe('a lost socket', () => {
  const connected = run(idle, [{ type: 'liveOpened' }, ...caughtUp]).state;
  const lose = (hasLasted: boolean): EngineEvent => ({ type: 'liveClosed', hasLasted });
  const delayOf = (effects: readonly EngineEffect[]): number =>
    Math.max(-1, ...effects.flatMap((effect) => (effect.type === 'schedule' ? [effect.delayMs] : [])));

  it('SYNC-7 that was open is a reason to ask at once whether the server is there', () => {
    expect(connected).toMatchObject({ phase: 'idle', live: 'open' });
    const lost = run(connected, [lose(true)]);
    expect(lost.state).toMatchObject({ phase: 'idle', live: 'closed' });
    expect(delayOf(lost.effects)).toBeLessThan(500);
    expect(run(lost.state, [{ type: 'timer' }]).state.phase).toBe('pulling');
  });

  it('SYNC-7 while a request runs, is followed by one more request', () => {
    const asking = run(connected, [{ type: 'poke' }]).state;
    const after = run(asking, [lose(true), ...caughtUp]);
    expect(after.state).toMatchObject({ phase: 'pulling', step: 'asking' });
  });

  it('SYNC-7 of a line that lets none live is not a reason again and again', () => {
    const again: readonly EngineEvent[] = [{ type: 'timer' }, { type: 'liveOpened' }, ...caughtUp, ...caughtUp];
    const first = run(connected, [lose(false)]);
    const second = run(first.state, [...again, lose(false)]);
    expect([first, second].map(({ effects }) => delayOf(effects) < 500)).toEqual([true, false]);
    const third = run(second.state, [...again, lose(true)]);
    expect(delayOf(third.effects)).toBeLessThan(500);
  });
});

/** An event of this kind with these parameters; a parameter the kind does not have stays without effect. */
function eventOf(type: EngineEventType, flag: boolean, reaction: Reaction, requestId: number): EngineEvent {
  const parameters = {
    isUp: flag,
    on: flag,
    hasPending: flag,
    hasMore: flag,
    hasLasted: flag,
    caughtUp: flag,
    reaction,
    requestId,
  };
  const sampleEvent: EngineEvent = sampleEvents[type];
  const known = Object.entries(parameters).filter(([name]) => Object.hasOwn(sampleEvent, name));
  return Object.assign({}, sampleEvent, Object.fromEntries(known));
}

describe('every history of events', () => {
  const types = Object.keys(sampleEvents) as EngineEventType[];
  const reactions: readonly Reaction[] = [
    'retry',
    'signIn',
    'fixInput',
    'accept',
    'resync',
    'upgrade',
    'report',
    'wipe',
  ];
  const history = fc.array(
    fc.record({ type: fc.constantFrom(...types), flag: fc.boolean(), reaction: fc.constantFrom(...reactions) }),
    { maxLength: 60 },
  );

  it('SYNC-7 one request at a time, a timer wherever the machine waits, and no sending before unsent work is known', () => {
    fc.assert(
      fc.property(history, fc.boolean(), (events, isUp) => {
        let state = createEngineState(isUp);
        for (const { type, flag, reaction } of events) {
          const event = eventOf(type, flag, reaction, state.requestId);
          const before = state;
          const { state: after, effects } = step(state, event, 0.5);
          const requests = effects.filter((effect) => effect.type === 'pull' || effect.type === 'push');
          expect(requests.length).toBeLessThanOrEqual(1);
          const wasAsking = before.phase === 'pulling' || before.phase === 'pushing';
          const isAnswer = 'requestId' in sampleEvents[type];
          if (requests.length > 0 && wasAsking && !isAnswer) expect(typesOf(effects)).toContain('abort');
          if (after.phase === 'pulling' || after.phase === 'pushing') {
            expect(after).toMatchObject({
              isSignedIn: true,
              isNetworkUp: true,
              workOffline: false,
              isHostReady: true,
              obstacle: null,
            });
          }
          if (after.phase === 'idle')
            expect(after).toMatchObject({ hasPending: false, needsPull: false, needsReconcile: false });
          const entersWaiting =
            (after.phase === 'idle' || after.phase === 'backingOff') && after.phase !== before.phase;
          if (entersWaiting) expect(typesOf(effects)).toContain('schedule');
          state = after;
        }
      }),
      { ...propertyRuns, numRuns: 1000 },
    );
  });

  it('SYNC-7 with a healed network everything is exchanged within a bounded number of answers', () => {
    fc.assert(
      fc.property(history, (events) => {
        let state = createEngineState(true);
        for (const { type, flag, reaction } of events) {
          const event = eventOf(type, flag, reaction, state.requestId);
          state = step(state, event, 0.5).state;
        }
        const heal: readonly EngineEvent[] = [
          { type: 'networkChanged', isUp: true },
          { type: 'workOffline', on: false },
          { type: 'hostReady' },
          { type: 'signedIn', hasPending: true },
        ];
        state = run(state, heal).state;
        let answers = 0;
        while (state.phase !== 'idle' && answers < 12) {
          state = run(state, answersFor(state)).state;
          answers += 1;
        }
        expect(state).toMatchObject({ phase: 'idle', hasPending: false, needsPull: false, failures: 0 });
      }),
      propertyRuns,
    );
  });
});

/** What a healthy server and computer answer. */
function answersFor(state: EngineState): readonly EngineEvent[] {
  if (state.phase === 'pulling') return caughtUp;
  return state.phase === 'pushing' ? sent : [{ type: 'timer' }];
}
