// How many hours of a week somebody works: what the workload is measured against.
import { textOf } from '#shared/kernel/text-of.ts';

/** Where nobody said otherwise. */
export const USUAL_WEEKLY_HOURS = 40;
export const MOST_WEEKLY_HOURS = 80;

export function weeklyHoursOf(person: Readonly<Record<string, unknown>>): number {
  const { weeklyHours } = person;
  return typeof weeklyHours === 'number' ? weeklyHours : USUAL_WEEKLY_HOURS;
}

/** Whether a change is of nothing but the hours of somebody in a team the actor manages. */
export function setsHoursOfTeam(
  actor: { readonly permissions: readonly string[]; readonly teamIds: readonly string[] },
  person: { readonly teamId: string | null },
  touched: readonly string[],
): boolean {
  const leads = actor.permissions.includes('tasks.view_team_tasks') && actor.teamIds.includes(textOf(person.teamId));
  return leads && touched.length > 0 && touched.every((field) => field === 'weeklyHours');
}
