// What is said about one person at that person's request: everything there is, or that all of it is gone.
import { Type, type Static } from 'typebox';

/** Kinds of records that are a person. */
export const PersonPlaceSchema = Type.Object(
  {
    entity: Type.Union([Type.Literal('contact'), Type.Literal('lead'), Type.Literal('user')]),
    id: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
);
export type PersonPlace = Static<typeof PersonPlaceSchema>;

const by = Type.Union([Type.String(), Type.Null()]);

export const PersonExportSchema = Type.Object({
  exportedAt: Type.String(),
  persons: Type.Array(Type.Object({ entity: Type.String(), id: Type.String() })),
  records: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  history: Type.Array(
    Type.Object({ at: Type.String(), by, action: Type.String(), id: Type.String(), fields: Type.Array(Type.String()) }),
  ),
  audit: Type.Array(
    Type.Object({ at: Type.String(), by, command: Type.String(), id: Type.String(), outcome: Type.String() }),
  ),
});
export type PersonExport = Static<typeof PersonExportSchema>;

/** Counts only: what was erased is not named again. */
export const ErasureDoneSchema = Type.Object({ erased: Type.Integer(), unlinked: Type.Integer() });
export type ErasureDone = Static<typeof ErasureDoneSchema>;
