import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { buildActor, type LoadedActor } from '#server/identity/load-actor.ts';
import type { RuleRows } from '#server/identity/read-rules.ts';
import { peopleOf, type ModelTenant } from '#test/sim/server/model-tenant.ts';

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The custom role, and the rules that hold for it. */
function readRules(tenant: ModelTenant, role: unknown): RuleRows {
  const rows = [...tenant.records.values()].filter((row) => row.coll === 'catalog' && !row.isDeleted);
  const isHeld = (data: AnyRecord): boolean => data['role'] === '*' || data['role'] === role;
  const rules = rows.filter(({ kind, record }) => kind === 'piiRule' || (kind === 'fieldRule' && isHeld(record)));
  const custom = rows.find(({ kind, id }) => kind === 'role' && id === role);
  return { role: custom?.record ?? null, rules: rules.map(({ kind, record }) => ({ kind, data: record })) };
}

/** The rights of a user as the product builds them from the rows of people. */
export function readModelActor(tenant: ModelTenant, userId: UserId): LoadedActor | null {
  const row = tenant.records.get(`people/${userId}`);
  if (row === undefined || row.kind !== 'user') return null;
  const teams = peopleOf(tenant, 'team').map((team) => ({
    id: team.id,
    parentId: text(team['parentId']),
    leadId: text(team['leadId']),
  }));
  const reach = tenant.reach.get(userId);
  return buildActor(tenant.id as TenantId, userId, {
    data: row.record,
    deleted: row.isDeleted,
    epoch: tenant.epochs.get(userId) ?? null,
    territoryRead: reach?.read ?? null,
    territoryEdit: reach?.edit ?? null,
    tenantName: tenant.name,
    teams,
    ...readRules(tenant, row.record['role']),
  });
}
