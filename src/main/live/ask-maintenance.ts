// What is announced is told over the live socket. A computer whose network lets none through asks, now and then, after an
// exchange that had to be made without one.
import type { Clock } from '#shared/kernel/ports.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import type { Maintenance, MaintenancePlan } from '#shared/sync/maintenance.ts';

/** Without a socket for this long, and then as often: nobody plans a maintenance for the next minute. */
const ASKED_EVERY_MS = 60_000;

interface MaintenanceQuestionsDeps {
  readonly clock: Clock;
  /** A live socket is open. */
  readonly isToldLive: () => boolean;
  /** Null when nobody is signed in. */
  readonly ask: () => Promise<MaintenancePlan | null>;
  readonly onAnswer: (planned: Maintenance | null) => void;
  readonly log: (message: string, error: unknown) => void;
}

/** Answers what is to be called with every status of the engine. */
export function createMaintenanceQuestions(deps: MaintenanceQuestionsDeps): (status: SyncStatus) => void {
  let exchangedAt: string | null = null;
  let untoldSinceMs: number | null = null;

  return ({ phase, upToDateAt }) => {
    if (phase !== 'idle' || upToDateAt === exchangedAt) return;
    exchangedAt = upToDateAt;
    if (deps.isToldLive()) {
      untoldSinceMs = null;
      return;
    }
    const nowMs = deps.clock.now();
    untoldSinceMs ??= nowMs;
    if (nowMs - untoldSinceMs < ASKED_EVERY_MS) return;
    untoldSinceMs = nowMs;
    deps.ask().then(
      (plan) => {
        // The socket opened meanwhile tells it better.
        if (plan !== null && !deps.isToldLive()) deps.onAnswer(plan.planned);
      },
      (error: unknown) => deps.log('planned maintenance could not be asked for', error),
    );
  };
}
