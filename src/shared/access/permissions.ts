// Every permission by its one dotted name. Roles grant names of this catalogue and nothing else; older spellings
// (constants, colons, single words) resolve to the same names, so that no second catalogue can grow beside it.

/** The six general rights over records (role matrix of the first document). */
export const recordPermissions = {
  'record.create': 'Create records',
  'record.read': 'See records',
  'record.update': 'Change records',
  'record.delete': 'Delete and restore records',
  'record.analytics': 'See figures and charts',
  'record.manage_users': 'Manage users',
} as const;

/** Rights by category and action. */
export const categoryPermissions = {
  'campaign.create': 'Create campaigns',
  'campaign.read': 'See campaigns',
  'campaign.update': 'Change campaigns',
  'campaign.delete': 'Delete campaigns',
  'campaign.publish': 'Publish campaigns',
  'lead.create': 'Create leads',
  'lead.read': 'See leads',
  'lead.update': 'Change leads',
  'lead.delete': 'Delete leads',
  'lead.export': 'Export leads',
  'analytics.read': 'See reports',
  'analytics.export': 'Export reports',
  'team.read': 'See teams',
  'team.create': 'Create teams',
  'team.update': 'Change teams',
  'team.delete': 'Delete teams',
  'team.manage_members': 'Manage the members of a team and reassign their records',
  'user.read': 'See users',
  'user.create': 'Invite users',
  'user.update': 'Change users',
  'user.delete': 'Remove users',
  'user.manage_roles': 'Give roles to users',
  'system.settings': 'Change system settings',
  'system.audit': 'Read the audit log',
  'system.health': 'See the health of the system',
  'system.jobs': 'See background jobs',
} as const;

export const platformPermissions = {
  'platform.view_all_tenants': 'See all organizations of this server',
  'platform.manage_support_staff': 'Manage support staff',
  'platform.view_system_metrics': 'See system metrics',
  'platform.configure_global_settings': 'Change settings of the whole server',
  'platform.manage_subscriptions': 'Manage subscriptions',
  'platform.access_audit_logs': 'Read the audit logs of all organizations',
  'platform.manage_feature_flags': 'Switch features on and off',
} as const;

export const organizationPermissions = {
  'org.manage_users': 'Manage the users of the organization',
  'org.assign_roles': 'Assign roles in the organization',
  'org.view_audit_logs': 'Read the audit log of the organization',
  'org.configure_settings': 'Change the settings of the organization',
  'org.import_data': 'Import data for the organization',
  'org.export_data': 'Export data of the organization',
  'org.manage_integrations': 'Manage integrations',
} as const;

export const managerPermissions = {
  'team.manage_members': categoryPermissions['team.manage_members'],
  'team.assign_tasks': 'Assign tasks to the team',
  'team.view_performance': 'See how the team performs',
  'team.set_goals': 'Set goals for the team',
  'team.generate_reports': 'Make reports of the team',
  'tasks.create_all_types': 'Create tasks of every type',
  'tasks.view_team_tasks': 'See the tasks of the team',
  'analytics.view_team_data': 'See the figures of the team',
  'notifications.send_team_alerts': 'Send notices to the team',
} as const;

export const salesPermissions = {
  'opportunities.manage_assigned': 'Work on own and assigned deals',
  'customers.manage_assigned': 'Work on own and assigned customers',
  'interactions.create_own': 'Log own activities',
  'tasks.view_assigned': 'See assigned tasks',
  'tasks.update_assigned': 'Change assigned tasks',
  'data.import_customers': 'Import customers',
  'dashboard.view_personal': 'See the own dashboard',
  'notifications.receive_assigned': 'Receive notices about assigned records',
} as const;

/** Beyond the documents: what the masking of fields needs. */
export const protectionPermissions = {
  'data.unmask': 'Reveal masked values, one at a time and recorded',
} as const;

/** Name and short English label of every permission. `team.manage_members` stands in two documents and once here. */
export const permissionCatalogue = {
  ...recordPermissions,
  ...categoryPermissions,
  ...platformPermissions,
  ...organizationPermissions,
  ...managerPermissions,
  ...salesPermissions,
  ...protectionPermissions,
} as const;

export type PermissionName = keyof typeof permissionCatalogue;

export const permissionNames = Object.keys(permissionCatalogue) as readonly PermissionName[];

export function isPermissionName(value: string): value is PermissionName {
  return Object.hasOwn(permissionCatalogue, value);
}

/** Single words of the first document that do not name their area. */
const wordAliases: Readonly<Record<string, PermissionName>> = {
  create: 'record.create',
  read: 'record.read',
  update: 'record.update',
  delete: 'record.delete',
  analytics: 'record.analytics',
  manage_users: 'record.manage_users',
};

const constantAliases: ReadonlyMap<string, PermissionName> = new Map(
  permissionNames.map((name) => [name.replace('.', '_'), name]),
);

/**
 * The canonical name for any known spelling: `campaign.delete`, `campaign:delete`, `CAMPAIGN_DELETE`, `delete`.
 * Undefined for everything else; callers must treat that as "not granted".
 */
export function resolvePermission(spelling: string): PermissionName | undefined {
  const plain = spelling.trim().toLowerCase();
  const dotted = plain.replace(':', '.');
  if (isPermissionName(dotted)) return dotted;
  if (Object.hasOwn(wordAliases, plain)) return wordAliases[plain];
  return constantAliases.get(plain);
}
