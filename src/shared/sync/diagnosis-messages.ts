// What a look at the whole server found: part by part, whether it does its work, and a code that says what to do next in the
// reader's words (`operations.diagnosis.<part>.<code>`). Facts are numbers and names of this program.
import { Type, type Static } from 'typebox';

export const diagnosedParts = [
  'database',
  'requests',
  'limits',
  'signIn',
  'rights',
  'jobs',
  'mail',
  'webhooks',
  'backup',
  'errorTracker',
  'tracing',
  'processor',
  'memory',
  'disk',
  'audit',
  'alerts',
] as const;
export type DiagnosedPart = (typeof diagnosedParts)[number];

const CheckSchema = Type.Object({
  part: Type.Enum(diagnosedParts),
  /** `off`: not set up, which may be right. */
  status: Type.Enum(['ok', 'warning', 'failed', 'off']),
  code: Type.String(),
  facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
});
export type DiagnosisCheck = Static<typeof CheckSchema>;

export const DiagnosisSchema = Type.Object({
  at: Type.String(),
  version: Type.String(),
  serviceName: Type.String(),
  engine: Type.String(),
  /** Seconds. */
  uptime: Type.Number(),
  isOperator: Type.Boolean(),
  checks: Type.Array(CheckSchema),
});
export type Diagnosis = Static<typeof DiagnosisSchema>;
