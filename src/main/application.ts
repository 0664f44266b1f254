// The composition root: everything the main process is made of, put together from top to bottom. It owns what must not
// be lost (journal, keys, session) and what must not be trusted to a page; screens and data live in windows.
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import {
  app,
  BrowserWindow,
  ipcMain,
  nativeTheme,
  net,
  protocol,
  safeStorage,
  session as browserSession,
  shell,
} from 'electron';
import { OutpostError } from '#shared/kernel/errors.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import { userWindows } from '#shared/ipc/channel.ts';
import { INVOKE_TRANSPORT } from '#shared/ipc/channel-names.ts';
import type { Preferences } from '#shared/ipc/app-channels.ts';
import type { AppInfo } from '#shared/ipc/session-state.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { stillPlanned, type Maintenance } from '#shared/sync/maintenance.ts';
import { createEmbeddedServer } from '#main/embedded-server/embedded-server.ts';
import { openServerAddress } from '#main/embedded-server/server-address.ts';
import { createThreadStarter, locateServer } from '#main/embedded-server/server-thread.ts';
import { createDoctor } from '#main/doctor/doctor.ts';
import { createExchangeLog } from '#main/doctor/exchange-log.ts';
import { watchClient, watchHost, watchLive } from '#main/doctor/watch-exchanges.ts';
import { createEventBus } from '#main/live/event-bus.ts';
import { hearHost } from '#main/live/hear-host.ts';
import { openKeptEvents } from '#main/live/kept-events.ts';
import { createMaintenanceQuestions } from '#main/live/ask-maintenance.ts';
import { createLiveWatch } from '#main/live/live-watch.ts';
import { removeCopies } from '#main/files/file-index.ts';
import { createFiles } from '#main/files/files.ts';
import { createJobs } from '#main/jobs/jobs.ts';
import { createDoor } from '#main/ipc/answer-invoke.ts';
import { createHandlers } from '#main/ipc/handlers.ts';
import { openWatch } from '#main/observe/open-watch.ts';
import { watchExchange } from '#main/observe/watch-exchange.ts';
import { lockProfile } from '#main/profile/lock-file.ts';
import { openProfiles } from '#main/profile/profiles.ts';
import { createKeychainCandidate } from '#main/secrets/keychain-store.ts';
import { createSafeStorageCandidate } from '#main/secrets/safe-storage-store.ts';
import { openSecrets } from '#main/secrets/open-secrets.ts';
import type { Candidate } from '#main/secrets/secret-store.ts';
import { hasVault, openVault } from '#main/secrets/vault.ts';
import { createPasskeySteps } from '#main/session/passkey-steps.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import { createSession } from '#main/session/session.ts';
import { createSignInElsewhere } from '#main/session/sign-in-elsewhere.ts';
import { createAppMenu, type AppMenuActions } from '#main/shell/app-menu.ts';
import { APP_ORIGIN, APP_SCHEME, serveAppFile } from '#main/shell/app-protocol.ts';
import { findDeepLink, parseDeepLink } from '#main/shell/deep-links.ts';
import { followSystem } from '#main/shell/follow-system.ts';
import { createOpenedInvitations, findInvitation } from '#main/shell/invitation-links.ts';
import { openKeptAnnouncements } from '#main/notifications/kept-announcements.ts';
import { createMessenger } from '#main/notifications/messenger.ts';
import { showMessage, showNotification } from '#main/shell/notifications.ts';
import { openPreferences } from '#main/shell/preferences.ts';
import { createPlaceDialogs } from '#main/shell/place-dialogs.ts';
import { chooseShellLanguage, shellTextOf } from '#main/shell/shell-text.ts';
import { createTypedWork } from '#main/shell/typed-work.ts';
import { createUpdates } from '#main/shell/updates.ts';
import { openWindowPlaces } from '#main/shell/window-state.ts';
import { watchDownloads } from '#main/shell/downloads.ts';
import { createCredentials } from '#main/mail/credentials.ts';
import { defineExports } from '#main/exports/export-jobs.ts';
import { defineImports } from '#main/imports/import-jobs.ts';
import { createMailEngine } from '#main/mail/mail-engine.ts';
import { removeMailCopies } from '#main/mail/remove-mail-copies.ts';
import { createWindows, limitPermissions } from '#main/shell/windows.ts';
import { readStartOptions } from '#main/start-options.ts';
import { createEngine } from '#main/sync/engine.ts';
import { createHostLink } from '#main/sync/host-link.ts';
import { createLiveConnector } from '#main/sync/live-socket.ts';
import { createProfileHost } from '#main/sync/profile-host.ts';
import { createExchange } from '#main/sync/exchange.ts';
import { createServerClient } from '#main/sync/server-client.ts';
import { createBackups } from '#main/upkeep/backups.ts';
import { defineUpkeep } from '#main/upkeep/upkeep-jobs.ts';
import { writeLog } from '#main/write-log.ts';

const NETWORK_LOOK_MS = 3_000;

const clock = { now: () => Date.now() };
const scheduler = {
  after(delayMs: number, task: () => void) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
const createId = createIdFactory(clock, { bytes: (length) => randomBytes(length) });

/** A server on this computer is reachable without any network. */
function isOnThisComputer(serverUrl: string): boolean {
  const { hostname } = new URL(serverUrl);
  return hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost';
}

/** Exchanging works now, or worked a moment ago. */
function isExchanging({ phase, workOffline }: SyncStatus): boolean {
  return !workOffline && (phase === 'idle' || phase === 'pulling' || phase === 'pushing');
}

/** Electron's own storage of secrets can be asked only then. */
const afterReady = (candidate: Candidate): Candidate => ({
  ...candidate,
  open: () => app.whenReady().then(() => candidate.open()),
});

/**
 * Puts the application together and opens its first window.
 *
 * @param link address the system gave before there was anybody to follow it, null when there was none.
 */
export async function start(link: string | null): Promise<void> {
  const options = readStartOptions(process.argv, process.env);
  const userData = app.getPath('userData');
  const lock = lockProfile(path.join(userData, 'instance.lock'));
  const devServer = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
  const base = devServer ?? APP_ORIGIN;

  const watch = openWatch({
    environment: process.env,
    version: app.getVersion(),
    folder: path.join(userData, 'logs'),
    clock,
    log: writeLog,
  });
  const { log } = watch;

  const preferences = openPreferences(path.join(userData, 'preferences.json'));
  const text = () => shellTextOf(chooseShellLanguage(preferences.get().language, app.getLocale()));

  // Windows, what main may say to them, and the menu.
  const typedWork = createTypedWork((window) => windows.askAboutTyped(window));
  const windows = createWindows({
    preload: path.join(import.meta.dirname, '../preload/index.cjs'),
    base,
    places: openWindowPlaces(path.join(userData, 'windows.json')),
    onHostGone: (reason) => profileHost.noteHostGone(reason),
    onPageGone: (page) => exports.notePageGone(page),
    onUserWindowClosed: () => {
      if (!menu.hasTray() && userWindows.every((role) => windows.count(role) === 0)) app.quit();
    },
    typedWork,
    log,
  });

  const actions: AppMenuActions = {
    command: (name) => windows.announceToFocused('menu.command', { command: name }),
    newWindow: () => windows.openMain(),
    openSettings: (section) => windows.openSettings(section),
    openDoctor: () => windows.openDoctor(),
    openJobs: () => windows.openJobs(),
    openOperations: () => windows.openOperations(),
    quit: () => app.quit(),
    syncNow: () => engine.syncNow(),
    setWorkOffline: (isOn) => engine.setWorkOffline(isOn),
    checkUpdates: () => {
      windows.openSettings('about');
      void updates.check();
    },
    open: () => windows.focusMain(),
  };
  const menu = createAppMenu({
    actions,
    text,
    state: () => {
      const now = session.state();
      return {
        isAtWork: now.status === 'signedIn' && !now.isLocked,
        seesOperations: now.status === 'signedIn' && now.actor.permissions.includes('system.health'),
        workOffline: engine.status().workOffline,
        isMac: process.platform === 'darwin',
        isDevelopment: !app.isPackaged,
      };
    },
    log,
  });

  // Data: the server brought along, data host, engine, session.
  const profiles = openProfiles(userData);
  const address = openServerAddress(path.join(userData, 'server.port'));
  const moved = options.hasEmbeddedServer ? await address.settle() : null;
  if (moved !== null) profiles.moveServer(moved.from, moved.to);
  /** What the embedded server does is told where every server's state is: at the chip, by the next exchange. */
  const exchangeWithEmbedded = (): void => {
    if (session.active()?.account.serverUrl === address.url()) engine.syncNow();
  };
  const embedded = createEmbeddedServer({
    startThread: createThreadStarter(locateServer(import.meta.dirname), scheduler),
    dataDir: path.join(userData, 'server'),
    address,
    clock,
    scheduler,
    onDown: exchangeWithEmbedded,
    onUp: exchangeWithEmbedded,
    log,
  });
  async function openDemoServer(): Promise<string> {
    if (options.serverUrl !== null) return options.serverUrl;
    if (options.hasEmbeddedServer) return embedded.start();
    throw new OutpostError('not_found', 'Outpost was started without its own server. Enter the address of one.');
  }
  const events = createEventBus({
    onChange: (recent, fresh) => windows.announce('events.changed', { recent, fresh }, ['main']),
    scheduler,
    log,
  });
  const planned = (): Maintenance | null => stillPlanned(session.active()?.state().maintenance ?? null, clock.now());
  const liveWatch = createLiveWatch({
    clock,
    scheduler,
    viewerId: () => session.active()?.state().actor.userId ?? null,
    onPresence: (online) => windows.announce('presence.changed', { online }, ['main', 'settings', 'audit']),
    onEvents: (raised) => events.raise(raised),
    planned,
    onPlanned: (maintenance) => {
      session.active()?.update({ maintenance });
      windows.announce('maintenance.changed', { planned: planned() }, ['main', 'settings', 'audit']);
    },
  });
  const askMaintenance = createMaintenanceQuestions({
    clock,
    isToldLive: () => liveWatch.isOpen(),
    ask: async () => {
      const active = session.active();
      if (active === null) return null;
      const plan = await active.access.run((token) => client.readMaintenance(active.account.serverUrl, token));
      // Whoever signed in meanwhile may be of another organization.
      return session.active() === active ? plan : null;
    },
    onAnswer: (found) => liveWatch.noteMaintenance({ t: 'maintenance', planned: found }),
    log,
  });
  const exchanges = createExchangeLog(clock, () => performance.now());
  const client = watchClient(
    createServerClient(
      watchExchange(createExchange(), { tracing: watch.tracing, log, elapsedMs: () => performance.now() }),
      async (serverUrl) => {
        if (options.hasEmbeddedServer) await embedded.wake(serverUrl);
      },
    ),
    exchanges,
    (progress) => windows.announce('doctor.progress', progress, ['doctor']),
  );
  const hostLink = createHostLink(
    (requestId, request) => windows.announce('host.request', { requestId, request }, ['dataHost']),
    scheduler,
    (kind) => log(`the local database is slow to answer ${kind}`),
  );
  const host = hearHost(
    watchHost(hostLink, exchanges, (findings) => doctor.noteCompared(findings)),
    events,
  );
  const isNetworkUp = (): boolean => {
    if (!app.isReady()) return false;
    const active = session.active();
    return net.isOnline() || (active !== null && isOnThisComputer(active.account.serverUrl));
  };
  function followRefusal(refusal: OutpostError): void {
    session.noteRefusal(refusal).catch((error: unknown) => log('a refusal could not be followed', error));
  }
  const files = createFiles({
    host,
    client,
    clock,
    scheduler,
    createId,
    isOnline: () => isExchanging(engine.status()),
    isUpToDate: () => engine.status().phase === 'idle' && engine.status().pendingCount === 0,
    rules: () => preferences.get(),
    openPath: (file) => shell.openPath(file),
    onChanged: (ids) => {
      windows.announce('files.changed', { ids }, ['main', 'settings', 'audit']);
    },
    onRefused: () => engine.noteAttentionChanged(),
    log,
  });
  /** What the browser shows when somebody comes back from it. */
  const returnWords = () => {
    const { browserDone: done, browserFailed: failed, browserClose: close } = text();
    return { language: chooseShellLanguage(preferences.get().language, app.getLocale()), done, failed, close };
  };
  const mail = createMailEngine({
    credentials: createCredentials({
      secrets: () => session.secrets(),
      profileId: () => session.active()?.account.profileId ?? '',
      clock,
      openExternal: (url) => shell.openExternal(url),
      words: returnWords,
    }),
    ask: (request) => host.request(request),
    isHostReady: () => hostLink.isReady(),
    files,
    clock,
    scheduler,
    createId,
    isOnline: () => app.isReady() && net.isOnline(),
    isHeld: (kind) => jobs.isPaused(kind),
    onChanged: () => {
      windows.announce('mailbox.changed', null, ['main', 'settings']);
      windows.announce('localJobs.changed', null, ['jobs']);
    },
    onAttention: () => engine.noteAttentionChanged(),
    log,
  });
  const engine = createEngine({
    client,
    host: files.follow(host),
    connectLive: watchLive(
      createLiveConnector(scheduler, {
        onPresence: liveWatch.notePresence,
        onMaintenance: liveWatch.noteMaintenance,
        onOpened: liveWatch.noteOpened,
        onClosed: liveWatch.noteClosed,
      }),
      exchanges,
    ),
    clock,
    scheduler,
    draw: Math.random,
    isNetworkUp: false,
    onStatus: (status) => {
      exchanges.noteStatus(status);
      askMaintenance(status);
      if (status.phase === 'offline' || status.phase === 'signedOut') liveWatch.clear();
      windows.announce('sync.changed', status);
      menu.refresh();
      files.noteStatus(status);
    },
    otherAttention: () => files.countRefused() + mail.attentionCount(),
    onAttention: (count) => {
      if (mail.dropErased()) engine.noteAttentionChanged();
      else windows.announce('attention.changed', { count });
    },
    onRefusal: (refusal) => followRefusal(refusal),
    log,
  });
  const profileHost = createProfileHost({
    host: files.follow(host),
    engine,
    scheduler,
    restartHost: () => windows.openDataHost(),
    clearLocalDatabases: () =>
      browserSession.defaultSession.clearStorageData({ origin: APP_ORIGIN, storages: ['indexdb'] }),
    log,
  });
  const jobs = createJobs<ActiveProfile>({
    clock,
    scheduler,
    draw: Math.random,
    createId,
    onChange: () => windows.announce('localJobs.changed', null, ['jobs']),
    log,
  });
  jobs.showAlso(mail.work);
  const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
  const placeDialogs = createPlaceDialogs();
  defineUpkeep(jobs, {
    clock,
    zone,
    tidyFiles: () => files.wake(),
    onFolderLost: () => {
      const { backupLost, backupLostBody } = text();
      showNotification(backupLost, backupLostBody, () => windows.openJobs());
    },
  });
  const backups = createBackups({
    active: () => session.active(),
    clock,
    createId,
    ownFolder: userData,
    ...placeDialogs,
    enqueue: () => jobs.enqueue({ kind: 'backup', data: { always: true }, priority: 1 }),
    onChanged: () => windows.announce('localJobs.changed', null, ['jobs']),
    onBack: () => engine.noteAttentionChanged(),
  });
  const exports = defineExports(jobs, {
    onStop: (id) => windows.announce('exports.stop', { id }, ['main']),
    onOffered: () => {
      windows.focusMain();
      windows.announce('exports.offered', null, ['main']);
    },
    onDue: () => windows.announce('exports.offered', null, ['main']),
    chooseFolder: placeDialogs.chooseFolder,
    createId,
    zone,
    log,
  });
  const keepImport = defineImports(jobs, {
    ask: (request) => host.request(request),
    isHostReady: () => hostLink.isReady(),
  });
  const vaultFile = path.join(userData, 'secrets.vault');
  const places = [
    createKeychainCandidate(userData),
    afterReady(createSafeStorageCandidate(safeStorage, path.join(userData, 'secrets.json'), process.platform)),
  ];
  const secrets = await openSecrets(places, profiles.keysIn(), hasVault(vaultFile));
  for (const reason of secrets.reasons) log(`keys are not kept in ${reason}`);
  const session = createSession({
    profiles,
    client,
    clock,
    uptimeMs: () => os.uptime() * 1000,
    scheduler,
    createId,
    secrets: secrets.store,
    retrySecrets: secrets.retry,
    vault: { exists: () => hasVault(vaultFile), open: (passphrase) => openVault(vaultFile, passphrase) },
    openDemoServer,
    onOpened: (profile) => {
      files.open(profile);
      // Before the mail, which asks whether its work is paused.
      jobs.open(profile);
      mail.open(profile);
      events.open(openKeptEvents(profile));
      messenger.open(openKeptAnnouncements(profile));
      engine.noteNetwork(isNetworkUp());
      return profileHost.open(profile);
    },
    onLeaving: (profileId) => {
      if (session.active()?.account.profileId === profileId) backups.destroyCopies();
      return mail.forgetCredentials(profileId, profiles.directoryOf(profileId));
    },
    onClosing: async () => {
      // What runs may still need everything else.
      await jobs.close();
      doctor.forget();
      events.close();
      messenger.close();
      await mail.close();
      files.close();
      return profileHost.close();
    },
    wipeDatabase: (profileId) => {
      removeCopies(profiles.directoryOf(profileId));
      removeMailCopies(profiles.directoryOf(profileId));
      return profileHost.wipe(profileId);
    },
    onActorChanged: (profile) => profileHost.noteActorChanged(profile),
    onChanged: (state) => {
      watch.reports.setUser(state.status === 'signedIn' ? state.actor.userId : null);
      windows.announce('session.changed', state);
      messenger.noteLock();
      menu.refresh();
    },
    log,
  });
  const messenger = createMessenger({
    clock,
    scheduler,
    show: ({ title, body, actions, onAction }) =>
      showMessage({
        title,
        body,
        buttons: actions.map((action) => text()[action]),
        onClick: () => onAction('open'),
        onButton: (index) => onAction(actions[index] ?? 'open'),
      }),
    setBadge: (unread) => {
      menu.setUnread(unread);
    },
    userId: () => session.active()?.state().actor.userId ?? null,
    isLocked: () => session.active()?.idle.isLocked() === true,
    isInFront: () => BrowserWindow.getFocusedWindow() !== null,
    isSettled: () => engine.status().phase === 'idle' || !isExchanging(engine.status()),
    isExchanging: () => isExchanging(engine.status()),
    turn: Math.random,
    request: (request) => host.request(request),
    openRoute: (route) => windows.focusMain(route),
    words: () => ({ many: (count) => text().manyNews.replace('#', String(count)), hidden: text().hiddenNews }),
    log,
  });
  const doctor = createDoctor({
    active: () => session.active(),
    directoryOf: (profileId) => profiles.directoryOf(profileId),
    engine,
    host,
    client,
    log: exchanges,
    clock,
    elapsedMs: () => performance.now(),
    info: () => info(),
  });
  const invitations = createOpenedInvitations(() => windows.announce('invitation.came', null, ['main']));
  const started = session
    .start(options.passphrase)
    .catch((error: unknown) => log('the session could not be opened', error));

  // Shell: updates, links.
  const updates = createUpdates({
    isPackaged: app.isPackaged,
    devFeedUrl: options.devFeedUrl,
    onStatus: (status) => windows.announce('update.changed', status, ['main', 'settings', 'audit']),
    log,
  });
  function takePreferences(next: Preferences): void {
    nativeTheme.themeSource = next.theme;
    files.wake();
    windows.announce('preferences.changed', next);
    menu.refresh();
  }
  const info = (): AppInfo => ({
    version: app.getVersion(),
    host: path.basename(process.execPath).startsWith('node') ? 'chromium' : 'electron',
    platform: process.platform,
    locale: app.getLocale(),
    secretBackend: session.backend(),
    hasDemo: options.serverUrl !== null || options.hasEmbeddedServer,
  });

  const passkeys = createPasskeySteps({ door: client.door, session, openExternal: (url) => shell.openExternal(url) });

  // The door for pages.
  const elsewhere = createSignInElsewhere({
    client: client.sso,
    session,
    openExternal: (url) => shell.openExternal(url),
    words: returnWords,
  });
  const door = createDoor({
    handlers: createHandlers({
      started,
      info,
      takeInvitation: () => invitations.take(),
      session,
      client,
      passkeys,
      elsewhere,
      engine,
      jobs,
      backups,
      exports,
      keepImport,
      host,
      doctor,
      online: liveWatch.online,
      events,
      planned,
      profileHost,
      files,
      mail,
      preferences,
      updates,
      typedWork,
      onPreferences: takePreferences,
      openSettings: (section) => windows.openSettings(section),
      openDoctor: () => windows.openDoctor(),
      openPlatform: () => windows.openPlatform(),
      openOperations: () => windows.openOperations(),
      openJobs: () => windows.openJobs(),
      openAudit: (path) => windows.openAudit(path),
      showRecord: (route) => windows.focusMain(route),
      openExternal: (url) => shell.openExternal(url),
      noteError: (told) => watch.reports.captureTold(told, { place: told.place }),
      takeNews: (news) => messenger.take(news),
      // A covered screen tells nothing aside.
      notify: (title, body, route) =>
        session.active()?.idle.isLocked() === true
          ? showNotification('Outpost', '', () => windows.focusMain())
          : showNotification(title, body, () => windows.focusMain(route)),
    }),
    allowedOrigins: [devServer === undefined ? APP_ORIGIN : new URL(devServer).origin],
    onInternalError: (name, error) => log(`${name} failed`, error),
  });
  ipcMain.handle(INVOKE_TRANSPORT, (event, name: unknown, input: unknown) => {
    const frame = event.senderFrame;
    const sender = {
      role: windows.roleOf(event.sender.id),
      url: frame?.url ?? '',
      isTopFrame: frame !== null && frame.parent === null,
      page: event.sender.id,
    };
    return door.answer(sender, name, input);
  });

  // Life: what the system tells us, and the end.
  const network = setInterval(() => {
    engine.noteNetwork(isNetworkUp());
    mail.wake();
  }, NETWORK_LOOK_MS);
  followSystem({
    noteInvitation: (found) => invitations.note(found),
    showMain: (route) => windows.focusMain(route),
    // Whoever opens the lid finds it locked where the organization has computers lock by themselves.
    onLocked: () => {
      if ((session.active()?.idle.minutes() ?? 0) > 0) session.lock();
    },
    onResumed: () => {
      jobs.noteClock();
      messenger.noteWake();
      engine.noteNetwork(isNetworkUp());
      engine.syncNow();
      session.checkLease().catch((error: unknown) => log('the lease could not be followed', error));
    },
    typedWork,
    close: async () => {
      clearInterval(network);
      await session.close();
      await embedded.stop();
      await watch.close();
    },
    onClosed: () => lock.release(),
    log,
  });

  // Read by Node when it is first named: while the window system is waited for, not while a window waits.
  void globalThis.Response;
  await app.whenReady();
  const rendererRoot = path.join(import.meta.dirname, '../renderer');
  protocol.handle(APP_SCHEME, (request) => serveAppFile(rendererRoot, request));
  limitPermissions();
  watchDownloads(browserSession.defaultSession, windows.announce);
  nativeTheme.themeSource = preferences.get().theme;
  invitations.note(findInvitation(process.argv.concat(link ?? [])));
  windows.openMain(findDeepLink(process.argv) ?? parseDeepLink(link ?? '') ?? '/home');
  windows.openDataHost();
  engine.noteNetwork(isNetworkUp());

  // What nobody waits for.
  watch.begin().catch((error: unknown) => log('traces could not be started', error));
  if (options.hasTray) menu.openTray();
  menu.refresh();
}
