// Who may take data out of Outpost. Leads have a right of their own; everything else that is looked at as a list, a pivot or
// a report goes with the right to export reports; who may export the data of the organization may export all of it. It is
// never more than what the person sees: what is masked leaves as its mask, what is hidden is not there.
import type { Actor } from '#shared/access/actor.ts';
import type { PermissionName } from '#shared/access/permissions.ts';
import { refuse } from '#shared/access/refusals.ts';
import { roleTitleOf } from '#shared/access/roles.ts';
import type { AnalyticsSubject } from '#shared/entities/data-export/data-export.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { ok, type Result } from '#shared/kernel/result.ts';

export type ExportSubject =
  | { readonly kind: 'records'; readonly entity: EntityName }
  /** `source`: what the figures are made of, null when it is of several kinds. */
  | { readonly kind: 'analytics'; readonly what: AnalyticsSubject; readonly source: EntityName | null };

/** All of these are needed, unless the person may export everything. */
function permissionsFor(subject: ExportSubject): readonly PermissionName[] {
  const source = subject.kind === 'records' ? subject.entity : subject.source;
  if (subject.kind === 'records') return source === 'lead' ? ['lead.export'] : ['analytics.export'];
  // Figures of leads can be broken down to each lead.
  return source === 'lead' ? ['analytics.export', 'lead.export'] : ['analytics.export'];
}

/** Entities that are exported from a list. Rules, sign-in and what Outpost writes itself are not. */
export const exportableEntities = ['account', 'contact', 'lead', 'deal', 'activity', 'task', 'product'] as const;

export function isExportable(entity: EntityName): boolean {
  return (exportableEntities as readonly EntityName[]).includes(entity);
}

/** Allowed, or `action_forbidden` with the reason `export`. `definition`: what the records of the subject are. */
export function mayExport(actor: Actor, subject: ExportSubject, definition: EntityDefinition): Result<true> {
  const isOffered = subject.kind === 'analytics' || isExportable(subject.entity);
  const holds = (name: PermissionName): boolean => actor.permissions.includes(name);
  if (isOffered && (holds('org.export_data') || permissionsFor(subject).every(holds))) return ok(true);
  const { role, roleName } = actor;
  const message = `Your role (${roleTitleOf(actor)}) does not allow you to export this. An administrator of your organization can allow it.`;
  return refuse(definition, message, {
    reason: 'export',
    role,
    who: 'admin',
    ...(roleName === undefined ? {} : { roleName }),
  });
}
