// What the server says about mail and runs of reports, beside the records of them.
import { Type, type Static } from 'typebox';

export const MailStateSchema = Type.Object({
  isSetUp: Type.Boolean(),
  /** Who mail comes from. */
  from: Type.Union([Type.String(), Type.Null()]),
});
export type MailState = Static<typeof MailStateSchema>;

export const RunReportAnswerSchema = Type.Object({ runId: Type.String() });
export type RunReportAnswer = Static<typeof RunReportAnswerSchema>;

/** About one mail of which nobody knows whether it arrived. Not arrived: it is sent again. */
export const UnconfirmedDecisionSchema = Type.Object(
  { userId: Type.String({ minLength: 1, maxLength: 64 }), isArrived: Type.Boolean() },
  { additionalProperties: false },
);
export type UnconfirmedDecision = Static<typeof UnconfirmedDecisionSchema>;
