// What the sync engine of the desktop knows, hears and orders, as data. The machine itself is engine-state.ts; the
// runner in the main process turns effects into requests and their outcomes into events.
import type { Reaction } from '#shared/kernel/errors.ts';

export const enginePhases = ['signedOut', 'offline', 'pulling', 'pushing', 'idle', 'backingOff', 'blocked'] as const;
export type EnginePhase = (typeof enginePhases)[number];

/** Why nothing is exchanged although there is a network. `host`: the local database is not open. */
export type BlockReason = 'signIn' | 'upgrade' | 'host';

/** Facts that hold in every phase. */
export interface EngineFacts {
  readonly isSignedIn: boolean;
  readonly isNetworkUp: boolean;
  readonly workOffline: boolean;
  readonly isHostReady: boolean;
  /** What stops exchange until a person or an update helps; null: nothing. */
  readonly obstacle: 'signIn' | 'upgrade' | null;
  /** The journal holds operations that are not in a request now. */
  readonly hasPending: boolean;
  /** The server may hold changes that no request has asked for yet. */
  readonly needsPull: boolean;
  /** What was lost with changed rights is still on this computer: it goes before anything else happens. */
  readonly needsPurge: boolean;
  /** The position is worthless (rights or server changed): what is here is compared with the server's manifest. */
  readonly needsReconcile: boolean;
  readonly live: 'closed' | 'connecting' | 'open';
  /** Open sockets lost in a row before they had lasted: a line that lets none live is not asked at once each time. */
  readonly quickLosses: number;
  /** Failures in a row, for the backoff. */
  readonly failures: number;
  /** Pushes in a row that failed: from the second on, pulls go first, so that a bad push never delays a purge. */
  readonly pushFailures: number;
  /** Pushes since the last pull, so that a long journal does not keep others' changes out. */
  readonly pushesInRow: number;
  /** Times the position was refused since the last time all was exchanged. */
  readonly resyncs: number;
  /** Number of the newest request; answers to older ones are ignored. */
  readonly requestId: number;
}

export type EngineState = EngineFacts &
  (
    | { readonly phase: 'signedOut' | 'offline' | 'idle' | 'backingOff' }
    | { readonly phase: 'pulling'; readonly step: 'purging' | 'asking' | 'applying' }
    | { readonly phase: 'pushing'; readonly step: 'asking' | 'applying' }
    | { readonly phase: 'blocked'; readonly reason: BlockReason }
  );

export type EngineEvent =
  | { readonly type: 'networkChanged'; readonly isUp: boolean }
  /** Also after the session was renewed by the user. `hasPending`: the journal is not empty. */
  | { readonly type: 'signedIn'; readonly hasPending: boolean }
  | { readonly type: 'signedOut' }
  | { readonly type: 'workOffline'; readonly on: boolean }
  | { readonly type: 'hostReady' }
  | { readonly type: 'hostLost' }
  | { readonly type: 'journalGrew' }
  | { readonly type: 'poke' }
  /** The user asked for it, or the computer woke up. */
  | { readonly type: 'syncNow' }
  /** The delay of the newest `schedule` is over. */
  | { readonly type: 'timer' }
  | { readonly type: 'liveOpened' }
  /** `hasLasted`: it was open for some seconds. */
  | { readonly type: 'liveClosed'; readonly hasLasted: boolean }
  /** A page arrived. */
  | { readonly type: 'pullPage'; readonly requestId: number }
  /** The page and its position are in the local database. `isReconciling`: it was a page of the manifest, and not the last. */
  | {
      readonly type: 'pageApplied';
      readonly requestId: number;
      readonly caughtUp: boolean;
      readonly isReconciling?: boolean;
    }
  /** What was lost is gone from this computer. */
  | { readonly type: 'purged'; readonly requestId: number }
  /** Purging, asking or applying failed. `hasDrop`: the refusal says what to purge. */
  | {
      readonly type: 'pullFailed';
      readonly requestId: number;
      readonly reaction: Reaction;
      readonly retryAfterMs?: number;
      readonly hasDrop?: boolean;
    }
  | { readonly type: 'pushAnswered'; readonly requestId: number }
  /** Verdicts are in the journal and in the local database. */
  | { readonly type: 'verdictsApplied'; readonly requestId: number; readonly hasMore: boolean }
  | {
      readonly type: 'pushFailed';
      readonly requestId: number;
      readonly reaction: Reaction;
      readonly retryAfterMs?: number;
      readonly hasDrop?: boolean;
    }
  | { readonly type: 'scopeChanged' }
  | { readonly type: 'upgradeRequired' };
export type EngineEventType = EngineEvent['type'];

export type EngineEffect =
  /** Remove what the last refusal named. */
  | { readonly type: 'purge'; readonly requestId: number }
  /** Ask for the page after the stored position; `reconcile`: of the manifest. */
  | { readonly type: 'pull'; readonly requestId: number; readonly reconcile: boolean }
  | { readonly type: 'applyPage'; readonly requestId: number }
  /** Send the oldest unanswered operations, at most one batch. */
  | { readonly type: 'push'; readonly requestId: number }
  | { readonly type: 'applyVerdicts'; readonly requestId: number }
  /** Drop the running request; its answer would be ignored anyway. */
  | { readonly type: 'abort' }
  /** Replaces the timer before. */
  | { readonly type: 'schedule'; readonly delayMs: number }
  | { readonly type: 'cancelTimer' }
  | { readonly type: 'connectLive' }
  | { readonly type: 'closeLive' }
  /** Fetch the own rights (actor, epoch) anew before the next push. */
  | { readonly type: 'refreshRights' }
  /** Destroy the profile of this user on this computer. */
  | { readonly type: 'wipe' }
  /** The phase is another one: tell the windows. */
  | { readonly type: 'announce' };

export interface EngineStep {
  readonly state: EngineState;
  readonly effects: readonly EngineEffect[];
}
