// What the system tells the application while it lives: links, another start, sleep, a locked screen, and the end.
import { app, BrowserWindow, powerMonitor } from 'electron';
import { findDeepLink, parseDeepLink } from '#main/shell/deep-links.ts';
import { findInvitation } from '#main/shell/invitation-links.ts';
import type { TypedWork } from '#main/shell/typed-work.ts';

export interface SystemDeps {
  readonly noteInvitation: (found: ReturnType<typeof findInvitation>) => void;
  /** Shows the main window, at a route when there is one. */
  readonly showMain: (route?: string | null) => void;
  /** The lid was closed, or somebody locked the screen. */
  readonly onLocked: () => void;
  readonly onResumed: () => void;
  readonly typedWork: Pick<TypedWork, 'whenLetGo' | 'stopAsking'>;
  /** Closes everything that must be closed in good order; the application ends when it is done. */
  readonly close: () => Promise<void>;
  readonly onClosed: () => void;
  readonly log: (message: string, error?: unknown) => void;
}

export function followSystem(deps: SystemDeps): void {
  app.on('second-instance', (_event, args) => {
    deps.noteInvitation(findInvitation(args));
    deps.showMain(findDeepLink(args));
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    deps.noteInvitation(findInvitation([url]));
    deps.showMain(parseDeepLink(url));
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length > 0) deps.showMain();
  });
  let state: 'open' | 'closing' | 'closed' = 'open';
  function close(): void {
    if (state !== 'open') return;
    state = 'closing';
    deps.typedWork.stopAsking();
    void deps
      .close()
      .catch((error: unknown) => deps.log('closing was not clean', error))
      .finally(() => {
        state = 'closed';
        deps.onClosed();
        app.quit();
      });
  }
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'open') deps.typedWork.whenLetGo(close);
  });
  // Whoever sends one waits for nobody.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      deps.typedWork.stopAsking();
      app.quit();
    });
  // `powerMonitor` can be asked only then.
  void app.whenReady().then(() => {
    powerMonitor.on('shutdown', () => deps.typedWork.stopAsking());
    powerMonitor.on('suspend', () => deps.onLocked());
    powerMonitor.on('lock-screen', () => deps.onLocked());
    powerMonitor.on('resume', () => deps.onResumed());
  });
}
