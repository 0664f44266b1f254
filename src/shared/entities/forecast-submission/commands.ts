// Stands for a forecast: the numbers and deals as they are on this computer now, frozen.
import { Type } from 'typebox';
import { defineCommand, definitionOf, outcome } from '#shared/entities/define-command.ts';
import { draftCreate } from '#shared/entities/draft-record.ts';
import { authorValues, ForecastPlace, placeValues } from '#shared/entities/forecast-adjustment/commands.ts';

export const submitForecast = defineCommand(
  Type.Object({
    place: ForecastPlace,
    commit: Type.Number(),
    currency: Type.String({ maxLength: 3 }),
    numbers: Type.Unknown(),
    deals: Type.Array(Type.String({ maxLength: 100 })),
    dealCount: Type.Integer(),
    note: Type.Optional(Type.Union([Type.String({ maxLength: 500 }), Type.Null()])),
  }),
  async (context, { place, note, ...frozen }) => {
    const values = { ...placeValues(place), ...frozen, note: note ?? null, ...(await authorValues(context)) };
    const drafted = await draftCreate(context, definitionOf('forecastSubmission'), values, {
      command: 'submitForecast',
      system: { submittedAt: context.now },
    });
    return drafted.ok ? outcome(drafted.value.operations, drafted.value.record.id) : drafted;
  },
);
