// What the built-in roles may do, as two tables: permission names, and how far each right reaches over the records of
// an entity. A cell that is not written is `none`: nothing is allowed because nobody thought of it.
import { roleNames, type Actor, type RoleName } from '#shared/access/actor.ts';
import {
  managerPermissions,
  permissionNames,
  platformPermissions,
  salesPermissions,
  type PermissionName,
} from '#shared/access/permissions.ts';
import {
  cellOf,
  recordActions,
  type RecordAction,
  type RecordScope,
  type RoleGrants,
  type ScopeRow,
  type ScopeTable,
} from '#shared/access/role-shape.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';

export { recordActions, type RecordAction, type RecordScope };

/** Labels of roles in messages; screens translate them by `roles.<name>`. */
export const roleLabels: Readonly<Record<RoleName, string>> = {
  super_admin: 'Super administrator',
  org_admin: 'Administrator',
  manager: 'Team manager',
  sales_rep: 'Sales representative',
  viewer: 'Viewer',
};

const roleAliases: Readonly<Record<string, RoleName>> = {
  admin: 'org_admin',
  organization_admin: 'org_admin',
  team_manager: 'manager',
  sales: 'sales_rep',
  sales_representative: 'sales_rep',
  user: 'viewer',
};

/** The built-in role for any of its older names, e.g. `admin`, `Sales`, `User`. */
export function resolveRole(name: string): RoleName | undefined {
  const plain = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return (
    roleNames.find((role) => role === plain) ?? (Object.hasOwn(roleAliases, plain) ? roleAliases[plain] : undefined)
  );
}

function keysOf<Name extends PermissionName>(part: Readonly<Record<Name, string>>): readonly Name[] {
  return Object.keys(part) as Name[];
}

const readingPermissions: readonly PermissionName[] = [
  'record.read',
  'record.analytics',
  'campaign.read',
  'lead.read',
  'analytics.read',
  'team.read',
  'user.read',
  'dashboard.view_personal',
];
const writingPermissions: readonly PermissionName[] = [
  'record.create',
  'record.update',
  'lead.create',
  'lead.update',
  ...keysOf(salesPermissions),
];

const rolePermissions: Readonly<Record<RoleName, readonly PermissionName[]>> = {
  super_admin: permissionNames,
  org_admin: permissionNames.filter((name) => !Object.hasOwn(platformPermissions, name)),
  manager: [
    ...new Set([
      ...readingPermissions,
      ...writingPermissions,
      ...keysOf(managerPermissions),
      'record.delete' as const,
      'lead.delete' as const,
      'lead.export' as const,
      'analytics.export' as const,
      'campaign.create' as const,
      'campaign.update' as const,
    ]),
  ],
  sales_rep: [...new Set([...readingPermissions, ...writingPermissions])],
  viewer: readingPermissions,
};

/** Permissions of a built-in role. */
export function permissionsOf(role: RoleName): readonly PermissionName[] {
  return rolePermissions[role];
}

const everything: ScopeRow = { create: 'all', read: 'all', update: 'all', delete: 'all', restore: 'all' };
const wholeTeam: ScopeRow = { create: 'team', read: 'team', update: 'team', delete: 'team', restore: 'team' };
const ownWork: ScopeRow = { create: 'own', read: 'own', update: 'own' };
/** Personal: nobody else sees them, not even an administrator. */
const ownOnly: ScopeRow = { create: 'own', read: 'own', update: 'own', delete: 'own', restore: 'own' };
/** Saved views, reports and dashboards: the own ones, and those that were shared (the record carries other keys only then). */
const viewsOfTeam: ScopeRow = { ...ownOnly, read: 'team' };
/** Catalog and people: shared by the organization, changed by administrators. */
const readAll: ScopeRow = { read: 'all' };
/** Written by the server or together with the record they belong to. */
const history = (scope: RecordScope): ScopeRow => ({ create: scope, read: scope });
/** Written for the own number or for one below; taken back by its author alone. */
const ownForecast = (seen: RecordScope): ScopeRow => ({ create: 'own', read: seen, delete: 'own', restore: 'own' });
/** Part of its record: who may change that, may change these. Of snapshots: nobody but the server writes them. */
const seen = (scope: RecordScope): ScopeRow => ({ read: scope });
/** Written once by whoever exports, and kept. */
const writtenOnce: ScopeRow = { create: 'own', read: 'own' };
/** Kept from the own mailbox, and changed by its owner alone. */
const mailOf = (scope: RecordScope): ScopeRow => ({
  create: 'own',
  read: scope,
  update: 'own',
  delete: 'own',
  restore: 'own',
});
/** What somebody did with notifications: added, and cleared away. */
const ownMarks: ScopeRow = { create: 'own', read: 'own', delete: 'own' };
const ownPreferences: ScopeRow = { create: 'own', read: 'own', update: 'own' };
const heard: ScopeRow = { read: 'team' };
const answerable = (scope: RecordScope): ScopeRow => ({ read: scope, update: scope });

function businessRows(row: ScopeRow): ScopeTable {
  return { account: row, contact: row, lead: row, deal: row, activity: row, task: row };
}

const readOnlyCatalog = {
  product: readAll,
  taskTemplate: readAll,
  pipeline: readAll,
  customField: readAll,
  team: readAll,
  territory: readAll,
  organization: readAll,
  exchangeRate: readAll,
} as const;
/** A user may change the own profile; which fields, says `ownProfileFields`. */
const ownProfile: ScopeRow = { read: 'all', update: 'own' };

const administrator: ScopeTable = {
  ...businessRows(everything),
  product: everything,
  taskTemplate: everything,
  pipeline: everything,
  customField: { create: 'all', read: 'all', update: 'all' },
  team: everything,
  territory: everything,
  user: everything,
  savedView: viewsOfTeam,
  report: viewsOfTeam,
  dashboard: viewsOfTeam,
  mailTemplate: viewsOfTeam,
  campaign: everything,
  reportSchedule: { ...everything, create: 'own' },
  reportRun: readAll,
  importJob: everything,
  importPart: everything,
  dataExport: { create: 'own', read: 'all' },
  conflict: answerable('all'),
  notificationMark: ownMarks,
  notificationPreference: ownPreferences,
  announcement: { create: 'all', read: 'all', delete: 'all' },
  stageChange: history('all'),
  fieldChange: seen('all'),
  file: seen('all'),
  comment: seen('all'),
  timeEntry: seen('all'),
  role: everything,
  fieldRule: everything,
  piiRule: everything,
  organization: everything,
  exchangeRate: everything,
  quota: everything,
  goal: everything,
  forecastAdjustment: ownForecast('all'),
  forecastSubmission: { create: 'own', read: 'all' },
  pipelineSnapshot: seen('all'),
  mailMessage: mailOf('all'),
  mailContent: mailOf('all'),
};

const scopeTables: Readonly<Record<RoleName, ScopeTable>> = {
  super_admin: administrator,
  org_admin: administrator,
  manager: {
    ...businessRows(wholeTeam),
    ...readOnlyCatalog,
    taskTemplate: everything,
    user: ownProfile,
    savedView: viewsOfTeam,
    report: viewsOfTeam,
    dashboard: viewsOfTeam,
    mailTemplate: viewsOfTeam,
    campaign: wholeTeam,
    reportSchedule: ownOnly,
    reportRun: { read: 'own' },
    importJob: ownOnly,
    importPart: ownOnly,
    dataExport: writtenOnce,
    conflict: answerable('team'),
    notificationMark: ownMarks,
    notificationPreference: ownPreferences,
    announcement: { create: 'team', read: 'team', delete: 'own' },
    stageChange: history('team'),
    fieldChange: seen('team'),
    file: seen('team'),
    comment: seen('team'),
    timeEntry: seen('team'),
    quota: wholeTeam,
    goal: wholeTeam,
    forecastAdjustment: ownForecast('team'),
    forecastSubmission: { create: 'own', read: 'team' },
    pipelineSnapshot: seen('team'),
    mailMessage: mailOf('team'),
    mailContent: mailOf('team'),
  },
  sales_rep: {
    ...businessRows(ownWork),
    ...readOnlyCatalog,
    user: ownProfile,
    savedView: viewsOfTeam,
    report: viewsOfTeam,
    dashboard: viewsOfTeam,
    mailTemplate: viewsOfTeam,
    campaign: { read: 'team' },
    reportSchedule: ownOnly,
    reportRun: { read: 'own' },
    importJob: ownOnly,
    importPart: ownOnly,
    dataExport: writtenOnce,
    conflict: answerable('own'),
    notificationMark: ownMarks,
    notificationPreference: ownPreferences,
    announcement: heard,
    stageChange: history('own'),
    fieldChange: seen('own'),
    file: seen('own'),
    comment: seen('own'),
    timeEntry: seen('own'),
    quota: { read: 'own' },
    goal: { read: 'own' },
    forecastAdjustment: ownForecast('own'),
    forecastSubmission: history('own'),
    pipelineSnapshot: seen('own'),
    mailMessage: mailOf('own'),
    mailContent: mailOf('own'),
  },
  viewer: {
    ...businessRows(readAll),
    ...readOnlyCatalog,
    user: ownProfile,
    savedView: viewsOfTeam,
    report: viewsOfTeam,
    dashboard: viewsOfTeam,
    mailTemplate: viewsOfTeam,
    campaign: readAll,
    reportSchedule: ownOnly,
    reportRun: { read: 'own' },
    importJob: {},
    importPart: {},
    dataExport: writtenOnce,
    conflict: readAll,
    notificationMark: ownMarks,
    notificationPreference: ownPreferences,
    announcement: heard,
    stageChange: readAll,
    fieldChange: readAll,
    file: readAll,
    comment: readAll,
    timeEntry: readAll,
    quota: readAll,
    goal: readAll,
    forecastAdjustment: readAll,
    forecastSubmission: readAll,
    pipelineSnapshot: readAll,
    mailMessage: readAll,
    mailContent: readAll,
  },
};

/** The built-in roles, in the shape every role has. They cannot be changed or deleted: they are the ground to stand on. */
export const builtInRoles: Readonly<Record<RoleName, RoleGrants>> = {
  super_admin: { permissions: rolePermissions.super_admin, scopes: scopeTables.super_admin },
  org_admin: { permissions: rolePermissions.org_admin, scopes: scopeTables.org_admin },
  manager: { permissions: rolePermissions.manager, scopes: scopeTables.manager },
  sales_rep: { permissions: rolePermissions.sales_rep, scopes: scopeTables.sales_rep },
  viewer: { permissions: rolePermissions.viewer, scopes: scopeTables.viewer },
};

export function isBuiltInRole(role: string): role is RoleName {
  return Object.hasOwn(builtInRoles, role);
}

/** How far a built-in role's right reaches. `none` for everything the tables do not name. */
export function recordScopeOf(role: string, entity: EntityName, action: RecordAction): RecordScope {
  return isBuiltInRole(role) ? cellOf(scopeTables[role], entity, action) : 'none';
}

/** How far this user's right reaches: by the table of a custom role, or by that of the built-in one. */
export function reachOf(actor: Pick<Actor, 'role' | 'scopes'>, entity: EntityName, action: RecordAction): RecordScope {
  if (isBuiltInRole(actor.role)) return recordScopeOf(actor.role, entity, action);
  // No role takes it from its people that their exports are written down.
  if (entity === 'dataExport') return cellOf({ dataExport: writtenOnce }, entity, action);
  const scopes = actor.scopes ?? {};
  // Nor that they are notified, and hear what is said to them. Whether they may say something, a permission decides.
  if (Object.hasOwn(notifiedRows, entity) && !Object.hasOwn(scopes, entity))
    return cellOf(notifiedRows, entity, action);
  return cellOf(scopes, Object.hasOwn(scopes, entity) ? entity : (olderRows[entity]?.(action) ?? entity), action);
}

/** Of every role that does not say otherwise. */
const notifiedRows: ScopeTable = {
  notificationMark: ownMarks,
  notificationPreference: ownPreferences,
  announcement: { create: 'team', read: 'team', delete: 'own' },
};

/** Roles that were made before there were such records reach them as far as what they belong to. */
const olderRows: Partial<Readonly<Record<EntityName, (action: RecordAction) => EntityName | undefined>>> = {
  file: (action) => (action === 'read' ? 'activity' : undefined),
  comment: (action) => (action === 'read' ? 'activity' : undefined),
  timeEntry: (action) => (action === 'read' ? 'task' : undefined),
  taskTemplate: (action) => (action === 'read' ? 'pipeline' : undefined),
  fieldChange: (action) => (action === 'read' ? 'activity' : undefined),
  organization: () => 'pipeline',
  exchangeRate: () => 'pipeline',
  // A definition is archived, never deleted.
  customField: (action) => (action === 'delete' || action === 'restore' ? undefined : 'pipeline'),
  report: () => 'savedView',
  dashboard: () => 'savedView',
  mailTemplate: () => 'savedView',
  campaign: () => 'lead',
  reportSchedule: () => 'savedView',
  reportRun: (action) => (action === 'read' ? 'savedView' : undefined),
  quota: () => 'deal',
  goal: () => 'deal',
  forecastAdjustment: (action) => (action === 'update' ? undefined : 'deal'),
  forecastSubmission: (action) => (action === 'create' || action === 'read' ? 'deal' : undefined),
  pipelineSnapshot: (action) => (action === 'read' ? 'deal' : undefined),
  mailMessage: () => 'activity',
  mailContent: () => 'activity',
};

/** What a role is called in messages. */
export function roleTitleOf(actor: Pick<Actor, 'role' | 'roleName'>): string {
  return isBuiltInRole(actor.role) ? roleLabels[actor.role] : (actor.roleName ?? 'custom role');
}

/** Fields of the own `user` record everyone may change; role, team and activation are never among them. */
export const ownProfileFields = ['name', 'phone', 'jobTitle', 'locale', 'timeZone', 'weeklyHours'] as const;
