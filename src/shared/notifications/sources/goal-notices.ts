// Milestones of goals and goals that are achieved (TSK-10): for whoever they are of, for the team of a team's goal, and for
// the people above. What there is to celebrate is worked out with the goals themselves, and never of a standing the reader
// is not told.
import type { GoalView } from '#shared/analytics/goals/goal-question.ts';
import { milestonesReached } from '#shared/analytics/goals/milestones-reached.ts';
import { leads, type Notification, type NotificationWorld } from '#shared/notifications/notification.ts';

function concerns(world: NotificationWorld, { subject }: GoalView): boolean {
  const { actor } = world;
  if (subject.kind === 'team') return actor.teamIds.includes(subject.id);
  return subject.id === actor.userId || leads(world, subject.id);
}

export function goalNotices(world: NotificationWorld, goals: readonly GoalView[]): readonly Notification[] {
  const known = new Map(goals.filter((goal) => concerns(world, goal)).map((goal) => [goal.id, goal]));
  return milestonesReached([...known.values()]).flatMap(({ id, goalId, percent, isAchievement, reachedOn }) => {
    const goal = known.get(goalId);
    if (goal === undefined) return [];
    const { subject } = goal;
    const type = isAchievement ? 'goal.achieved' : 'goal.milestone';
    return [
      {
        key: `${type} ${id}`,
        type,
        at: `${reachedOn}T00:00:00.000Z`,
        subject: { entity: 'goal', id: goalId },
        title: goal.name,
        actorId: subject.kind === 'user' && subject.id !== world.actor.userId ? subject.id : null,
        facts: { percent, reachedOn },
      } as const,
    ];
  });
}
