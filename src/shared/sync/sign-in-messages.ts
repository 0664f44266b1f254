// What a computer and a server say to each other between a first proof of identity and a session, and about the factors,
// codes and passkeys of a person. A challenge is a key to go on, known to the computer that began, and opens nothing by itself.
import { Type, type Static } from 'typebox';
import { NewPasswordSchema, SessionGrantSchema } from '#shared/sync/messages.ts';

const Key = Type.String({ minLength: 1, maxLength: 512 });
const Code = Type.String({ minLength: 1, maxLength: 64 });
/** What comes back from a page in a browser. With a passkey that was made there it holds the passkey, sealed by the server. */
const PageCode = Type.String({ minLength: 1, maxLength: 6144 });
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
  /** A page in a browser took a passkey, or made one; this shows that it was done for whoever began. */
  Type.Object({ kind: Type.Literal('page'), code: PageCode }, { additionalProperties: false }),
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

/** How the caller signs in, and what the own role asks for. */
export const OwnFactorsSchema = Type.Object({
  factors: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.Enum(['totp', 'passkey']),
      name: Type.String(),
      createdAt: Instant,
      lastUsedAt: Type.Union([Instant, Type.Null()]),
    }),
  ),
  recoveryCodesLeft: Type.Integer(),
  /** The role does not go without one. */
  isRequired: Type.Boolean(),
  hasPassword: Type.Boolean(),
  /** Characters a new password needs. */
  leastLength: Type.Integer(),
  /** Until when factors can be changed without showing again who one is; null: it is over. */
  provedUntil: Type.Union([Instant, Type.Null()]),
});
export type OwnFactors = Static<typeof OwnFactorsSchema>;

/**
 * Who one is, once more, before factors change: the password, and a code where there is an authenticator app; or `pageCode`, which
 * came back from the page where a passkey was shown.
 */
export const ProveAgainSchema = Type.Object(
  {
    password: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
    code: Type.Optional(Code),
    pageCode: Type.Optional(PageCode),
  },
  { additionalProperties: false },
);
export type ProveAgain = Static<typeof ProveAgainSchema>;

/** A passkey that was made on the page. It counts for nothing before the application brings this. */
export const MadePasskeySchema = Type.Object({ pageCode: PageCode }, { additionalProperties: false });

export const FactorCodeSchema = Type.Object({ code: Code }, { additionalProperties: false });

/** Shown once, kept nowhere but with the person. Empty when the codes before stay what they are. */
export const RecoveryCodesSchema = Type.Object({ recoveryCodes: Type.Array(Type.String({ maxLength: 64 })) });
export type RecoveryCodes = Static<typeof RecoveryCodesSchema>;

export const ResetWishSchema = Type.Object(
  { email: Type.String({ minLength: 1, maxLength: 254 }) },
  { additionalProperties: false },
);

export const ResetSchema = Type.Object({ code: Key, newPassword: NewPasswordSchema }, { additionalProperties: false });
export type Reset = Static<typeof ResetSchema>;

export const ResetLinkSchema = Type.Object({ code: Key }, { additionalProperties: false });

/** Page of the server where a forgotten password is replaced. */
export const RESET_PATH = '/reset';

/** Page of the server where a browser makes or uses a passkey; its ticket stands behind the `#`. */
export const PASSKEY_PATH = '/passkey';

/** Where the application waits on its own computer for the browser to come back. */
export const BrowserBackSchema = Type.Object(
  { port: Type.Integer({ minimum: 1024, maximum: 65_535 }), secret: Type.String({ minLength: 16, maxLength: 64 }) },
  { additionalProperties: false },
);
export type BrowserBack = Static<typeof BrowserBackSchema>;

export const PasskeyForChallengeSchema = Type.Object(
  { challenge: Key, deviceId: Id, back: BrowserBackSchema },
  { additionalProperties: false },
);
export type PasskeyForChallenge = Static<typeof PasskeyForChallengeSchema>;

/** Signing in with a passkey alone. `verifierHash`: of a secret that whoever began shows when the browser is back. */
export const PasskeySignInSchema = Type.Object(
  { deviceId: Id, deviceName: Type.String({ maxLength: 120 }), verifierHash: Key, back: BrowserBackSchema },
  { additionalProperties: false },
);
export type PasskeySignIn = Static<typeof PasskeySignInSchema>;

export const PageAddressSchema = Type.Object({ url: Type.String({ maxLength: 4096 }) });
export type PageAddress = Static<typeof PageAddressSchema>;
