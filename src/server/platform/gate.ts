// Whether the people of an organization are answered now: asked with every request, together with who asks, and before a session is
// opened or goes on. The operator's organization is never suspended, and its super administrators work through maintenance.
import { Value } from 'typebox/value';
import type { TenantId } from '#shared/kernel/ids.ts';
import { findClosure } from '#shared/platform/organization-state.ts';
import { MaintenanceSchema } from '#shared/sync/maintenance.ts';
import type { SqlSession } from '#server/store/database.ts';

/** What the database says about it. */
export interface GateRow {
  readonly state: string | null;
  readonly stateReason: string | null;
  readonly maintenance: unknown;
}

/** Columns of a {@link GateRow} of the organization $1. */
export const gateColumns = `
  (SELECT state FROM platform_organization WHERE tenant = $1) AS state,
  (SELECT state_reason FROM platform_organization WHERE tenant = $1) AS "stateReason",
  (SELECT settings->'maintenance' FROM tenant WHERE tenant = $1) AS maintenance`;

/** @throws OutpostError `organization_suspended`, `under_maintenance` */
export function assertOpenBy(
  { state, stateReason, maintenance }: GateRow,
  { isExempt, nowMs }: { readonly isExempt: boolean; readonly nowMs: number },
): void {
  if (isExempt) return;
  const planned = Value.Check(MaintenanceSchema, maintenance) ? maintenance : null;
  const gate = { isSuspended: state === 'suspended', reason: stateReason ?? '', maintenance: planned };
  const closure = findClosure(gate, nowMs);
  if (closure !== null) throw closure;
}

/** Within a transaction of the organization. @throws OutpostError `organization_suspended`, `under_maintenance` */
export async function assertOpen(
  session: SqlSession,
  tenantId: TenantId,
  nowMs: number,
  isExempt = false,
): Promise<void> {
  const [row] = await session.query<GateRow>(`SELECT ${gateColumns}`, [tenantId]);
  if (row !== undefined) assertOpenBy(row, { isExempt, nowMs });
}

/** Works through maintenance: somebody has to see that it went well. */
export function isExempt(permissions: readonly string[]): boolean {
  return permissions.includes('platform.configure_global_settings');
}
