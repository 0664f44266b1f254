// The audit at the hands of an administrator: who did what and when, and whether it is still what was written.
import { Type, type Static, type TSchema } from 'typebox';

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

/** A head of the audit that was kept elsewhere: a later verification proves that nothing up to it was changed. */
export const AuditAnchorSchema = Type.Object(
  { no: Type.Integer({ minimum: 0 }), hash: Type.String({ maxLength: 64 }) },
  { additionalProperties: false },
);
export type AuditAnchor = Static<typeof AuditAnchorSchema>;

/** An anchor as people write it down. */
export function formatAnchor({ no, hash }: AuditAnchor): string {
  return `${String(no)}:${hash}`;
}

/** Null: this is none. */
export function parseAnchor(text: string): AuditAnchor | null {
  const [, no, hash] = /^(\d{1,15}):([\w-]{43})$/.exec(text.trim()) ?? [];
  return no === undefined || hash === undefined ? null : { no: Number(no), hash };
}

/** Outcomes of what was done. Every other one is the code of a refusal. */
export const DONE_OUTCOMES = ['applied', 'merged', 'noop', 'revealed'] as const;

/** True for an outcome of something that was done. */
export function isDoneOutcome(outcome: string): boolean {
  return DONE_OUTCOMES.some((done) => done === outcome);
}

export const MOST_AUDIT_ENTRIES = 500;

/** Body of `POST /api/v1/audit/entries`: what an entry must have to be shown. Newest first, below `before`. */
export const AuditQuerySchema = Type.Object(
  {
    actor: Type.Optional(Text(64)),
    entity: Type.Optional(Text(64)),
    id: Type.Optional(Text(64)),
    command: Type.Optional(Text(64)),
    /** One of the actions that have a name. */
    action: Type.Optional(Text(64)),
    effect: Type.Optional(Text(32)),
    session: Type.Optional(Text(64)),
    device: Type.Optional(Text(64)),
    /** Only what was refused. */
    refused: Type.Optional(Type.Boolean()),
    sensitive: Type.Optional(Type.Boolean()),
    /** `open`: somebody should look at it and nobody did; `done`: somebody did; `any`: one of the two. */
    review: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('done'), Type.Literal('any')])),
    /** Words that all have to stand in it: beginnings of names, values, commands, ids, addresses. */
    text: Type.Optional(Text(200)),
    /** Instants, the first included, the last not. */
    from: Type.Optional(Text(32)),
    until: Type.Optional(Text(32)),
    before: Type.Optional(Type.Integer({ minimum: 1 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_AUDIT_ENTRIES })),
  },
  { additionalProperties: false },
);
export type AuditQuery = Static<typeof AuditQuerySchema>;

const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

export const AuditLineSchema = Type.Object({
  no: Type.Integer(),
  at: Type.String(),
  /** Null: the operator of the server, or the server itself. */
  actor: Nullable(Type.String()),
  /** Name and address of the actor as the reader may see them today. */
  actorName: Nullable(Type.String()),
  actorEmail: Nullable(Type.String()),
  device: Nullable(Type.String()),
  session: Nullable(Type.String()),
  command: Type.String(),
  effect: Type.String(),
  /** Its name among the named actions. */
  action: Nullable(Type.String()),
  entity: Type.String(),
  id: Type.String(),
  /** What the record is called today, as far as the reader sees it. */
  name: Nullable(Type.String()),
  groups: Type.Array(Type.String()),
  outcome: Type.String(),
  isSensitive: Type.Boolean(),
  review: Nullable(
    Type.Object({
      /** Policies that asked for it. */
      policies: Type.Array(Type.String()),
      reviewedAt: Nullable(Type.String()),
      reviewedBy: Nullable(Type.String()),
      note: Nullable(Type.String()),
    }),
  ),
  /** Before and after, masked as the reader would see the record; null: there are none, or they were erased. */
  changes: Nullable(Type.Array(Type.Object({ field: Type.String(), before: Type.Unknown(), after: Type.Unknown() }))),
  /** The reader does not see this record: what it said is left out. */
  isWithheld: Type.Boolean(),
  /** What may name a person; null also when it was erased. */
  detail: Nullable(Type.Record(Type.String(), Type.String())),
});
export type AuditLine = Static<typeof AuditLineSchema>;

export const AuditPageSchema = Type.Object({
  entries: Type.Array(AuditLineSchema),
  /** What `before` has to be to read on; null: there are no older ones. */
  next: Nullable(Type.Integer()),
});
export type AuditPage = Static<typeof AuditPageSchema>;

/** The first thing that is wrong, and the entry where it is. */
export const AuditFindingSchema = Type.Object({
  kind: Type.Union([
    Type.Literal('missing'),
    Type.Literal('altered'),
    Type.Literal('unconnected'),
    Type.Literal('inserted'),
    Type.Literal('cut'),
    Type.Literal('rewritten'),
  ]),
  no: Type.Integer(),
});
export type AuditFinding = Static<typeof AuditFindingSchema>;

/** Body of `POST /api/v1/audit/verify`. */
export const AuditVerifySchema = Type.Object(
  { anchors: Type.Array(AuditAnchorSchema, { maxItems: 16 }) },
  { additionalProperties: false },
);

export const AuditVerificationSchema = Type.Object({
  verifiedAt: Type.String(),
  /** Entries there should be. */
  entries: Type.Integer(),
  /** Up to here everything is as it was written. */
  verified: Type.Integer(),
  head: AuditAnchorSchema,
  finding: Type.Union([AuditFindingSchema, Type.Null()]),
  /** The last time a backup was put in the place of the database: what stood behind it is gone with a reason. */
  restored: Type.Union([Type.Object({ no: Type.Integer(), at: Type.String() }), Type.Null()]),
});
export type AuditVerification = Static<typeof AuditVerificationSchema>;

const Counts = Type.Array(Type.Object({ key: Type.String(), count: Type.Integer() }));

/** Answer of `GET /api/v1/audit/stats`. */
export const AuditFiguresSchema = Type.Object({
  from: Type.String(),
  entries: Type.Integer(),
  refused: Type.Integer(),
  sensitive: Type.Integer(),
  actors: Type.Integer(),
  /** Of all times. */
  toReview: Type.Integer(),
  byDay: Type.Array(Type.Object({ day: Type.String(), count: Type.Integer(), refused: Type.Integer() })),
  byCommand: Counts,
  byEntity: Counts,
  /** The key of the operator and of the server itself is empty. */
  byActor: Counts,
  byOutcome: Counts,
});
export type AuditFigures = Static<typeof AuditFiguresSchema>;

export const MOST_DAYS_OF_FIGURES = 366;

export const AuditFiguresQuerySchema = Type.Object(
  {
    days: Type.Integer({ minimum: 1, maximum: MOST_DAYS_OF_FIGURES }),
    actor: Type.Optional(Text(64)),
    entity: Type.Optional(Text(64)),
  },
  { additionalProperties: false },
);
export type AuditFiguresQuery = Static<typeof AuditFiguresQuerySchema>;

export const reportTypes = [
  'access_review',
  'permission_changes',
  'exports',
  'failed_sign_ins',
  'data_subject_requests',
  'mfa_coverage',
] as const;
export type ReportType = (typeof reportTypes)[number];

/** Query of `GET /api/v1/audit/compliance-reports/`. */
export const ComplianceQuerySchema = Type.Object(
  {
    report_type: Type.Optional(Type.Enum(reportTypes)),
    from: Type.Optional(Text(32)),
    until: Type.Optional(Text(32)),
  },
  { additionalProperties: false },
);
export type ComplianceQuery = Static<typeof ComplianceQuerySchema>;

export const ComplianceReportSchema = Type.Object({
  report_type: Type.Enum(reportTypes),
  generated_at: Type.String(),
  from: Type.String(),
  until: Type.String(),
  /** Figures by name. */
  summary: Type.Record(Type.String(), Type.Integer()),
  /** Names of the columns, in order. */
  columns: Type.Array(Type.String()),
  rows: Type.Array(Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]))),
  /** There are more rows than are shown. */
  is_partial: Type.Boolean(),
});
export type ComplianceReport = Static<typeof ComplianceReportSchema>;
/** Columns of reports that hold ISO instants. */
export const reportInstants: readonly string[] = ['at', 'lastSignIn', 'createdAt'];

export const ComplianceReportsSchema = Type.Object({ reports: Type.Array(ComplianceReportSchema) });

export const auditExportFormats = ['csv', 'json', 'pdf'] as const;

/** Body of `POST /api/v1/audit/exports/`. */
export const AuditExportWishSchema = Type.Object(
  {
    format: Type.Enum(auditExportFormats),
    /** Of the entries that fit; everything without it. */
    query: Type.Optional(Type.Omit(AuditQuerySchema, ['limit'])),
    /** A compliance report instead. */
    report: Type.Optional(ComplianceQuerySchema),
  },
  { additionalProperties: false },
);
export type AuditExportWish = Static<typeof AuditExportWishSchema>;

export const AuditExportSchema = Type.Object({
  id: Type.String(),
  at: Type.String(),
  format: Type.String(),
  state: Type.Enum(['waiting', 'done', 'failed', 'expired'] as const),
  entries: Type.Integer(),
  fileName: Nullable(Type.String()),
  /** A code of the catalogue of errors. */
  error: Nullable(Type.String()),
});
export type AuditExport = Static<typeof AuditExportSchema>;
export const AuditExportsSchema = Type.Object({ exports: Type.Array(AuditExportSchema) });
export type AuditExports = Static<typeof AuditExportsSchema>;

/** Body of `POST /api/v1/audit/logs/{id}/review/`. */
export const ReviewBodySchema = Type.Object(
  { note: Type.Optional(Type.String({ maxLength: 1000 })) },
  { additionalProperties: false },
);

export const AuditAlertsSchema = Type.Object({
  alerts: Type.Array(
    Type.Object({
      id: Type.String(),
      at: Type.String(),
      policy: Type.String(),
      recipient: Nullable(Type.String()),
      /** The first entries it is about. */
      numbers: Type.Array(Type.Integer()),
      hits: Type.Integer(),
      /** `waiting`, `sent`, `nobody`, `noMail`, `failed`. */
      told: Type.String(),
    }),
  ),
});
export type AuditAlerts = Static<typeof AuditAlertsSchema>;

/** How long entries are kept, what lies in the archive, and what holds it back. */
export const RetentionStateSchema = Type.Object({
  days: Type.Integer(),
  entries: Type.Integer(),
  archived: Type.Integer(),
  archivedUntil: Nullable(Type.String()),
  holds: Type.Array(
    Type.Object({
      id: Type.String(),
      reason: Type.String(),
      heldAt: Type.String(),
      heldBy: Nullable(Type.String()),
      releasedAt: Nullable(Type.String()),
      releasedBy: Nullable(Type.String()),
    }),
  ),
});
export type RetentionState = Static<typeof RetentionStateSchema>;

export const HoldBodySchema = Type.Object(
  { reason: Type.String({ minLength: 3, maxLength: 500 }) },
  { additionalProperties: false },
);
