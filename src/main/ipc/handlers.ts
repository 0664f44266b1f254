// What stands behind each channel of the contract: one line each, the work is elsewhere.
import type { Preferences, ToldError } from '#shared/ipc/app-channels.ts';
import type { NotificationNews } from '#shared/ipc/host-request.ts';
import type { AppInfo } from '#shared/ipc/session-state.ts';
import type { InvitationLink } from '#shared/sync/invitation-link.ts';
import type { Maintenance } from '#shared/sync/maintenance.ts';
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { createAccessHandlers } from '#main/ipc/access-handlers.ts';
import { createWebhookHandlers } from '#main/ipc/webhook-handlers.ts';
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import { createMailboxHandlers } from '#main/ipc/mailbox-handlers.ts';
import { createDraftingHandlers } from '#main/ipc/drafting-handlers.ts';
import { createSsoHandlers } from '#main/ipc/sso-handlers.ts';
import type { Doctor } from '#main/doctor/doctor.ts';
import type { EventBus } from '#main/live/event-bus.ts';
import type { MailEngine } from '#main/mail/mail-engine.ts';
import type { Files } from '#main/files/files.ts';
import { createExportHandlers } from '#main/exports/export-handlers.ts';
import type { ExportJobs } from '#main/exports/export-jobs.ts';
import type { ImportToKeep } from '#shared/import/import-steps.ts';
import { createJobsHandlers, type SeenJobs } from '#main/jobs/jobs-handlers.ts';
import { createBackupHandlers } from '#main/upkeep/backup-handlers.ts';
import type { Backups } from '#main/upkeep/backups.ts';
import { createOperationsHandlers } from '#main/operations/operations-handlers.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { PasskeySteps } from '#main/session/passkey-steps.ts';
import type { Session } from '#main/session/session-types.ts';
import { createReportHandlers } from '#main/ipc/report-handlers.ts';
import { createAuditHandlers } from '#main/ipc/audit-handlers.ts';
import { createSignInHandlers } from '#main/ipc/sign-in-handlers.ts';
import { createPeopleCalls } from '#main/session/people-calls.ts';
import { createServerCalls, type ServerCalls } from '#main/session/server-calls.ts';
import type { SignInElsewhere } from '#main/session/sign-in-elsewhere.ts';
import { verifyAuditFromHere } from '#main/session/verify-audit-from-here.ts';
import { checkExternalUrl } from '#main/shell/external-links.ts';
import { parseInvitation } from '#main/shell/invitation-links.ts';
import type { PreferenceFile } from '#main/shell/preferences.ts';
import type { TypedWork } from '#main/shell/typed-work.ts';
import type { Updates } from '#main/shell/updates.ts';
import type { Engine } from '#main/sync/engine.ts';
import type { HostLink } from '#main/sync/host-link.ts';
import type { ServerClient } from '#main/sync/server-client.ts';
import type { ProfileHost } from '#main/sync/profile-host.ts';

export interface HandlerDeps {
  /** The last session is open, or it is known that there is none. */
  readonly started: Promise<void>;
  readonly info: () => AppInfo;
  /** The link of an invitation that was opened last; given once. */
  readonly takeInvitation: () => InvitationLink | null;
  readonly session: Session;
  readonly client: Pick<
    ServerClient,
    | keyof ServerCalls
    | 'sso'
    | 'drafting'
    | 'readSettings'
    | 'changeSettings'
    | 'readPresenceChoice'
    | 'choosePresence'
    | 'announceMaintenance'
    | 'readStanding'
    | 'tightenPolicies'
    | 'listSupport'
    | 'decideSupport'
    | 'askPlatform'
    | 'askCampaigns'
    | 'readMailState'
    | 'tryMail'
    | 'changePassword'
    | 'door'
    | 'readAudit'
    | 'verifyAudit'
    | 'ask'
    | 'fetchFile'
    | 'access'
    | 'webhooks'
  >;
  readonly passkeys: PasskeySteps;
  readonly elsewhere: SignInElsewhere;
  readonly engine: Engine;
  readonly jobs: SeenJobs;
  readonly backups: Backups;
  readonly exports: ExportJobs;
  readonly keepImport: (work: ImportToKeep) => Promise<void>;
  readonly host: HostLink;
  readonly doctor: Doctor;
  readonly online: () => readonly string[] | null;
  readonly events: Pick<EventBus, 'recent'>;
  readonly planned: () => Maintenance | null;
  readonly files: Files;
  readonly mail: MailEngine;
  readonly profileHost: ProfileHost;
  readonly preferences: PreferenceFile;
  readonly updates: Updates;
  readonly typedWork: TypedWork;
  readonly onPreferences: (preferences: Preferences) => void;
  readonly openSettings: (section: string) => void;
  readonly openDoctor: () => void;
  readonly openPlatform: () => void;
  readonly openOperations: () => void;
  readonly openJobs: () => void;
  readonly openAudit: (path: string) => void;
  readonly showRecord: (path: string) => void;
  readonly openExternal: (url: string) => Promise<void>;
  readonly noteError: (told: ToldError) => void;
  readonly takeNews: (news: NotificationNews) => void;
  readonly notify: (title: string, body: string, path: string) => void;
}

export function createHandlers(deps: HandlerDeps): Handlers {
  const { session, engine, host, files } = deps;

  function requireActive(): ActiveProfile {
    const active = session.active();
    if (active === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
    return active;
  }
  /** A window that would only say that it is not for this person does not open. */
  function assertPermission(needed: Actor['permissions'][number], refusal: string): void {
    if (!requireActive().state().actor.permissions.includes(needed))
      throw new OutpostError('action_forbidden', refusal);
  }
  const people = createPeopleCalls(requireActive, deps.client);
  const calls = createServerCalls(requireActive, deps.client);

  return {
    'app.info': async () => {
      await deps.started;
      return deps.info();
    },
    'app.noteError': (told) => {
      deps.noteError(told);
      return null;
    },
    'session.get': async () => {
      await deps.started;
      return session.state();
    },
    'secrets.unlock': ({ passphrase }) => session.unlock(passphrase),
    'secrets.retry': () => session.retrySecrets(),
    'session.checkServer': ({ serverUrl }) => session.checkServer(serverUrl),
    'session.startDemo': () => session.startDemo(),
    'session.signIn': (input) => session.signIn(input),
    ...createSignInHandlers(session, deps.passkeys, requireActive, deps.client.door),
    ...createSsoHandlers(deps.elsewhere, requireActive, deps.client.sso),
    ...createDraftingHandlers(requireActive, deps.client.drafting),
    'session.signOut': ({ unsent }) => session.signOut(unsent),
    'session.lease': () => session.active()?.lease.describe() ?? null,
    'session.meetServer': () => session.meetServer(),
    'organization.settings': () => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.readSettings(account.serverUrl, token));
    },
    'organization.standing': () => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.readStanding(account.serverUrl, token));
    },
    'organization.tighten': (body) => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.tightenPolicies(account.serverUrl, token, body));
    },
    'organization.support': () => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.listSupport(account.serverUrl, token));
    },
    'organization.decideSupport': ({ id, decision }) => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.decideSupport(account.serverUrl, token, id, decision));
    },
    'platform.ask': ({ call, input }) => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.askPlatform(account.serverUrl, token, call, input));
    },
    'campaigns.ask': ({ call, input }) => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.askCampaigns(account.serverUrl, token, call, input));
    },
    'organization.change': async (settings) => {
      const { account, access } = requireActive();
      const changed = await access.run((token) => deps.client.changeSettings(account.serverUrl, token, settings));
      // The own lease is told with the session.
      await access.renew();
      return changed;
    },
    'session.changePassword': async (passwords) => {
      const { account, access } = requireActive();
      await access.run((token) => deps.client.changePassword(account.serverUrl, token, passwords));
      await requireActive().idle.setPassword(passwords.newPassword);
      return null;
    },
    'session.list': () => calls.listSessions(),
    'session.end': async ({ sessionId }) => {
      await calls.endSession(sessionId);
      return null;
    },
    'users.signInWays': () => calls.listSignInWays(),
    'users.giveOneTimePassword': ({ userId }) => calls.giveOneTimePassword(userId),
    'users.invite': (input) => people.invite(input),
    'users.withdrawInvitation': async ({ userId }) => {
      await people.withdraw(userId);
      return null;
    },
    'invitation.read': ({ text }) => parseInvitation(text),
    'invitation.opened': () => deps.takeInvitation(),
    'devices.list': ({ userId }) => people.listDevices(userId),
    'devices.change': (input) => people.changeDevice(input),
    'privacy.export': (place) => calls.exportPerson(place),
    'privacy.erase': async (place) => {
      const done = await calls.erasePerson(place);
      // This computer purges what is gone at once, as every other one does when it hears of it.
      engine.syncNow();
      return done;
    },
    'fields.reveal': (input) => calls.revealField(input),
    'fields.audit': () => calls.readMaskingAudit(),
    'deleted.list': () => calls.listDeleted(),
    'audit.entries': (query) => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.readAudit(account.serverUrl, token, query));
    },
    'audit.verify': () => verifyAuditFromHere(requireActive(), deps.client),
    'audit.forgetHead': () => {
      requireActive().update({ auditHead: { no: 0, hash: '', at: '' } });
      return null;
    },
    ...createAuditHandlers(requireActive, deps.client),
    'files.begin': ({ name, sizeBytes }) => files.begin(name, sizeBytes),
    'files.append': ({ id, index, bytes }) => {
      files.append(id, index, bytes);
      return null;
    },
    'files.finish': ({ id }) => files.finish(id),
    'files.discard': ({ id }) => {
      files.discard(id);
      return null;
    },
    'files.states': ({ ids }) => files.states(ids),
    'files.refused': () => files.refused(),
    'files.fetch': ({ id }) => files.fetch(id),
    'files.read': ({ id, index }) => files.read(id, index),
    'files.open': async ({ id }) => {
      await files.openOutside(id);
      return null;
    },
    'files.pin': async ({ id, on }) => {
      await files.pin(id, on);
      return null;
    },
    'files.retry': ({ id }) => {
      files.retry(id);
      return null;
    },
    'files.usage': () => files.usage(),
    'sync.status': () => engine.status(),
    'sync.now': () => {
      engine.syncNow();
      return null;
    },
    'sync.workOffline': ({ on }) => {
      engine.setWorkOffline(on);
      return engine.status();
    },
    'presence.online': () => deps.online(),
    'presence.choice': () => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.readPresenceChoice(account.serverUrl, token));
    },
    'presence.choose': (choice) => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.choosePresence(account.serverUrl, token, choice));
    },
    'events.recent': () => deps.events.recent(),
    'maintenance.planned': () => ({ planned: deps.planned() }),
    'maintenance.announce': (plan) => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.announceMaintenance(account.serverUrl, token, plan));
    },
    'mail.state': () => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.readMailState(account.serverUrl, token));
    },
    'mail.test': () => {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.tryMail(account.serverUrl, token));
    },
    ...createMailboxHandlers(deps.mail),
    ...createAccessHandlers(deps.client.access, requireActive),
    ...createWebhookHandlers(deps.client.webhooks, requireActive),
    ...createReportHandlers(deps.client, requireActive),
    ...createExportHandlers(deps.exports),
    'imports.keep': async (work) => {
      await deps.keepImport(work);
      return null;
    },
    'journal.append': ({ ops }) => {
      const saved = requireActive().journal.append(ops);
      files.noteOperations(ops);
      // The answer goes first: the person waits for "saved", not for the network.
      setImmediate(() => engine.noteJournalGrew());
      return saved;
    },
    'journal.pending': () => requireActive().journal.pending(),
    'attention.list': () => session.active()?.journal.attention() ?? [],
    'attention.discard': ({ id }) => {
      const { journal } = requireActive();
      const item = journal.attention().find((known) => known.id === id);
      journal.discard(id);
      // The content of a file that was refused goes with it, unless it is on its way again.
      if (item?.operation.entity === 'file') files.discard(item.operation.recordId);
      engine.noteAttentionChanged();
      return null;
    },
    'notifications.tell': (news) => {
      deps.takeNews(news);
      return null;
    },
    'host.answer': (answer) => {
      host.takeAnswer(answer);
      return null;
    },
    'host.ready': () => {
      deps.profileHost.noteHostReady();
      return null;
    },
    'window.openSettings': ({ section }) => {
      deps.openSettings(section);
      return null;
    },
    'window.openAudit': ({ path }) => {
      assertPermission('org.view_audit_logs', 'Only administrators read the audit.');
      deps.openAudit(path);
      return null;
    },
    'window.openDoctor': () => {
      deps.openDoctor();
      return null;
    },
    'window.openPlatform': () => {
      const { permissions } = requireActive().state().actor;
      if (!permissions.some((name) => name.startsWith('platform.')))
        throw new OutpostError('action_forbidden', 'Only the super administrators of this installation can do that.');
      deps.openPlatform();
      return null;
    },
    'window.openOperations': () => {
      assertPermission('system.health', 'Only administrators see how the server does.');
      deps.openOperations();
      return null;
    },
    'window.openJobs': () => {
      deps.openJobs();
      return null;
    },
    ...createOperationsHandlers(requireActive, deps.client),
    ...createJobsHandlers(deps.jobs),
    ...createBackupHandlers(deps.backups),
    'window.showRecord': ({ path }) => {
      deps.showRecord(path);
      return null;
    },
    'window.noteTyped': ({ isTyped }, { page }) => {
      deps.typedWork.note(page, isTyped);
      return null;
    },
    'window.answerTyped': ({ discards }, { page }) => {
      deps.typedWork.answer(page, discards);
      return null;
    },
    'doctor.snapshot': () => deps.doctor.snapshot(),
    'doctor.askServer': () => deps.doctor.askServer(),
    'doctor.verify': () => deps.doctor.verify(),
    'doctor.repair': () => deps.doctor.repair(),
    'doctor.report': async () => ({ text: await deps.doctor.report() }),
    'notification.show': ({ title, body, path }) => {
      deps.notify(title, body, path);
      return null;
    },
    'shell.openExternal': async ({ url }) => {
      await deps.openExternal(checkExternalUrl(url));
      return null;
    },
    'update.status': () => deps.updates.status(),
    'update.check': () => deps.updates.check(),
    'update.install': () => {
      // Before: what is installed may end the application without its quitting.
      deps.typedWork.whenLetGo(() => deps.updates.install());
      return null;
    },
    'preferences.get': () => deps.preferences.get(),
    'preferences.set': (change) => {
      const next = deps.preferences.set(change);
      deps.onPreferences(next);
      return next;
    },
  };
}
