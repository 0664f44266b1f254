// What was deleted and can still be brought back: how the server tells of it.
import { Type, type Static } from 'typebox';
import type { EntityName } from '#shared/entities/define-entity.ts';

/** A deleted record can be brought back for so many days. */
export const RESTORABLE_DAYS = 30;

/** Most records of one answer. */
export const MOST_DELETED = 500;

/** Kinds a person looks for among what was deleted. Others are brought back by whatever removed them, or not at all. */
export const restorableKinds = [
  'account',
  'contact',
  'lead',
  'deal',
  'activity',
  'task',
  'product',
  'pipeline',
  'file',
  'report',
  'dashboard',
  'goal',
  'campaign',
  'mailTemplate',
  'savedView',
] as const satisfies readonly EntityName[];
export type RestorableKind = (typeof restorableKinds)[number];

export const DeletedRecordSchema = Type.Object({
  entity: Type.Enum(restorableKinds),
  id: Type.String(),
  /** As this user may see it; null where it is hidden, or there is none. */
  title: Type.Union([Type.String(), Type.Null()]),
  /** The title is what stands in place of a masked one. */
  isTitleMasked: Type.Boolean(),
  deletedAt: Type.String(),
  /** Null: not known any more. */
  deletedBy: Type.Union([Type.String(), Type.Null()]),
});
export type DeletedRecord = Static<typeof DeletedRecordSchema>;

/** Answer of `GET /api/v1/deleted-records`, newest first. */
export const DeletedRecordsSchema = Type.Object({
  records: Type.Array(DeletedRecordSchema),
  /** There are older ones that can be restored as well. */
  hasMore: Type.Boolean(),
});
export type DeletedRecords = Static<typeof DeletedRecordsSchema>;
