// A time in which the server will not answer, announced before: by an administrator for the own organization, by the operator of
// the server for all. The announcement stops nobody: who knows of it is not surprised, and works on. An operator may say that the
// server closes for that time (`src/shared/platform/organization-state.ts`).
import { Type, type Static } from 'typebox';
import { isInstant, toEpochMs } from '#shared/kernel/calendar.ts';

export const MOST_MAINTENANCE_TEXT = 200;

export const MaintenanceSchema = Type.Object(
  {
    from: Type.String({ maxLength: 40 }),
    until: Type.String({ maxLength: 40 }),
    /** What people are told beside the time; may be empty. */
    text: Type.String({ maxLength: MOST_MAINTENANCE_TEXT }),
    /** Nobody of the organization is answered meanwhile. Decided by the operator of the server alone. */
    closes: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type Maintenance = Static<typeof MaintenanceSchema>;

/** Body and answer of `/api/v1/organization/maintenance`; null: nothing is planned. */
export const MaintenancePlanSchema = Type.Object(
  { planned: Type.Union([MaintenanceSchema, Type.Null()]) },
  { additionalProperties: false },
);
export type MaintenancePlan = Static<typeof MaintenancePlanSchema>;

/** The same over a live socket: when it opens, and when it changes. */
export const MaintenanceMessageSchema = Type.Object({
  t: Type.Literal('maintenance'),
  planned: Type.Union([MaintenanceSchema, Type.Null()]),
});
export type MaintenanceMessage = Static<typeof MaintenanceMessageSchema>;

/** Why nobody can be told this; null when it can. */
export function findMaintenanceProblem({ from, until }: Maintenance, nowMs: number): string | null {
  if (!isInstant(from)) return 'from:dateTime';
  if (!isInstant(until)) return 'until:dateTime';
  if (toEpochMs(until) <= toEpochMs(from)) return 'until:range';
  return toEpochMs(until) <= nowMs ? 'until:past' : null;
}

/** What is still to come, or under way. */
export function stillPlanned(planned: Maintenance | null, nowMs: number): Maintenance | null {
  return planned !== null && isInstant(planned.until) && toEpochMs(planned.until) > nowMs ? planned : null;
}
