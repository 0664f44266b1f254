// The menu of the application, the menu of its tray and the badge: built anew when something they show has changed.
import { app, Menu } from 'electron';
import { buildMenuTemplate, buildTrayTemplate, type MenuActions, type MenuState } from '#main/shell/menu-template.ts';
import type { ShellText } from '#main/shell/shell-text.ts';
import { createTrayIcon, type TrayIcon } from '#main/shell/tray.ts';

/** `open` is for the tray: it shows the main window. */
export type AppMenuActions = MenuActions & { open(): void };

export interface AppMenuDeps {
  readonly actions: AppMenuActions;
  readonly text: () => ShellText;
  readonly state: () => MenuState;
  readonly log: (message: string, error?: unknown) => void;
}

export interface AppMenu {
  /** Something it shows may have changed. */
  refresh(): void;
  setUnread(count: number): void;
  openTray(): void;
  /** Without a tray the application ends with its last window. */
  hasTray(): boolean;
}

export function createAppMenu({ actions, text, state, log }: AppMenuDeps): AppMenu {
  let tray: TrayIcon | null = null;
  let shown = '';
  let unread = 0;

  function refresh(): void {
    if (!app.isReady()) return;
    const now = state();
    const key = JSON.stringify([now, text().file, unread]);
    if (key === shown) return;
    shown = key;
    Menu.setApplicationMenu(Menu.buildFromTemplate(buildMenuTemplate(text(), actions, now)));
    tray?.setMenu(buildTrayTemplate(text(), actions, now), unread === 0 ? 'Outpost' : `Outpost · ${String(unread)}`);
  }

  return {
    refresh,
    setUnread(count) {
      unread = count;
      app.setBadgeCount(count);
      refresh();
    },
    openTray() {
      try {
        tray = createTrayIcon(() => actions.open());
        shown = '';
      } catch (error) {
        log('this desktop has no tray', error);
      }
    },
    hasTray: () => tray !== null,
  };
}
