// The smallest app that uses what the desktop host must give: two kinds of windows, IPC both ways, a scheme of its own,
// one instance, refused navigation. The tests drive it through Playwright and look at `globalThis.fixture`.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, BrowserWindow, ipcMain, net, protocol } from 'electron';

interface Fixture {
  readonly received: unknown[];
  readonly refusedOpens: string[];
  readonly refusedNavigations: string[];
  readonly secondStarts: string[][];
  openWindow(hash: string, isShown?: boolean): BrowserWindow;
}
declare global {
  var fixture: Fixture;
}

const folder = import.meta.dirname;
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

function openWindow(hash: string, isShown = true): BrowserWindow {
  const window = new BrowserWindow({
    width: 900,
    height: 640,
    show: isShown,
    webPreferences: {
      preload: path.join(folder, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      backgroundThrottling: isShown,
    },
  });
  window.webContents.setWindowOpenHandler(({ url }) => {
    globalThis.fixture.refusedOpens.push(url);
    return { action: 'deny' };
  });
  window.webContents.on('will-navigate', (event) => {
    globalThis.fixture.refusedNavigations.push(event.url);
    event.preventDefault();
  });
  window.loadURL(`app://fixture/index.html#${hash}`).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
  });
  return window;
}

globalThis.fixture = { received: [], refusedOpens: [], refusedNavigations: [], secondStarts: [], openWindow };

ipcMain.handle('echo', (_event, value: unknown) => value);
ipcMain.handle('sender', (event) => event.senderFrame?.url);
ipcMain.handle('boom', () => {
  throw new Error('main exploded');
});
ipcMain.on('told', (_event, ...values: unknown[]) => globalThis.fixture.received.push(values));
app.on('window-all-closed', () => undefined);
app.on('second-instance', (_event, argv) => globalThis.fixture.secondStarts.push(argv));

if (app.requestSingleInstanceLock()) {
  void app.whenReady().then(() => {
    protocol.handle('app', (request) => {
      const file = path.join(folder, new URL(request.url).pathname);
      if (!existsSync(file)) return new Response('not found', { status: 404 });
      return net.fetch(pathToFileURL(file).href);
    });
    openWindow('main');
  });
} else {
  app.quit();
}
