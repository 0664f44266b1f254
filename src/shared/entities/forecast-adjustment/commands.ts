// Puts a number in place of a forecast, with what stood there. Deals stay as they are.
import { Type, type Static } from 'typebox';
import type { CommandContext } from '#shared/entities/command.ts';
import { defineCommand, definitionOf, IdInput, outcome } from '#shared/entities/define-command.ts';
import { draftCreate } from '#shared/entities/draft-record.ts';

/** Hierarchy, period and the person, team or territory a forecast is of. */
export const ForecastPlace = Type.Object({
  hierarchy: Type.Enum(['managers', 'territories']),
  periodStart: Type.String({ maxLength: 10 }),
  periodEnd: Type.String({ maxLength: 10 }),
  of: Type.Object({ entity: Type.Enum(['user', 'team', 'territory']), id: IdInput }),
});

const nodeFields = { user: 'userId', team: 'forTeamId', territory: 'territoryId' } as const;

/** Values of a record at that place. */
export function placeValues(place: Static<typeof ForecastPlace>): Readonly<Record<string, unknown>> {
  const { hierarchy, periodStart, periodEnd, of } = place;
  return { hierarchy, periodStart, periodEnd, [nodeFields[of.entity]]: of.id };
}

/** Whoever writes an entry owns it; it goes to the own team, not to one that is merely led. */
export async function authorValues(context: CommandContext): Promise<Readonly<Record<string, unknown>>> {
  const { userId } = context.actor;
  return { ownerId: userId, teamId: (await context.read('user', userId))?.teamId ?? null };
}

export const adjustForecast = defineCommand(
  Type.Object({
    id: Type.Optional(IdInput),
    place: ForecastPlace,
    columnMode: Type.Enum(['single', 'cumulative']),
    category: Type.String({ maxLength: 32 }),
    value: Type.Number(),
    baseValue: Type.Number(),
    currency: Type.String({ maxLength: 3 }),
    note: Type.Optional(Type.Union([Type.String({ maxLength: 500 }), Type.Null()])),
  }),
  async (context, { id, place, note, ...numbers }) => {
    const values = { ...placeValues(place), ...numbers, note: note ?? null, ...(await authorValues(context)) };
    const drafted = await draftCreate(context, definitionOf('forecastAdjustment'), values, {
      command: 'adjustForecast',
      ...(id === undefined ? {} : { id }),
    });
    return drafted.ok ? outcome(drafted.value.operations, drafted.value.record.id) : drafted;
  },
);
