// The first script of the main process, kept small: the window system waits until it has run. What must be told before
// is told here; the application itself is read while the windows are being prepared.
import { app, dialog, protocol } from 'electron';
import { findDebugSwitch } from '#main/debug-switch.ts';
import { APP_SCHEME } from '#main/shell/app-protocol.ts';
import { LINK_SCHEME } from '#main/shell/deep-links.ts';
import { chooseShellLanguage, shellTextOf } from '#main/shell/shell-text.ts';
import { writeLog } from '#main/write-log.ts';

/** A link that starts the application on macOS comes before there is anybody to follow it. */
let firstLink: string | null = null;
const keepLink = (event: Electron.Event, url: string): void => {
  event.preventDefault();
  firstLink = url;
};

async function startApplication(): Promise<void> {
  try {
    const application = await import('#main/application.ts');
    app.off('open-url', keepLink);
    await application.start(firstLink);
  } catch (error) {
    writeLog('Outpost cannot start', error);
    await app.whenReady();
    const text = shellTextOf(chooseShellLanguage('system', app.getLocale()));
    dialog.showErrorBox(text.lockedTitle, text.lockedBody);
    app.exit(1);
  }
}

protocol.registerSchemesAsPrivileged([
  {
    scheme: APP_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
  },
]);
// Filling the local database makes most of what a page ever allocates; with the small space a page is born with, what
// stays would be copied over and over.
app.commandLine.appendSwitch('js-flags', '--min-semi-space-size=16');
app.setAsDefaultProtocolClient(LINK_SCHEME);
const debugSwitch = app.isPackaged ? findDebugSwitch(process.argv) : null;
if (debugSwitch !== null) {
  // Before anything is opened: no key, no journal and no window for whoever listens.
  writeLog(`an installed Outpost does not start with ${debugSwitch}`);
  app.exit(1);
} else if (app.requestSingleInstanceLock()) {
  app.on('open-url', keepLink);
  void startApplication();
} else {
  app.quit();
}
