// Which permissions allow an action on records of an entity.
import type { Actor } from '#shared/access/actor.ts';
import type { PermissionName } from '#shared/access/permissions.ts';
import type { RecordAction } from '#shared/access/roles.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';

/** Any one of these is enough. Entities that are not named need the general right `record.<action>`. */
export function permissionsFor(definition: EntityDefinition, action: RecordAction): readonly PermissionName[] {
  const right = action === 'restore' ? 'delete' : action;
  switch (definition.name) {
    case 'lead':
      return [`lead.${right}`, `record.${right}`];
    case 'team':
      return [`team.${right}`];
    case 'user':
      return [`user.${right}`];
    case 'product':
    case 'pipeline':
    case 'territory':
    case 'organization':
    case 'exchangeRate':
      return right === 'read' ? ['record.read'] : ['org.configure_settings'];
    case 'taskTemplate':
      return right === 'read' ? ['record.read'] : ['tasks.create_all_types', 'org.configure_settings'];
    case 'customField':
      // Archived, never deleted: there may be values nobody here has heard of.
      if (right === 'delete') return [];
      return right === 'read' ? ['record.read'] : ['org.configure_settings'];
    case 'role':
    case 'fieldRule':
    case 'piiRule':
      return ['org.assign_roles'];
    case 'importJob':
    case 'importPart':
      return ['data.import_customers', 'org.import_data'];
    case 'quota':
    case 'goal':
      return right === 'read' ? ['record.read'] : ['team.set_goals', 'org.configure_settings'];
    case 'forecastAdjustment':
    case 'forecastSubmission':
      return right === 'read' ? ['record.read'] : ['record.update'];
    case 'stageChange':
      return right === 'create' ? ['record.update'] : [`record.${right}`];
    case 'fieldChange':
    case 'pipelineSnapshot':
      // The server alone writes them, by no right of anybody.
      return right === 'read' ? ['record.read'] : [];
    case 'announcement':
      return right === 'read' ? ['record.read'] : ['notifications.send_team_alerts', 'org.configure_settings'];
    case 'notificationMark':
    case 'notificationPreference':
      // Everybody's own, by no right over records; a program that acts for somebody has no inbox.
      return [];
    case 'report':
      return ['record.analytics', 'analytics.read'];
    case 'reportSchedule':
      return right === 'read' || right === 'delete'
        ? ['record.analytics', 'analytics.read']
        : ['analytics.export', 'org.export_data'];
    case 'reportRun':
      return ['record.analytics', 'analytics.read'];
    case 'campaign':
      return [`campaign.${right}`];
    case 'mailTemplate':
      // Like a report, it is nobody else's: what it is filled in with is asked of the records.
      return right === 'read' ? ['record.read'] : ['record.update'];
    case 'dashboard':
      return ['dashboard.view_personal', 'record.analytics'];
    case 'account':
    case 'contact':
    case 'deal':
    case 'activity':
    case 'task':
    case 'savedView':
    case 'dataExport':
    case 'conflict':
    case 'file':
    case 'comment':
    case 'timeEntry':
      return [`record.${right}`];
    case 'mailMessage':
    case 'mailContent':
      // Whoever keeps a mail here may take it out again.
      return [right === 'delete' ? 'record.update' : `record.${right}`];
  }
}

/** Whether one of the permissions that are enough is held, where one is needed at all. */
export function holdsPermission(
  actor: Actor,
  definition: EntityDefinition,
  action: RecordAction,
  before: AnyRecord | null,
): boolean {
  // Saved views and the own profile are personal: they need no right over the organization's records.
  if (definition.name === 'savedView') return true;
  // Whether somebody may export is asked before; that it happened is always written down.
  if (definition.name === 'dataExport') return true;
  if (definition.name === 'notificationMark' || definition.name === 'notificationPreference') return true;
  if (definition.name === 'user' && action === 'update' && before?.id === actor.userId) return true;
  return permissionsFor(definition, action).some((name) => actor.permissions.includes(name));
}
