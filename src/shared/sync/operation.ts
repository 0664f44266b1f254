// An operation is what a person typed, made durable: small changes per field group, each with the value that was on
// the screen. It is the unit of the journal, of the push, of idempotency and of a verdict.
import { Type, type Static } from 'typebox';

/** Version of the wire protocol. A server keeps the two before it. */
export const PROTOCOL_VERSION = 1;
/** Version of the entity definitions an operation was written with. */
export const SCHEMA_VERSION = 1;
/** Most operations in one push; more are sent in the next. */
export const PUSH_BATCH_SIZE = 1000;
/** Most operations that succeed or fail together: a commit must fit into a page of a pull. */
export const MOST_OPERATIONS_OF_A_TXN = 200;

const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[0-9A-Za-z][0-9A-Za-z._-]*$' });
const FieldValues = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown());

/**
 * The change of one merge group. `base`: values the user saw, per field (null: field was empty); `to`: new values
 * (null clears; a field absent here is untouched); `delta`: for `counter` groups; `add`/`remove`: for `set` groups.
 */
export const ChangeSchema = Type.Object(
  {
    group: Type.String({ minLength: 1, maxLength: 64 }),
    base: FieldValues,
    to: Type.Optional(FieldValues),
    delta: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Number())),
    add: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Array(Type.String({ maxLength: 512 })))),
    remove: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Array(Type.String({ maxLength: 512 })))),
  },
  { additionalProperties: false },
);
export type Change = Static<typeof ChangeSchema>;

export const operationKinds = ['create', 'patch', 'delete', 'restore', 'void'] as const;

export const OperationSchema = Type.Object(
  {
    opId: Id,
    /** Gapless per device, from 1. */
    opNo: Type.Integer({ minimum: 1 }),
    /** Operations of one txn succeed or fail together; null stands alone. They are consecutive in opNo. */
    txn: Type.Union([Id, Type.Null()]),
    kind: Type.Enum(operationKinds),
    entity: Type.String({ minLength: 1, maxLength: 32 }),
    recordId: Id,
    /** Name of the command the user gave, for audit and attention: `moveDeal`. */
    command: Type.String({ minLength: 1, maxLength: 64 }),
    /** Revision of the record on the user's screen; 0 for one the server has not seen. */
    baseRev: Type.Integer({ minimum: 0 }),
    changes: Type.Array(ChangeSchema, { maxItems: 200 }),
    dependsOn: Type.Array(Id, { maxItems: 100 }),
    /** Clocks of the device when it was typed: display only, never used to order or merge. */
    captured: Type.Object(
      { wall: Type.String({ maxLength: 40 }), sinceBootMs: Type.Number() },
      { additionalProperties: false },
    ),
    schema: Type.Integer({ minimum: 1 }),
    /** What was on the screen had to be forgotten on the device: nothing tells any more what this change was made on. */
    withoutBase: Type.Optional(Type.Literal(true)),
  },
  { additionalProperties: false },
);
export type Operation = Static<typeof OperationSchema>;

/** An operation before the journal numbered it. */
export type OperationDraft = Omit<Operation, 'opNo'>;
