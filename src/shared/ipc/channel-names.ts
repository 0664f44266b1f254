// Names alone, without schemas: preload carries nothing it does not need.

export const channelNames = [
  'app.info',
  'session.get',
  'secrets.unlock',
  'secrets.retry',
  'session.checkServer',
  'session.startDemo',
  'session.signIn',
  'session.signOut',
  'session.lease',
  'session.meetServer',
  'organization.settings',
  'organization.change',
  'session.list',
  'session.end',
  'users.signInWays',
  'users.giveOneTimePassword',
  'privacy.export',
  'privacy.erase',
  'fields.reveal',
  'fields.audit',
  'sync.status',
  'sync.now',
  'sync.workOffline',
  'journal.append',
  'journal.pending',
  'attention.list',
  'attention.discard',
  'host.answer',
  'host.ready',
  'window.openSettings',
  'window.openDoctor',
  'window.showRecord',
  'doctor.snapshot',
  'doctor.askServer',
  'doctor.verify',
  'doctor.repair',
  'doctor.report',
  'notification.show',
  'shell.openExternal',
  'update.status',
  'update.check',
  'update.install',
  'preferences.get',
  'preferences.set',
] as const;
export type ChannelName = (typeof channelNames)[number];

export const eventNames = [
  'session.changed',
  'sync.changed',
  'attention.changed',
  'preferences.changed',
  'update.changed',
  'doctor.progress',
  'navigate',
  'menu.command',
  'host.request',
] as const;
export type EventName = (typeof eventNames)[number];

/** The two channels of Electron that carry everything above. */
export const INVOKE_TRANSPORT = 'outpost:invoke';
export const EVENT_TRANSPORT = 'outpost:event';
