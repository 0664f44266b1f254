// Menu and MenuItem: the real object model with nothing drawn. Items are clicked by code (getMenuItemById(id).click());
// accelerators are not simulated, and showing a popup menu throws.
import { EventEmitter } from 'node:events';
import type Electron from 'electron';
import { createStrict, createUnavailableError } from '../unavailable.ts';
import { appEvents, createEvent } from '../registry.ts';
import { BrowserWindow } from './browser-window.ts';

type ItemOptions = Electron.MenuItemConstructorOptions;

/** Roles that can be acted out; the others (edit, zoom, services …) throw when clicked. */
const roles: Record<string, (window: BrowserWindow | null) => void> = {
  quit: () => appEvents.emit('-quit-chosen'),
  close: (window) => window?.close(),
  minimize: (window) => window?.minimize(),
  reload: (window) => window?.reload(),
  togglefullscreen: (window) => window?.setFullScreen(!window.isFullScreen()),
};
const roleLabels: Record<string, string> = {
  quit: 'Quit',
  close: 'Close Window',
  minimize: 'Minimize',
  reload: 'Reload',
  togglefullscreen: 'Toggle Full Screen',
};
let lastCommandId = 0;

export class MenuItem {
  readonly id: string;
  readonly commandId: number;
  readonly type: NonNullable<ItemOptions['type']>;
  readonly role: ItemOptions['role'];
  readonly accelerator: ItemOptions['accelerator'];
  readonly icon: ItemOptions['icon'];
  readonly submenu: Menu | undefined;
  label: string;
  sublabel: string;
  toolTip: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  menu: Menu | undefined;
  private readonly action: ItemOptions['click'];

  constructor(options: ItemOptions) {
    this.commandId = lastCommandId += 1;
    this.id = options.id ?? '';
    this.role = options.role;
    this.submenu = Array.isArray(options.submenu)
      ? Menu.buildFromTemplate(options.submenu)
      : (options.submenu as unknown as Menu | undefined);
    this.type = options.type ?? (this.submenu === undefined ? 'normal' : 'submenu');
    this.accelerator = options.accelerator;
    this.icon = options.icon;
    this.label = options.label ?? roleLabels[(options.role ?? '').toLowerCase()] ?? options.role ?? '';
    this.sublabel = options.sublabel ?? '';
    this.toolTip = options.toolTip ?? '';
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.action = options.click;
    return createStrict('MenuItem', this);
  }

  /** What a user's click does; a disabled item does nothing. */
  click(): void {
    if (!this.enabled) return;
    const window = BrowserWindow.getFocusedWindow();
    if (this.type === 'checkbox') this.checked = !this.checked;
    if (this.type === 'radio') this.choose();
    if (this.action !== undefined) {
      this.action(
        this as unknown as Electron.MenuItem,
        window as unknown as Electron.BaseWindow,
        createEvent() as unknown as Electron.KeyboardEvent,
      );
    } else if (this.role !== undefined) {
      const act = roles[this.role.toLowerCase()];
      if (act === undefined) throw createUnavailableError(`menu role '${this.role}'`);
      act(window);
    }
  }

  /** Only one of a run of radio items is checked. */
  private choose(): void {
    const items = this.menu?.items ?? [];
    const at = items.findIndex((item) => item.commandId === this.commandId);
    const isRadio = (item: MenuItem | undefined): boolean => item?.type === 'radio';
    for (let index = at - 1; isRadio(items[index]); index -= 1) items[index]?.uncheck();
    for (let index = at + 1; isRadio(items[index]); index += 1) items[index]?.uncheck();
    this.checked = true;
  }
  private uncheck(): void {
    this.checked = false;
  }
}

let applicationMenu: Menu | null = null;

export class Menu extends EventEmitter {
  items: MenuItem[] = [];

  constructor() {
    super();
    return createStrict('Menu', this);
  }

  append(item: MenuItem): void {
    this.insert(this.items.length, item);
  }
  insert(position: number, item: MenuItem): void {
    item.menu = this;
    this.items.splice(position, 0, item);
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found !== undefined && found !== null) return found;
    }
    return null;
  }

  static buildFromTemplate(template: readonly (ItemOptions | MenuItem)[]): Menu {
    const menu = new Menu();
    for (const entry of template) menu.append(entry instanceof MenuItem ? entry : new MenuItem(entry));
    return menu;
  }
  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu;
  }
  static getApplicationMenu(): Menu | null {
    return applicationMenu;
  }
}
