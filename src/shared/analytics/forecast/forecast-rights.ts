// What somebody may do at a node, asked of `can()` with the record the node is about: a button that would be refused is not
// offered.
import type { ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import type { Actor } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import type { ForecastNode } from '#shared/analytics/forecast-tree.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

const nothing: ForecastRow['may'] = { adjust: false, submit: false, setQuota: false };

export function rightsAt(source: RecordSource, actor: Actor, node: ForecastNode): ForecastRow['may'] {
  if (node.kind === 'all' || node.kind === 'none' || node.id === null) return nothing;
  const subject = source.get(node.kind, node.id);
  if (subject === undefined) return nothing;
  // The quota of a team is its lead's.
  const lead = node.kind === 'team' && node.ownerId !== null ? source.get('user', node.ownerId) : undefined;
  const quotaOf = node.kind === 'team' ? lead : subject;
  return {
    adjust: mayWrite(actor, 'forecastAdjustment', subject),
    submit: mayWrite(actor, 'forecastSubmission', subject),
    setQuota: quotaOf !== undefined && mayWrite(actor, 'quota', quotaOf),
  };
}

const nodeFields = { user: 'userId', team: 'forTeamId', territory: 'territoryId' } as const;

function mayWrite(actor: Actor, entity: EntityName, subject: AnyRecord): boolean {
  const isOwned = entity === 'quota' && subject.kind === 'user';
  const owner = isOwned ? { ownerId: subject.id, teamId: subject.teamId } : { ownerId: actor.userId, teamId: null };
  const kind = subject.kind === 'user' || subject.kind === 'team' ? subject.kind : 'territory';
  const stamps = { createdAt: '', createdBy: null, updatedAt: '', updatedBy: null };
  const after = { id: 'asked', kind: entity, rev: 0, ...stamps, ...owner, [nodeFields[kind]]: subject.id };
  const definition = entities[entity];
  return can({ actor, action: 'create', definition, before: null, after, subject, fields: [] }).ok;
}
