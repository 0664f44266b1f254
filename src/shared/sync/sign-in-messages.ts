// What a computer and a server say to each other between a first proof of identity and a session, and about the factors,
// codes and passkeys of a person. A challenge is a key to go on, known to the computer that began, and opens nothing by itself.
import { Type, type Static } from 'typebox';
import { NewPasswordSchema, SessionGrantSchema } from '#shared/sync/messages.ts';

const Key = Type.String({ minLength: 1, maxLength: 512 });
const Code = Type.String({ minLength: 1, maxLength: 64 });
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Instant = Type.String({ maxLength: 40 });

/** What is still owed, in this order. `keepCodes`: recovery codes are shown, this once, and have to be put away. */
export const signInNeeds = ['secondFactor', 'setUpFactor', 'keepCodes', 'newPassword'] as const;
export type SignInNeed = (typeof signInNeeds)[number];

/** With what somebody may answer a challenge, or set up. */
export const factorWays = ['totp', 'passkey', 'recoveryCode'] as const;
export type FactorWay = (typeof factorWays)[number];

export const SignInChallengeSchema = Type.Object({
  challenge: Key,
  need: Type.Enum(signInNeeds),
  ways: Type.Array(Type.Enum(factorWays)),
  expiresAt: Instant,
  /** Of `newPassword`: as long it has to be, in characters. */
  leastLength: Type.Integer(),
  /** Of `keepCodes`: shown once, kept nowhere but with the person. */
  recoveryCodes: Type.Optional(Type.Array(Type.String({ maxLength: 64 }))),
});
export type SignInChallenge = Static<typeof SignInChallengeSchema>;

/** Answer to a first proof, and to each further one. */
export const AdmissionSchema = Type.Union([SessionGrantSchema, SignInChallengeSchema]);
export type Admission = Static<typeof AdmissionSchema>;

export function isChallenge(admission: Admission): admission is SignInChallenge {
  return 'challenge' in admission;
}

export const ProofSchema = Type.Union([
  Type.Object({ kind: Type.Literal('totp'), code: Code }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('recoveryCode'), code: Code }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('codesKept') }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('newPassword'), newPassword: NewPasswordSchema }, { additionalProperties: false }),
]);
export type Proof = Static<typeof ProofSchema>;

export const ChallengeAnswerSchema = Type.Object(
  { challenge: Key, deviceId: Id, proof: ProofSchema },
  { additionalProperties: false },
);
export type ChallengeAnswer = Static<typeof ChallengeAnswerSchema>;

export const ChallengePlaceSchema = Type.Object({ challenge: Key, deviceId: Id }, { additionalProperties: false });

/** What an authenticator app needs; `uri` as a picture, `secret` to be typed. */
export const TotpSetupSchema = Type.Object({ secret: Type.String(), uri: Type.String() });
export type TotpSetup = Static<typeof TotpSetupSchema>;

/** What happened at the door of one account, newest first. */
export const SignInHistorySchema = Type.Object({
  events: Type.Array(
    Type.Object({
      id: Type.String(),
      at: Instant,
      outcome: Type.String(),
      provedBy: Type.String(),
      deviceName: Type.String(),
      address: Type.String(),
    }),
  ),
});
export type SignInHistory = Static<typeof SignInHistorySchema>;
