// Everything somebody can be notified of (TSK-08 to TSK-13), and which preference (TSK-14) decides about it. Null: always
// told, because somebody named this person, or because it is about the safety of the account.
export const preferenceNames = [
  'taskAssignments',
  'taskDeadlines',
  'opportunityUpdates',
  'goalAlerts',
  'systemAnnouncements',
] as const;
export type PreferenceName = (typeof preferenceNames)[number];

export const notificationGroups = ['people', 'tasks', 'deals', 'performance', 'system'] as const;
export type NotificationGroup = (typeof notificationGroups)[number];

interface TypeRule {
  readonly preference: PreferenceName | null;
  readonly group: NotificationGroup;
  /** Told outside the windows: `now` also in quiet hours, `soon` after them, `never` only in the inbox. */
  readonly native: 'now' | 'soon' | 'never';
}

const rule = (
  group: NotificationGroup,
  preference: PreferenceName | null,
  native: TypeRule['native'] = 'soon',
): TypeRule => ({
  group,
  preference,
  native,
});

export const notificationTypes = {
  'comment.mention': rule('people', null),
  'team.alert': rule('people', null),
  'customer.reminder': rule('people', 'taskDeadlines'),
  'task.assigned': rule('tasks', 'taskAssignments'),
  'task.completed': rule('tasks', 'taskAssignments', 'never'),
  'task.updated': rule('tasks', 'taskAssignments', 'never'),
  'task.reminder': rule('tasks', 'taskDeadlines'),
  'task.due': rule('tasks', 'taskDeadlines'),
  'deal.assigned': rule('deals', 'opportunityUpdates'),
  'deal.stage': rule('deals', 'opportunityUpdates', 'never'),
  'deal.highValue': rule('deals', 'opportunityUpdates'),
  'deal.probability': rule('deals', 'opportunityUpdates', 'never'),
  'deal.closing': rule('deals', 'opportunityUpdates'),
  'goal.achieved': rule('performance', 'goalAlerts'),
  'goal.milestone': rule('performance', 'goalAlerts'),
  'performance.suggestion': rule('performance', 'goalAlerts', 'never'),
  'performance.ranking': rule('performance', 'goalAlerts', 'never'),
  'system.maintenance': rule('system', 'systemAnnouncements'),
  'system.feature': rule('system', 'systemAnnouncements', 'never'),
  'system.import': rule('system', 'systemAnnouncements'),
  'system.security': rule('system', null, 'now'),
} as const satisfies Readonly<Record<string, TypeRule>>;
export type NotificationType = keyof typeof notificationTypes;

export function ruleOf(type: NotificationType): TypeRule {
  return notificationTypes[type];
}
