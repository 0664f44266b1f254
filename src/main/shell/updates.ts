// New versions, from a plain folder on a web server. A packaged application uses the address it was built with; one that
// runs from its sources has none unless OUTPOST_UPDATE_FEED names one. Nothing is installed without the user's word.
import type { UpdateStatus } from '#shared/ipc/app-channels.ts';

export interface Updates {
  readonly status: () => UpdateStatus;
  check(): Promise<UpdateStatus>;
  /** Closes the application and installs what is ready; does nothing when nothing is. */
  install(): void;
}

interface UpdatesOptions {
  readonly isPackaged: boolean;
  readonly devFeedUrl: string | null;
  readonly onStatus: (status: UpdateStatus) => void;
  readonly log: (message: string, error?: unknown) => void;
}

/** The part of electron-updater that is used. */
interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  allowDowngrade: boolean;
  forceDevUpdateConfig: boolean;
  logger: unknown;
  setFeedURL(options: { readonly provider: 'generic'; readonly url: string }): void;
  checkForUpdates(): Promise<unknown>;
  quitAndInstall(): void;
  on(event: string, listener: (info: never) => void): unknown;
}

export function createUpdates(options: UpdatesOptions): Updates {
  const isSupported = options.isPackaged || options.devFeedUrl !== null;
  let status: UpdateStatus = { state: isSupported ? 'idle' : 'unsupported' };
  let loading: Promise<Updater> | null = null;

  function change(next: UpdateStatus): void {
    status = next;
    options.onStatus(next);
  }

  function fail(error: unknown): void {
    options.log('updating failed', error);
    const isForged = error instanceof Error && 'code' in error && error.code === 'ERR_CHECKSUM_MISMATCH';
    const message = isForged
      ? 'What was fetched is not the file that was promised, so it was thrown away. Tell your administrator.'
      : 'The update could not be fetched. Try again later.';
    // The library tells of one failure twice: as event and as rejection.
    if (status.state !== 'failed' || status.message !== message) change({ state: 'failed', message });
  }

  async function load(): Promise<Updater> {
    const { default: library } = (await import('electron-updater')) as unknown as {
      readonly default: { readonly autoUpdater: Updater };
    };
    const updater = library.autoUpdater;
    updater.autoDownload = true;
    updater.autoInstallOnAppQuit = false;
    updater.allowDowngrade = false;
    updater.logger = null;
    if (!options.isPackaged && options.devFeedUrl !== null) {
      updater.forceDevUpdateConfig = true;
      updater.setFeedURL({ provider: 'generic', url: options.devFeedUrl });
    }
    updater.on('checking-for-update', () => change({ state: 'checking' }));
    updater.on('update-not-available', () => change({ state: 'none' }));
    updater.on('update-available', (info: { version: string }) =>
      change({ state: 'available', version: info.version }),
    );
    updater.on('download-progress', (info: { percent: number }) =>
      change({ state: 'downloading', percent: Math.round(info.percent) }),
    );
    updater.on('update-downloaded', (info: { version: string }) => change({ state: 'ready', version: info.version }));
    updater.on('error', fail);
    return updater;
  }

  return {
    status: () => status,
    async check() {
      if (!isSupported) return status;
      try {
        loading ??= load();
        await (await loading).checkForUpdates();
      } catch (error) {
        fail(error);
      }
      return status;
    },
    install() {
      if (status.state !== 'ready' || loading === null) return;
      void loading.then((updater) => updater.quitAndInstall());
    },
  };
}
