// What there is to celebrate. Every device works it out from its own records, so each milestone has an id that is the same
// everywhere and for ever: whoever tells people about it tells each of them once, however many devices there are, and again
// neither when a figure falls below a milestone and comes back.
import type { GoalView } from '#shared/analytics/goals/goal-question.ts';
import type { Day } from '#shared/kernel/calendar.ts';

export interface ReachedMilestone {
  /** The same on every device for the same goal, window and milestone. */
  readonly id: string;
  readonly goalId: string;
  readonly percent: number;
  /** The target itself. */
  readonly isAchievement: boolean;
  readonly reachedOn: Day;
}

/** Milestones of these goals that are reached, the lowest first. Of a goal the user is told no standing of, there are none. */
export function milestonesReached(goals: readonly GoalView[]): readonly ReachedMilestone[] {
  return goals.flatMap(({ id: goalId, window, figure, milestones }) =>
    figure.kind !== 'ready'
      ? []
      : milestones.flatMap(({ percent, reachedOn }) =>
          reachedOn === null
            ? []
            : [
                {
                  id: `${goalId}.${window.start}.${String(percent)}`,
                  goalId,
                  percent,
                  isAchievement: percent === 100,
                  reachedOn,
                },
              ],
        ),
  );
}
