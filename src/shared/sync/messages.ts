// The wire: what a device and the server say to each other. State-based: a page carries whole projections of records
// as this user may see them, never deltas, so that applying anything twice changes nothing.
import { Type, type Static } from 'typebox';
import { FILE_QUOTA_GB, FILE_SIZE_MB } from '#shared/files/file-limits.ts';
import { IDLE_LOCK_MINUTES } from '#shared/sync/idle-lock.ts';
import { LEASE_DAYS } from '#shared/sync/lease.ts';
import { fieldModes } from '#shared/access/field-policy.ts';
import { recordScopes } from '#shared/access/role-shape.ts';
import { OperationSchema, PUSH_BATCH_SIZE } from '#shared/sync/operation.ts';

export const PushRequestSchema = Type.Object(
  {
    protocol: Type.Integer(),
    epoch: Type.Integer({ minimum: 0 }),
    ops: Type.Array(OperationSchema, { maxItems: PUSH_BATCH_SIZE }),
  },
  { additionalProperties: false },
);
export type PushRequest = Static<typeof PushRequestSchema>;

// What a device takes from a server. Bounds are far above what this server sends, and low enough that nothing a hostile
// one sends can take the place of something else here or fill the computer.
const Id = Type.String({ pattern: '^(?!.*[.]{2})[0-9A-Za-z][0-9A-Za-z._-]{0,63}$' });
const IdOrNull = Type.Union([Id, Type.Null()]);
const CollectionName = Type.String({ maxLength: 32 });
const Instant = Type.String({ maxLength: 40 });
const Name = Type.String({ maxLength: 1024 });
const Message = Type.String({ maxLength: 4096 });
const Epoch = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Largest sealed place: a device sends it back. */
const Token = Type.String({ maxLength: 4096 });

/**
 * A record as this user may see it: envelope fields and visible fields in one flat object. Kinds and fields of a newer
 * server pass; names that stand for something else in the local database do not.
 */
export const ProjectionSchema = Type.Unsafe<Record<string, unknown>>(
  Type.Object(
    {
      id: Id,
      kind: Type.String({ maxLength: 32 }),
      rev: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
      createdAt: Instant,
      updatedAt: Instant,
      createdBy: Type.Optional(IdOrNull),
      updatedBy: Type.Optional(IdOrNull),
      ownerId: Type.Optional(IdOrNull),
      teamId: Type.Optional(IdOrNull),
    },
    {
      propertyNames: { pattern: '^(?!(?:pending|schema|projection)$)[a-z][A-Za-z0-9]{0,63}$' },
      maxProperties: 500,
    },
  ),
);

const verdictBase = { opId: Id, opNo: Type.Integer() };
const CurrentRecord = Type.Union([ProjectionSchema, Type.Null()]);

/** `reason` is a name of `refusalReasons`; a newer server may know others. */
const WhySchema = Type.Object({
  reason: Type.String({ maxLength: 64 }),
  entity: Type.Optional(Type.String({ maxLength: 64 })),
  field: Type.Optional(Type.String({ maxLength: 64 })),
  action: Type.Optional(Type.String({ maxLength: 64 })),
  role: Type.Optional(Type.String({ maxLength: 64 })),
  roleName: Type.Optional(Name),
  /** What the record was called, of one that is gone and was in sight. */
  title: Type.Optional(Name),
  who: Type.Optional(Type.String({ maxLength: 64 })),
  /** Of a plan: how many there may be. */
  limit: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type Why = Static<typeof WhySchema>;

/** Codes a verdict may carry; every one is also in the error catalogue. */
export const rejectionCodes = [
  'not_visible',
  'field_forbidden',
  'action_forbidden',
  'invalid',
  'deleted',
  'duplicate',
  'conflict_manual',
  'too_old_schema',
  'op_reuse',
  'limit',
] as const;
export type RejectionCode = (typeof rejectionCodes)[number];

export const VerdictSchema = Type.Union([
  Type.Object({
    ...verdictBase,
    status: Type.Union([Type.Literal('applied'), Type.Literal('merged'), Type.Literal('noop')]),
    seq: Count,
    /** The record as it stands now for this user, null when it is gone or out of sight. */
    record: CurrentRecord,
    /** Ids of conflict records that keep a losing value. */
    conflicts: Type.Array(Id),
  }),
  Type.Object({
    ...verdictBase,
    status: Type.Literal('rejected'),
    code: Type.Enum(rejectionCodes),
    message: Message,
    /** Groups that caused it; empty when the whole operation was refused. */
    groups: Type.Array(Name),
    problems: Type.Array(Type.Object({ field: Name, code: Name, message: Message })),
    /** The reason with its facts, from which a screen says it in the user's language: those of `can()`, for one. */
    why: Type.Optional(WhySchema),
    record: CurrentRecord,
  }),
  Type.Object({
    ...verdictBase,
    status: Type.Literal('blocked'),
    by: Type.String({ maxLength: 64 }),
    record: CurrentRecord,
  }),
]);
export type Verdict = Static<typeof VerdictSchema>;

export const PushResponseSchema = Type.Object({
  verdicts: Type.Array(VerdictSchema, { maxItems: PUSH_BATCH_SIZE }),
  serverTime: Instant,
});
export type PushResponse = Static<typeof PushResponseSchema>;

export const PullRequestSchema = Type.Object(
  {
    protocol: Type.Integer(),
    /** Sealed position from the page before; null on a device that has nothing. */
    token: Type.Union([Type.String({ maxLength: 4096 }), Type.Null()]),
    /** Wish for the size of a page in items; the server clamps it to 1–5,000. */
    wantItems: Type.Optional(Type.Integer()),
  },
  { additionalProperties: false },
);
export type PullRequest = Static<typeof PullRequestSchema>;

/** `put`: whole projection. `remove`: left your view. `del`: deleted. The last two carry nothing but the place. */
export const PullItemSchema = Type.Union([
  Type.Object({ t: Type.Literal('put'), coll: CollectionName, record: ProjectionSchema }),
  Type.Object({ t: Type.Literal('remove'), coll: CollectionName, id: Id }),
  Type.Object({ t: Type.Literal('del'), coll: CollectionName, id: Id }),
]);
export type PullItem = Static<typeof PullItemSchema>;

export const PullResponseSchema = Type.Object({
  items: Type.Array(PullItemSchema),
  token: Token,
  /** Epoch of the rights the page was made with. A device pushes with the epoch of what it holds. */
  epoch: Type.Optional(Epoch),
  /** True only when no visible change up to the head is undelivered; never inferred from the length of a page. */
  caughtUp: Type.Boolean(),
  /** During a first sync: records in all and still to come, for an honest progress bar. */
  progress: Type.Optional(Type.Object({ done: Count, total: Count })),
  /** Begin of a full snapshot: the device forgets what it holds and is not named again until caughtUp. */
  snapshotStart: Type.Optional(Type.Boolean()),
  /** At that begin: the last number the server knows of the device. What was answered after it is lost and sent again. */
  lastOpNo: Type.Optional(Count),
  serverTime: Instant,
});
export type PullResponse = Static<typeof PullResponseSchema>;

/**
 * Details of `scope_changed`: what the device held and its user may not see any more. `scopes`: kinds of records that
 * lost something, with the own keys that remain (none: the whole kind is lost). `fields`: fields lost, by kind.
 */
export const ScopeDropSchema = Type.Object({
  scopes: Type.Record(Type.String(), Type.Array(Type.String())),
  fields: Type.Record(Type.String(), Type.Array(Type.String())),
});
export type ScopeDrop = Static<typeof ScopeDropSchema>;

export const ManifestRequestSchema = Type.Object(
  {
    protocol: Type.Integer(),
    /** Sealed place from the page before; null begins. */
    cursor: Type.Union([Type.String({ maxLength: 4096 }), Type.Null()]),
    /** Wish for the number of records in a page; the server clamps it to 1–10,000. */
    wantItems: Type.Optional(Type.Integer()),
  },
  { additionalProperties: false },
);
export type ManifestRequest = Static<typeof ManifestRequestSchema>;

/** Far more than the server puts into a page. */
const MOST_IN_A_RANGE = 20_000;

/** Everything visible in one collection after one id and up to another (null: to the end), in key order. */
export const ManifestRangeSchema = Type.Object({
  coll: CollectionName,
  after: Type.String({ maxLength: 64 }),
  upTo: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  ids: Type.Array(Id, { maxItems: MOST_IN_A_RANGE }),
  /** Fingerprints of fixed length, one after another. */
  prints: Type.String(),
});
export type ManifestRange = Static<typeof ManifestRangeSchema>;

export const ManifestResponseSchema = Type.Object({
  ranges: Type.Array(ManifestRangeSchema, { maxItems: 64 }),
  /** Place of the next page; null: this was the last. */
  cursor: Type.Union([Token, Type.Null()]),
  /** With the last page: where the log goes on for somebody who holds what the manifest names. */
  token: Type.Union([Token, Type.Null()]),
  /** Key of the fingerprints, 256 bits as base64: of this user at this epoch. */
  key: Type.String({ pattern: '^[0-9A-Za-z+/_-]{43}=?$' }),
  epoch: Epoch,
  /** Number of the last operation this server knows of the device: less than what it answered when it was restored. */
  lastOpNo: Type.Integer(),
  progress: Type.Object({ done: Count, total: Count }),
  serverTime: Instant,
});
export type ManifestResponse = Static<typeof ManifestResponseSchema>;

/** Most bodies in one request. */
export const MOST_BODIES = 1000;

export const BodiesRequestSchema = Type.Object(
  {
    protocol: Type.Integer(),
    epoch: Type.Integer({ minimum: 0 }),
    places: Type.Array(
      Type.Object({ coll: Type.String({ maxLength: 32 }), ids: Type.Array(Type.String({ maxLength: 64 })) }),
      { maxItems: 64 },
    ),
  },
  { additionalProperties: false },
);
export type BodiesRequest = Static<typeof BodiesRequestSchema>;

/** `put` for what is visible now, `remove` for everything else: hidden, deleted and never there are the same. */
export const BodiesResponseSchema = Type.Object({ items: Type.Array(PullItemSchema), serverTime: Instant });
export type BodiesResponse = Static<typeof BodiesResponseSchema>;

/** Answer of `GET /sync/v1/where`: which life of the organization's order this is, and the epoch of the caller's rights. */
export const WhereSchema = Type.Object({
  incarnation: Name,
  epoch: Epoch,
  serverTime: Instant,
});
export type Where = Static<typeof WhereSchema>;

/** All a live socket says of data: something you can see may have changed. No data, no names. */
export const PokeSchema = Type.Object({ t: Type.Union([Type.Literal('poke'), Type.Literal('bye')]) });
export type Poke = Static<typeof PokeSchema>;

/**
 * Who is connected, for sockets that asked for it: ids of colleagues the user may see in the directory, and nothing else.
 * `all`: whatever was said before does not count any more.
 */
export const PresenceMessageSchema = Type.Object({
  t: Type.Literal('presence'),
  all: Type.Optional(Type.Literal(true)),
  on: Type.Array(Type.String({ maxLength: 64 })),
  off: Type.Array(Type.String({ maxLength: 64 })),
});
export type PresenceMessage = Static<typeof PresenceMessageSchema>;

/** Body and answer of `/api/v1/presence`: the own choice, the same for all devices. */
export const PresenceChoiceSchema = Type.Object({ appearsOffline: Type.Boolean() }, { additionalProperties: false });
export type PresenceChoice = Static<typeof PresenceChoiceSchema>;

/** Answer of `GET /api/health`, and how a desktop learns that an address is an Outpost server it can talk to. */
export const HealthSchema = Type.Object({
  status: Type.Literal('ok'),
  service: Name,
  product: Type.Literal('outpost'),
  version: Name,
  protocol: Type.Integer(),
  minProtocol: Type.Integer(),
  timestamp: Type.String(),
  demo: Type.Boolean(),
});
export type Health = Static<typeof HealthSchema>;

/** Length is what makes a password hard to guess; rules about characters only make it hard to remember. */
/** What makes one good enough is judged by the server (password-policy.ts). */
export const NewPasswordSchema = Type.String({ minLength: 1, maxLength: 1024 });

export const SignInRequestSchema = Type.Object(
  {
    email: Type.String({ minLength: 1, maxLength: 254 }),
    password: Type.String({ minLength: 1, maxLength: 1024 }),
    /** Needed with a one-time password, which opens nothing but the choice of an own one. */
    newPassword: Type.Optional(NewPasswordSchema),
    deviceId: Type.String({ minLength: 1, maxLength: 64 }),
    deviceName: Type.String({ maxLength: 120 }),
  },
  { additionalProperties: false },
);

export const ActorSchema = Type.Object({
  tenantId: Type.String({ minLength: 1, maxLength: 64 }),
  tenantName: Name,
  userId: Type.String({ minLength: 1, maxLength: 64 }),
  name: Name,
  email: Type.String({ maxLength: 254 }),
  role: Type.String({ maxLength: 64 }),
  roleName: Type.Optional(Name),
  scopes: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.Enum(recordScopes)))),
  /** Modes of visible fields in entities that a rule restricts; what is not named there is not visible. */
  fields: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.Enum(fieldModes)))),
  teamIds: Type.Array(Type.String()),
  grants: Type.Optional(Type.Object({ read: Type.Array(Type.String()), update: Type.Array(Type.String()) })),
  permissions: Type.Array(Type.String()),
  epoch: Epoch,
});

/** Answer of sign-in and refresh. The refresh token is used once; using an old one again ends the whole session. */
export const SessionGrantSchema = Type.Object({
  accessToken: Type.String({ maxLength: 8192 }),
  accessExpiresInSeconds: Count,
  /** As long as a refresh takes it back. */
  refreshToken: Type.String({ maxLength: 512 }),
  sessionId: Type.String({ maxLength: 64 }),
  actor: ActorSchema,
  /** How long this computer may be used without the server. A server that does not say leaves it as it was. */
  offlineLeaseDays: Type.Optional(Type.Integer()),
  /** Largest file the organization takes. */
  fileSizeMb: Type.Optional(Count),
  /** After so many minutes without a key or a click the computer locks; 0 never. */
  idleLockMinutes: Type.Optional(Count),
  /** Which features the organization has, by rules; one of a newer server may not be known here. */
  features: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown())),
  serverTime: Type.Optional(Instant),
});
export type SessionGrant = Static<typeof SessionGrantSchema>;

export const OrganizationSettingsSchema = Type.Object(
  {
    offlineLeaseDays: Type.Integer({ minimum: LEASE_DAYS.least, maximum: LEASE_DAYS.most }),
    /** Largest file; absent in a change: as it is. */
    fileSizeMb: Type.Optional(Type.Integer({ minimum: FILE_SIZE_MB.least, maximum: FILE_SIZE_MB.most })),
    /** All files together. */
    fileQuotaGb: Type.Optional(Type.Integer({ minimum: FILE_QUOTA_GB.least, maximum: FILE_QUOTA_GB.most })),
    /** Roles that sign in with a second factor; whoever has none sets one up at the next sign-in. */
    secondFactorRoles: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 200 })),
    /** After so many minutes without a key or a click a computer locks; 0 never. */
    idleLockMinutes: Type.Optional(Type.Integer({ minimum: IDLE_LOCK_MINUTES.least, maximum: IDLE_LOCK_MINUTES.most })),
  },
  { additionalProperties: false },
);
export type OrganizationSettings = Static<typeof OrganizationSettingsSchema>;

export const RefreshRequestSchema = Type.Object(
  {
    refreshToken: Type.String({ minLength: 1, maxLength: 512 }),
    deviceId: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
);

export const SessionListSchema = Type.Object({
  sessions: Type.Array(
    Type.Object({
      id: Type.String(),
      deviceId: Type.String(),
      deviceName: Type.String(),
      createdAt: Type.String(),
      lastSeenAt: Type.String(),
      address: Type.String(),
      current: Type.Boolean(),
    }),
  ),
});
export type SessionList = Static<typeof SessionListSchema>;

/** How people sign in whose password the caller may replace. `none`: they cannot sign in yet; `expired`: no longer. */
export const SignInWaysSchema = Type.Object({
  users: Type.Array(
    Type.Object({
      userId: Type.String(),
      state: Type.Union([Type.Literal('none'), Type.Literal('oneTime'), Type.Literal('expired'), Type.Literal('own')]),
      /** Instant at which a one-time password ends; null for the other states. */
      validUntil: Type.Union([Type.String(), Type.Null()]),
      /** Since when an invitation waits; absent or null when none does. */
      invitedAt: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      /** Where its link was mailed to; null: it was passed on by hand. */
      mailedTo: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  ),
});
export type SignInWays = Static<typeof SignInWaysSchema>;

/** A new way in for somebody else: shown once, kept nowhere. */
export const OneTimePasswordSchema = Type.Object({
  email: Type.String(),
  password: Type.String(),
  validUntil: Type.String(),
});
export type OneTimePassword = Static<typeof OneTimePasswordSchema>;

/** Answer of `POST /api/v1/demo`: the demo company and one user per built-in role; passwords are shown once. */
export const DemoGrantSchema = Type.Object({
  company: Type.String(),
  users: Type.Array(
    Type.Object({ name: Type.String(), email: Type.String(), role: Type.String(), password: Type.String() }),
  ),
});
export type DemoGrant = Static<typeof DemoGrantSchema>;

/** Body of `POST /api/v1/fields/reveal`: which masked value is wanted. */
export const RevealRequestSchema = Type.Object(
  {
    entity: Type.String({ minLength: 1, maxLength: 32 }),
    id: Type.String({ minLength: 1, maxLength: 64 }),
    field: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
);
export type RevealRequest = Static<typeof RevealRequestSchema>;
export const RevealAnswerSchema = Type.Object({ value: Type.Unknown() });

/** Answer of `GET /api/v1/fields/audit`, newest first. `groups` of a revealed value holds its field. */
export const MaskingAuditSchema = Type.Object({
  entries: Type.Array(
    Type.Object({
      at: Type.String(),
      actor: Type.Union([Type.String(), Type.Null()]),
      command: Type.String(),
      entity: Type.String(),
      id: Type.String(),
      groups: Type.Array(Type.String()),
      outcome: Type.String(),
    }),
  ),
});
export type MaskingAudit = Static<typeof MaskingAuditSchema>;

export const ErrorResponseSchema = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: Type.Record(Type.String(), Type.Unknown()),
    correlationId: Type.String(),
  }),
});
