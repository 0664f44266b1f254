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
