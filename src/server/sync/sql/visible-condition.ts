// The plan of what a user may read, as a condition of a statement.
import type { SqlValue } from '#server/store/database.ts';
import type { ReadPlan } from '#server/sync/keys.ts';

/** Collects parameters of a statement and hands out their places. */
export class SqlParameters {
  readonly values: SqlValue[] = [];

  add(value: SqlValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/**
 * Condition that is true for visible rows. `keyColumns`: array columns of scope keys, any of which may meet.
 * An empty plan is never true.
 */
export function visibleCondition(plan: ReadPlan, parameters: SqlParameters, keyColumns: readonly string[]): string {
  const parts = plan.groups.map(({ kinds, keySet }) => {
    const ofKind = `kind = ANY(${parameters.add(kinds)}::text[])`;
    if (keySet.all) return ofKind;
    const keys = `${parameters.add(keySet.keys)}::text[]`;
    return `(${ofKind} AND (${keyColumns.map((column) => `${column} && ${keys}`).join(' OR ')}))`;
  });
  return parts.length === 0 ? 'false' : `(${parts.join(' OR ')})`;
}
