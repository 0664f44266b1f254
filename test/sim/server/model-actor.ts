import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { buildActor, type LoadedActor } from '#server/identity/load-actor.ts';
import type { RuleRows } from '#shared/access/compose-actor.ts';
import type { TerritoryReach } from '#shared/access/territory-reach.ts';
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

interface KnownActor {
  readonly rightsVersion: number;
  readonly epoch: number | undefined;
  readonly reach: TerritoryReach | undefined;
  readonly loaded: LoadedActor | null;
}

const known = new WeakMap<ModelTenant, Map<string, KnownActor>>();

/** The rights of a user, built anew whenever something they are made of has changed. */
export function readModelActor(tenant: ModelTenant, userId: UserId): LoadedActor | null {
  let actors = known.get(tenant);
  if (actors === undefined) known.set(tenant, (actors = new Map()));
  const { rightsVersion } = tenant;
  const [epoch, reach] = [tenant.epochs.get(userId), tenant.reach.get(userId)];
  const last = actors.get(userId);
  if (last !== undefined && last.rightsVersion === rightsVersion && last.epoch === epoch && last.reach === reach)
    return last.loaded;
  const loaded = buildModelActor(tenant, userId);
  actors.set(userId, { rightsVersion, epoch, reach, loaded });
  return loaded;
}

/** As the product builds them from the rows of people. */
function buildModelActor(tenant: ModelTenant, userId: UserId): LoadedActor | null {
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
    isOperator: false,
    teams,
    ...readRules(tenant, row.record['role']),
  });
}
