// The actions an audit is asked for by name, and which commands of this product they are. What the product does not have has
// no commands. `docs/audit.md` shows the same as a table.

export interface NamedAction {
  readonly action: string;
  /** One of these. Absent: whatever the command is. */
  readonly commands?: readonly string[];
  readonly entities?: readonly string[];
  readonly effects?: readonly string[];
  /** One of these groups was touched. */
  readonly groups?: readonly string[];
}

const records = (entity: string, noun: string): readonly NamedAction[] => [
  { action: `${noun}_created`, entities: [entity], effects: ['create'] },
  { action: `${noun}_updated`, entities: [entity], effects: ['update', 'restore'] },
  { action: `${noun}_deleted`, entities: [entity], effects: ['delete'] },
];

/** The first one that fits is the name of an entry. */
export const namedActions: readonly NamedAction[] = [
  { action: 'login', commands: ['signIn', 'signInAttempt.fail'] },
  { action: 'logout', commands: ['signOut', 'endSession', 'session.end'] },
  { action: 'password_reset', commands: ['password.reset', 'changePassword', 'giveOneTimePassword'] },
  { action: 'token_refresh', commands: ['token.refresh'] },
  ...records('campaign', 'campaign'),
  { action: 'campaign_published', commands: ['campaign.published'] },
  { action: 'campaign_sent', commands: ['campaign.sent'] },
  ...records('lead', 'lead'),
  { action: 'lead_exported', commands: ['lead_exported'] },
  { action: 'role_changed', entities: ['user'], effects: ['update'], groups: ['role'] },
  { action: 'role_changed', entities: ['role'] },
  { action: 'user_deleted', commands: ['user.deactivate'] },
  ...records('user', 'user'),
  {
    action: 'settings_updated',
    commands: ['setOrganizationSettings'],
  },
  { action: 'settings_updated', entities: ['organization'], effects: ['create', 'update', 'configure'] },
  { action: 'settings_updated', entities: ['fieldRule', 'piiRule', 'pipeline', 'exchangeRate', 'auditPolicy'] },
  {
    action: 'integration_added',
    commands: [
      'integration.add',
      'apiKey.create',
      'webhook.create',
      'mailProvider.save',
      'providerReports.save',
      'bounceMailbox.save',
    ],
  },
  { action: 'integration_removed', commands: ['integration.remove', 'apiKey.revoke', 'webhook.delete'] },
  { action: 'system_backup', commands: ['backup'] },
  { action: 'system_restore', commands: ['restore'] },
  { action: 'maintenance_mode', commands: ['announceMaintenance', 'cancelMaintenance'] },
];

export const namedActionNames: readonly string[] = [...new Set(namedActions.map(({ action }) => action))];

interface Named {
  readonly command: string;
  readonly effect: string;
  readonly entity: string;
  readonly groups: readonly string[];
}

function fits(named: NamedAction, { command, effect, entity, groups }: Named): boolean {
  return (
    (named.commands === undefined || named.commands.includes(command)) &&
    (named.entities === undefined || named.entities.includes(entity)) &&
    (named.effects === undefined || named.effects.includes(effect)) &&
    (named.groups === undefined || named.groups.some((group) => groups.includes(group)))
  );
}

/** The name of what an entry tells; null when it has none but its command. */
export function namedActionOf(entry: Named): string | null {
  return namedActions.find((named) => fits(named, entry))?.action ?? null;
}
