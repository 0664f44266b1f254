// What desktop and server say to each other about API keys, limits and allowed addresses.
import { Type, type Static } from 'typebox';

const Instant = Type.String({ maxLength: 32 });
const OrNull = <Schema extends ReturnType<typeof Type.String>>(schema: Schema) => Type.Union([schema, Type.Null()]);
const Short = Type.String({ maxLength: 128 });
const Permissions = Type.Array(Type.String({ maxLength: 64 }), { maxItems: 128 });

/** No key lives longer without being rotated. */
export const MOST_KEY_DAYS = 365;
export const DEFAULT_KEY_DAYS = 365;
/** How long the former secret still works after a rotation, unless somebody says otherwise. */
export const DEFAULT_OVERLAP_HOURS = 24;
export const MOST_OVERLAP_HOURS = 168;
export const MOST_KEYS_OF_A_PERSON = 20;
export const MOST_KEY_ADDRESSES = 50;

export const keyStates = ['living', 'expired', 'revoked'] as const;

export const ApiKeySchema = Type.Object({
  id: Type.String({ maxLength: 64 }),
  name: Short,
  ownerId: Type.String({ maxLength: 64 }),
  /** The beginning of the key, to recognise it by. */
  prefix: Type.String({ maxLength: 32 }),
  permissions: Permissions,
  addresses: Type.Array(Type.String({ maxLength: 64 }), { maxItems: MOST_KEY_ADDRESSES }),
  createdAt: Instant,
  expiresAt: Instant,
  state: Type.Enum([...keyStates]),
  /** Why it was revoked. */
  reason: OrNull(Short),
  lastUsedAt: OrNull(Instant),
  lastUsedFrom: OrNull(Type.String({ maxLength: 64 })),
  /** The secret before the last rotation, while it still works. */
  former: Type.Union([
    Type.Object({ prefix: Type.String({ maxLength: 32 }), endsAt: Instant, lastUsedAt: OrNull(Instant) }),
    Type.Null(),
  ]),
});
export type ApiKey = Static<typeof ApiKeySchema>;

export const ApiKeyListSchema = Type.Object({ keys: Type.Array(ApiKeySchema, { maxItems: 10_000 }) });
export type ApiKeyList = Static<typeof ApiKeyListSchema>;

const Addresses = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: MOST_KEY_ADDRESSES });

export const NewApiKeySchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    permissions: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 128 }),
    expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_KEY_DAYS })),
    /** Ranges the key is used from; none: any that the organization allows. */
    addresses: Type.Optional(Addresses),
  },
  { additionalProperties: false },
);
export type NewApiKey = Static<typeof NewApiKeySchema>;

export const RotationSchema = Type.Object(
  { overlapHours: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST_OVERLAP_HOURS })) },
  { additionalProperties: false },
);
export type Rotation = Static<typeof RotationSchema>;

/** The only time the key itself is told. */
export const GivenApiKeySchema = Type.Object({ key: ApiKeySchema, secret: Type.String({ maxLength: 256 }) });
export type GivenApiKey = Static<typeof GivenApiKeySchema>;

const Count = Type.Integer({ minimum: 1, maximum: 1_000_000 });
export const RateLimitSchema = Type.Object({ minute: Count, hour: Count, day: Count }, { additionalProperties: false });

export const MOST_ADDRESS_ENTRIES = 200;
export const AddressRulesSchema = Type.Object(
  {
    isOn: Type.Boolean(),
    entries: Type.Array(
      Type.Object(
        { range: Type.String({ minLength: 1, maxLength: 64 }), note: Type.String({ maxLength: 120 }) },
        { additionalProperties: false },
      ),
      { maxItems: MOST_ADDRESS_ENTRIES },
    ),
    devices: Type.Boolean(),
    keys: Type.Boolean(),
  },
  { additionalProperties: false },
);

/** What an organization decides about how it is reached. */
export const AccessRulesSchema = Type.Object(
  {
    addresses: AddressRulesSchema,
    /** By role: other limits than the usual ones. */
    limits: Type.Record(Type.String({ minLength: 1, maxLength: 64 }), RateLimitSchema, { maxProperties: 100 }),
    /** Who may have API keys. */
    keysFor: Type.Enum(['everyone', 'administrators']),
  },
  { additionalProperties: false },
);
export type AccessRules = Static<typeof AccessRulesSchema>;

export const noAccessRules: AccessRules = {
  addresses: { isOn: false, entries: [], devices: true, keys: true },
  limits: {},
  keysFor: 'everyone',
};

export const AccessRulesStateSchema = Type.Object({
  rules: AccessRulesSchema,
  usualLimit: RateLimitSchema,
  /** Where this request came from, as the server sees it. */
  yourAddress: Type.String({ maxLength: 64 }),
  /** Somebody said to have passed the request on, and the server was not told to believe that. */
  isBehindUnknownProxy: Type.Boolean(),
});
export type AccessRulesState = Static<typeof AccessRulesStateSchema>;

export const AccessChangeSchema = Type.Object(
  {
    rules: AccessRulesSchema,
    /** The own address may be shut out; whoever changes the rules knows. */
    isLockOutMeant: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type AccessChange = Static<typeof AccessChangeSchema>;

const WindowUse = Type.Object({ count: Type.Integer(), limit: Type.Integer(), endsAt: Instant });
export const UsageSchema = Type.Object({ minute: WindowUse, hour: WindowUse, day: WindowUse });
export type Usage = Static<typeof UsageSchema>;

/** `own`: what the person asked for; `keys`: what all API keys of the person asked for together. */
export const OwnUsageSchema = Type.Object({ own: UsageSchema, keys: UsageSchema });
export type OwnUsage = Static<typeof OwnUsageSchema>;

export const UsageOfPeopleSchema = Type.Object({
  people: Type.Array(Type.Object({ userId: Type.String({ maxLength: 64 }), own: UsageSchema, keys: UsageSchema }), {
    maxItems: 10_000,
  }),
});
export type UsageOfPeople = Static<typeof UsageOfPeopleSchema>;
