// The application menu as data: every item has an id, so that tests and screen readers find it whatever the language.
import type { MenuItemConstructorOptions } from 'electron';
import type { ShellText } from '#main/shell/shell-text.ts';

export interface MenuActions {
  /** A command of the screens: `palette`, `new:deal`, `go:/pipeline` … */
  command(name: string): void;
  newWindow(): void;
  openSettings(section: string): void;
  openDoctor(): void;
  openJobs(): void;
  openOperations(): void;
  quit(): void;
  syncNow(): void;
  setWorkOffline(isOn: boolean): void;
  checkUpdates(): void;
}

export interface MenuState {
  /** Signed in, and the screens are not covered: a menu must not do what the cover keeps from the screens. */
  readonly isAtWork: boolean;
  /** May see the health of the system. */
  readonly seesOperations: boolean;
  readonly workOffline: boolean;
  readonly isMac: boolean;
  readonly isDevelopment: boolean;
}

type Item = MenuItemConstructorOptions & { readonly id: string };

function fileMenu(text: ShellText, actions: MenuActions, state: MenuState): Item {
  const add = (id: string, label: string, entity: string, accelerator?: string): Item => ({
    id: `file.${id}`,
    label,
    enabled: state.isAtWork,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => actions.command(`new:${entity}`),
  });
  return {
    id: 'file',
    label: text.file,
    submenu: [
      add('newDeal', text.newDeal, 'deal', 'CmdOrCtrl+N'),
      add('newContact', text.newContact, 'contact'),
      add('newAccount', text.newAccount, 'account'),
      add('newLead', text.newLead, 'lead'),
      add('newTask', text.newTask, 'task'),
      { type: 'separator' },
      {
        id: 'file.newWindow',
        label: text.newWindow,
        accelerator: 'CmdOrCtrl+Shift+N',
        click: () => actions.newWindow(),
      },
      {
        id: 'file.settings',
        label: text.settings,
        accelerator: 'CmdOrCtrl+,',
        click: () => actions.openSettings('profile'),
      },
      { type: 'separator' },
      { id: 'file.close', role: 'close' },
      { id: 'file.quit', label: text.quit, accelerator: 'CmdOrCtrl+Q', click: () => actions.quit() },
    ],
  };
}

function goMenu(text: ShellText, actions: MenuActions, state: MenuState): Item {
  const screens = [
    'home',
    'pipeline',
    'deals',
    'accounts',
    'contacts',
    'leads',
    'tasks',
    'attention',
    'inbox',
  ] as const;
  return {
    id: 'go',
    label: text.go,
    submenu: [
      {
        id: 'go.palette',
        label: text.palette,
        accelerator: 'CmdOrCtrl+K',
        enabled: state.isAtWork,
        click: () => actions.command('palette'),
      },
      { type: 'separator' },
      ...screens.map((screen, index): Item => ({
        id: `go.${screen}`,
        label: text[screen],
        accelerator: `CmdOrCtrl+${index + 1}`,
        enabled: state.isAtWork,
        click: () => actions.command(`go:/${screen}`),
      })),
    ],
  };
}

function viewMenu(text: ShellText, state: MenuState): Item {
  const development: Item[] = state.isDevelopment ? [{ id: 'view.reload', role: 'reload' }] : [];
  return {
    id: 'view',
    label: text.view,
    submenu: [
      { id: 'view.zoomIn', role: 'zoomIn' },
      { id: 'view.zoomOut', role: 'zoomOut' },
      { id: 'view.resetZoom', role: 'resetZoom' },
      { id: 'view.fullScreen', role: 'togglefullscreen' },
      ...development,
    ],
  };
}

export function buildMenuTemplate(text: ShellText, actions: MenuActions, state: MenuState): Item[] {
  const edit = (['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll'] as const).map((role): Item => ({
    id: `edit.${role}`,
    role,
  }));
  const application: Item[] = state.isMac ? [{ id: 'application', role: 'appMenu' }] : [];
  return [
    ...application,
    fileMenu(text, actions, state),
    { id: 'edit', label: text.edit, submenu: edit },
    viewMenu(text, state),
    goMenu(text, actions, state),
    {
      id: 'sync',
      label: text.sync,
      submenu: [
        {
          id: 'sync.now',
          label: text.syncNow,
          accelerator: 'CmdOrCtrl+Shift+S',
          enabled: state.isAtWork,
          click: () => actions.syncNow(),
        },
        {
          id: 'sync.workOffline',
          label: text.workOffline,
          type: 'checkbox',
          checked: state.workOffline,
          enabled: state.isAtWork,
          click: (item) => actions.setWorkOffline(item.checked),
        },
      ],
    },
    { id: 'window', label: text.window, submenu: [{ id: 'window.minimize', role: 'minimize' }] },
    {
      id: 'help',
      label: text.help,
      submenu: [
        {
          id: 'help.shortcuts',
          label: text.shortcuts,
          enabled: state.isAtWork,
          click: () => actions.command('help'),
        },
        {
          id: 'help.syncDoctor',
          label: text.syncDoctor,
          enabled: state.isAtWork,
          click: () => actions.openDoctor(),
        },
        { id: 'help.jobs', label: text.jobs, enabled: state.isAtWork, click: () => actions.openJobs() },
        {
          id: 'help.operations',
          label: text.operations,
          visible: state.seesOperations,
          enabled: state.isAtWork,
          click: () => actions.openOperations(),
        },
        { id: 'help.checkUpdates', label: text.checkUpdates, click: () => actions.checkUpdates() },
      ],
    },
  ];
}

export function buildTrayTemplate(text: ShellText, actions: MenuActions & { open(): void }, state: MenuState): Item[] {
  return [
    { id: 'tray.open', label: text.open, click: () => actions.open() },
    { id: 'tray.syncNow', label: text.syncNow, enabled: state.isAtWork, click: () => actions.syncNow() },
    {
      id: 'tray.workOffline',
      label: text.workOffline,
      type: 'checkbox',
      checked: state.workOffline,
      enabled: state.isAtWork,
      click: (item) => actions.setWorkOffline(item.checked),
    },
    { id: 'tray.quit', label: text.quit, click: () => actions.quit() },
  ];
}
