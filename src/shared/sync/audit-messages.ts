// The audit at the hands of an administrator: who did what and when, and whether it is still what was written.
import { Type, type Static } from 'typebox';

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

export const MOST_AUDIT_ENTRIES = 500;

/** Body of `POST /api/v1/audit/entries`: what an entry must have to be shown. Newest first, below `before`. */
export const AuditQuerySchema = Type.Object(
  {
    actor: Type.Optional(Text(64)),
    entity: Type.Optional(Text(64)),
    id: Type.Optional(Text(64)),
    command: Type.Optional(Text(64)),
    /** Only what was refused. */
    refused: Type.Optional(Type.Boolean()),
    /** Instants, the first included, the last not. */
    from: Type.Optional(Text(32)),
    until: Type.Optional(Text(32)),
    before: Type.Optional(Type.Integer({ minimum: 1 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_AUDIT_ENTRIES })),
  },
  { additionalProperties: false },
);
export type AuditQuery = Static<typeof AuditQuerySchema>;

export const AuditPageSchema = Type.Object({
  entries: Type.Array(
    Type.Object({
      no: Type.Integer(),
      at: Type.String(),
      /** Null: the operator of the server. */
      actor: Type.Union([Type.String(), Type.Null()]),
      device: Type.Union([Type.String(), Type.Null()]),
      command: Type.String(),
      entity: Type.String(),
      id: Type.String(),
      groups: Type.Array(Type.String()),
      outcome: Type.String(),
      /** What may name a person; null also when it was erased. */
      detail: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]),
    }),
  ),
  /** What `before` has to be to read on; null: there are no older ones. */
  next: Type.Union([Type.Integer(), Type.Null()]),
});
export type AuditPage = Static<typeof AuditPageSchema>;
export type AuditLine = AuditPage['entries'][number];

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
