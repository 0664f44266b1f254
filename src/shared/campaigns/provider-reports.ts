// What a provider tells of itself about mails it took over: it calls an address of this server. Everything an administrator has to
// know about that; the key calls are verified with goes in and never comes out.
import { Type, type Static } from 'typebox';

/** Providers that call back. */
export const reportingProviders = ['sendgrid', 'mailgun', 'ses'] as const;
export type ReportingProvider = (typeof reportingProviders)[number];

export const ReportingProviderSchema = Type.Enum([...reportingProviders]);

/** Why a call was refused. `confirm`: Amazon could not be told that its topic is welcome. */
export const reportTroubles = ['noKey', 'signature', 'old', 'topic', 'unreachable', 'confirm'] as const;
export type ReportTrouble = (typeof reportTroubles)[number];

const MaybeTime = Type.Union([Type.Number(), Type.Null()]);

export const ProviderReportsState = Type.Object({
  provider: ReportingProviderSchema,
  /** To be entered at the provider; null: nobody can reach this server. */
  address: Type.Union([Type.String(), Type.Null()]),
  hasKey: Type.Boolean(),
  /** Of Amazon: the topic that may call, which is no secret. */
  topic: Type.Union([Type.String(), Type.Null()]),
  calledAt: MaybeTime,
  /** Of the last call; null: it was accepted. */
  trouble: Type.Union([Type.Null(), Type.Enum([...reportTroubles])]),
  /** Reports about mails of campaigns, since it was set up. */
  taken: Type.Integer({ minimum: 0 }),
  takenAt: MaybeTime,
});
export type ProviderReportsState = Static<typeof ProviderReportsState>;
