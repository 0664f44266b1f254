// Rights that were read before stand as long as the person's epoch and own record are the same: every change of rights raises
// the epoch in its own transaction. Whoever asks brings both as they are now.
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { type LoadedActor, readActor } from '#server/identity/load-actor.ts';
import { operatorColumn } from '#server/platform/operator.ts';
import type { SqlSession } from '#server/store/database.ts';

/** What the rights of a person were read with. */
export interface PersonMark {
  readonly userId: string;
  readonly epoch: number | null;
  /** The person's own record; null for nobody. */
  readonly person: string | null;
  /** Of support staff: when their access ends. */
  readonly accessUntil: number | null;
  /** Of the organization that runs the installation. */
  readonly isOperator: boolean;
}

interface Known {
  readonly epoch: number | null;
  readonly person: string;
  readonly isOperator: boolean;
  readonly loaded: LoadedActor;
}

/** People whose rights are kept at hand; whoever did not come for longest goes. */
const MOST_KNOWN = 5_000;

/** Columns of a {@link PersonMark}, but for who it is, in a statement that has the tables of {@link personJoins}; $1 is the organization. */
export const personColumns = `scope.epoch, CASE WHEN person.deleted THEN NULL ELSE person.data::text END AS person,
    access.until AS "accessUntil", ${operatorColumn}`;

/** @param owner alias of the table whose `tenant` and `user_id` say who it is. */
export function personJoins(owner: string): string {
  return `LEFT JOIN user_scope scope ON scope.tenant = ${owner}.tenant AND scope.user_id = ${owner}.user_id
    LEFT JOIN record person ON person.tenant = ${owner}.tenant AND person.coll = 'people' AND person.id = ${owner}.user_id
      AND person.kind = 'user'
    LEFT JOIN support_access access ON access.tenant = ${owner}.tenant AND access.user_id = ${owner}.user_id`;
}

/** The rights of a person as they are now; null for somebody who is deleted or deactivated. */
export type LoadPerson = (session: SqlSession, tenantId: TenantId, mark: PersonMark) => Promise<LoadedActor | null>;

export function createKnownPeople(): LoadPerson {
  const known = new Map<string, Known>();
  return async (session, tenantId, { userId, epoch, person, isOperator }) => {
    const name = `${tenantId} ${userId}`;
    const before = known.get(name);
    known.delete(name);
    if (person === null) return null;
    const isSame =
      before !== undefined && before.epoch === epoch && before.person === person && before.isOperator === isOperator;
    const loaded = isSame ? before.loaded : await readActor(session, tenantId, userId as UserId);
    if (loaded === null) return null;
    known.set(name, { epoch, person, isOperator, loaded });
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
    return loaded;
  };
}
