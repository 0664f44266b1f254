// From stored rows to the text of items. `project` decides what leaves. Where no rule restricts an entity for the user,
// the projection of a stored record is that record (the store holds only what the definition names), and its text goes
// out as it is: no record is parsed and written again.
import { keepsValuesOfOthers } from '#shared/access/project.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { PullContext } from '#server/sync/pull-context.ts';
import { projectRows, type VisibleRow } from '#server/sync/visible-records.ts';

/** A stored record that is in the user's scope. */
export interface ItemRow {
  readonly coll: string;
  readonly kind: string;
  readonly text: string;
  readonly fieldRev: Readonly<Record<string, number>>;
}

export function showsEveryField(actor: Actor): boolean {
  return actor.fields === undefined;
}

/** Put items, in order; null where nothing of the record is for this user. */
export async function toPutJsons(context: PullContext, rows: readonly ItemRow[]): Promise<readonly (string | null)[]> {
  const { fields } = context.actor;
  if (fields === undefined) return rows.map((row) => toPutJson(row.coll, row.text));
  const restricted = rows.flatMap((row, index) => {
    const definition = entityOf(row.kind);
    const isRestricted =
      keepsValuesOfOthers(row.kind) || (definition !== undefined && fields[definition.name] !== undefined);
    if (definition === undefined || !isRestricted) return [];
    const record = JSON.parse(row.text) as AnyRecord;
    return [{ index, row: { definition, record, fieldRev: row.fieldRev } satisfies VisibleRow }];
  });
  const items: (string | null)[] = rows.map((row) => (entityOf(row.kind) === undefined ? null : row.text));
  const { transaction, actor, maskSecret } = context;
  const viewing = { transaction, actor, maskSecret, canWrite: false };
  const projections = await projectRows(
    viewing,
    restricted.map(({ row }) => row),
  );
  for (const [place, { index }] of restricted.entries()) {
    const visible = projections[place] ?? null;
    items[index] = visible === null ? null : JSON.stringify(visible);
  }
  return items.map((text, index) => (text === null ? null : toPutJson(rows[index]?.coll ?? '', text)));
}

function toPutJson(coll: string, text: string): string {
  return `{"t":"put","coll":"${coll}","record":${text}}`;
}

export function toGoneJson(kind: 'remove' | 'del', coll: string, id: string): string {
  return JSON.stringify({ t: kind, coll, id });
}
