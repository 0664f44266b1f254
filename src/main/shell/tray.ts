import { Menu, Tray, nativeImage } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';

/** 32 × 32, drawn for this purpose: a blue tile with a white ring. */
const icon =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAAAb0lEQVR42u2XSw4AEAwFXcbJHN8h2No0aR/9oJNYYpLqRynJQm19WCzXy0mJFLhKgEJdgIuKgJSjAihHBLiHSyVgAWmotgSQ2HL3QAJomqbAOwLmj9A9DUMUIvdSHKIZhWjHIQaSnAnfFnD/mn3LBFSygrHpSrzMAAAAAElFTkSuQmCC';

export interface TrayIcon {
  setMenu(template: MenuItemConstructorOptions[], toolTip: string): void;
}

/** Throws where the desktop has no tray. */
export function createTrayIcon(onOpen: () => void): TrayIcon {
  const tray = new Tray(nativeImage.createFromDataURL(icon).resize({ width: 16, height: 16 }));
  tray.on('click', onOpen);
  return {
    setMenu(template, toolTip) {
      tray.setContextMenu(Menu.buildFromTemplate(template));
      tray.setToolTip(toolTip);
    },
  };
}
