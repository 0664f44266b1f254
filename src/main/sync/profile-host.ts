// Keeps three things in step: who is signed in, the profile the data host holds, and the engine. Changes run one after
// another; a data host that goes away comes back by itself, later each time, and is given the profile again.
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { Scheduler } from '#shared/kernel/ports.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { Engine } from '#main/sync/engine.ts';
import type { HostLink } from '#main/sync/host-link.ts';

interface ProfileHostDeps {
  readonly host: HostLink;
  readonly engine: Engine;
  readonly scheduler: Scheduler;
  /** Opens a new data host window. */
  readonly restartHost: () => void;
  /** Deletes the local databases of all profiles without the data host's help; they are fetched again when needed. */
  readonly clearLocalDatabases: () => Promise<void>;
  readonly log: (message: string, error?: unknown) => void;
}

export interface ProfileHost {
  open(profile: ActiveProfile): Promise<void>;
  close(): Promise<void>;
  /** Deletes the local database of a profile that is not open any more. */
  wipe(profileId: string): Promise<void>;
  noteActorChanged(profile: ActiveProfile): void;
  noteHostReady(): void;
  noteHostGone(reason: string): void;
}

const RESTART_BASE_MS = 500;
const RESTART_CAP_MS = 30_000;
/** A host that lived this long starts the count of its falls anew. */
const STABLE_AFTER_MS = 60_000;
/** What a living host could not be told, because a disk was full, is told again. */
const TELL_AGAIN_MS = 5_000;

export function createProfileHost(deps: ProfileHostDeps): ProfileHost {
  const { host, engine, scheduler, log } = deps;
  let profile: ActiveProfile | null = null;
  let openedActor = '';
  let isAttached = false;
  let falls = 0;
  let stable: { cancel(): void } | null = null;
  let queue: Promise<void> = Promise.resolve();

  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = queue.then(work);
    queue = turn.catch((error: unknown) => log('the local database could not follow', error));
    return queue;
  }

  async function tell(): Promise<void> {
    if (profile === null || !host.isReady()) return;
    const { actor } = profile.state();
    const { account, storageKey } = profile;
    await host.request({ kind: 'openProfile', profileId: account.profileId, actor, storageKey });
    openedActor = toCanonicalJson(actor);
    if (isAttached) await engine.noteHostReady();
    else {
      isAttached = true;
      try {
        await engine.attach();
      } catch (error) {
        // The host went away meanwhile: the next one is attached to from the start.
        isAttached = false;
        throw error;
      }
    }
  }

  function follow(): void {
    void inTurn(async () => {
      try {
        await tell();
      } catch (error) {
        if (host.isReady()) scheduler.after(TELL_AGAIN_MS, follow);
        throw error;
      }
    });
  }

  function restart(): void {
    const delayMs = Math.min(RESTART_CAP_MS, RESTART_BASE_MS * 2 ** Math.min(falls, 10));
    falls += 1;
    scheduler.after(delayMs, deps.restartHost);
  }

  return {
    open(next) {
      profile = next;
      engine.begin(next);
      // Signing in does not wait for the local database: screens show it opening.
      follow();
      return Promise.resolve();
    },
    close() {
      if (profile !== null) engine.detach();
      profile = null;
      openedActor = '';
      isAttached = false;
      return inTurn(async () => {
        if (host.isReady()) await host.request({ kind: 'closeProfile' });
      });
    },
    wipe(profileId) {
      return inTurn(async () => {
        try {
          if (host.isReady()) await host.request({ kind: 'wipe', profileId });
          else await deps.clearLocalDatabases();
        } catch (error) {
          log('the local database could not be wiped', error);
          await deps.clearLocalDatabases();
        }
      });
    },
    noteActorChanged(next) {
      if (profile !== next || toCanonicalJson(next.state().actor) === openedActor) return;
      follow();
    },
    noteHostReady() {
      host.noteReady();
      stable?.cancel();
      stable = scheduler.after(STABLE_AFTER_MS, () => {
        falls = 0;
      });
      follow();
    },
    noteHostGone(reason) {
      log(`the data host went away: ${reason}`);
      stable?.cancel();
      host.noteGone();
      engine.noteHostLost();
      restart();
    },
  };
}
