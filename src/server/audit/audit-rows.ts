import type { AuditEntry } from '#server/audit/audit-chain.ts';

/** An entry as it stands in the database, without its place in the chain. */
export interface AuditRow {
  readonly no: number;
  readonly at: number;
  readonly actor: string | null;
  readonly device: string | null;
  readonly seq: number | null;
  readonly opId: string | null;
  readonly command: string;
  readonly entity: string;
  readonly id: string;
  readonly groups: readonly string[];
  readonly outcome: string;
}

/** Selects an {@link AuditRow}. */
export const ENTRY_COLUMNS = 'no, at, actor, device, seq, op_id AS "opId", command, entity, id, groups, outcome';

export function toEntry({
  at,
  actor,
  device,
  seq,
  opId,
  command,
  entity,
  id,
  groups,
  outcome,
}: AuditRow): Omit<AuditEntry, 'detail'> {
  return { atMs: at, actor, device, seq, opId, command, entity, id, groups, outcome };
}
