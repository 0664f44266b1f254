import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findMissingElectronMembers } from '#test/support/find-missing-electron-members.ts';

const mainFolder = path.resolve(import.meta.dirname, '../../../src/main');

describe('the slices of Electron the Chromium host has', () => {
  it('HOST-18 cover every member of electron that the main process uses', () => {
    const files = readdirSync(mainFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const missing = files.flatMap((name) =>
      findMissingElectronMembers(readFileSync(path.join(mainFolder, name), 'utf8')).map(
        (member) => `${name}: ${member}`,
      ),
    );
    expect(files).not.toEqual([]);
    expect(missing).toEqual([]);
  });

  it('HOST-18 a member the host lacks is found, wherever it is read from', () => {
    const source = `
      import { app, BrowserWindow, utilityProcess, type Tray, session, shell as desktop } from 'electron';
      import { shell } from './session.windows.ts';
      // app.inComment is nobody's call
      app.quit(); app.showEmojiPanel(); BrowserWindow.getAllWindows(); BrowserWindow.addExtension('x');
      window.webContents.send('x'); window.webContents.findInPage('y'); window.setProgressBar(1); window.getBounds();
      session.defaultSession.setPermissionRequestHandler(null); session.defaultSession.setProxy({});
      shell.open(); desktop.beep();
    `;
    expect(findMissingElectronMembers(source)).toEqual([
      'app.showEmojiPanel',
      'BrowserWindow.addExtension',
      'utilityProcess',
      'shell.beep',
      'webContents.findInPage',
      'session.setProxy',
      'BrowserWindow.setProgressBar',
    ]);
  });

  it('HOST-18 a source that does not import electron is not judged', () => {
    expect(findMissingElectronMembers('window.scrollTo(0, 0)')).toEqual([]);
  });
});
