import type { EntityName } from '#shared/entities/define-entity.ts';

/** An answer and what it rests on: it is worked out again when one of these changes. */
export interface LiveAnswer<Value> {
  readonly value: Value;
  readonly entities: ReadonlySet<EntityName>;
  readonly ids: ReadonlySet<string>;
}

/** Titles of the records that ids name; an id that is missing here is not available to this user. */
export type Labels = Readonly<Record<string, string>>;
