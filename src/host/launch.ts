// Starts an app as Electron's executable would: the same arguments, `-r` scripts first, then the main of package.json
// (or the file given), then Chromium, then 'ready'.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { hostState, tell } from './host-state.ts';
import { registerElectronModule } from './register.ts';

interface CommandLine {
  readonly required: readonly string[];
  readonly appFolder: string;
}

function readCommandLine(given: readonly string[]): CommandLine {
  const required: string[] = [];
  for (let at = 0; at < given.length; at += 1) {
    const argument = given[at] ?? '';
    if (argument === '-r' || argument === '--require') {
      required.push(given[at + 1] ?? '');
      at += 1;
    } else if (!argument.startsWith('-')) return { required, appFolder: path.resolve(argument) };
  }
  throw new Error('Give the folder of the app, e.g. electron .');
}

function findMain(place: string): string {
  if (!statSync(place).isDirectory()) {
    hostState.appPath = path.dirname(place);
    return place;
  }
  hostState.appPath = place;
  const info = JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8')) as Partial<
    typeof hostState.packageInfo
  > & { main?: string };
  hostState.packageInfo = {
    name: info.name ?? 'electron',
    productName: info.productName,
    version: info.version ?? '0.0.0',
  };
  return path.join(place, info.main ?? 'index.js');
}

function readElectronVersion(): string {
  const { version } = createRequire(import.meta.url)('electron/package.json') as { version: string };
  return version;
}

function dressProcess(): void {
  process.argv = [hostState.executable, ...process.argv.slice(2)];
  const set = (key: string, value: unknown): void => {
    Object.defineProperty(process, key, { value, configurable: true, enumerable: true, writable: true });
  };
  set('type', 'browser');
  set('defaultApp', true);
  set('resourcesPath', path.join(hostState.appPath, 'resources'));
  set('versions', { ...process.versions, electron: readElectronVersion() });
  // Test tools reach the app through the debugger and `require`; libraries sniff it, so it is there for them alone.
  if (process.execArgv.some((argument) => argument.startsWith('--inspect')))
    Object.assign(globalThis, { require: createRequire(import.meta.url) });
}

async function launch(): Promise<void> {
  const { required, appFolder } = readCommandLine(process.argv.slice(2));
  const main = findMain(appFolder);
  tell('this is the Chromium host, a stand-in for Electron to run and test the app, not a security boundary');
  registerElectronModule();
  dressProcess();
  const { app, becomeReady } = await import('./api/app.ts');
  // As in Electron: a forgotten rejection is told and does not end the app.
  process.on('unhandledRejection', (reason) =>
    tell(`unhandled rejection: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`),
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    let askedAt = 0;
    process.on(signal, () => {
      // A terminal and a parent process may both pass on one Ctrl-C; only a later one means impatience.
      if (askedAt > 0 && performance.now() - askedAt > 1_000) process.exit(1);
      askedAt ||= performance.now();
      app.quit();
    });
  }
  const require = createRequire(path.join(process.cwd(), 'launch.cjs'));
  for (const script of required) require(script);
  await import(pathToFileURL(main).href);
  await becomeReady();
}

launch().catch((error: unknown) => {
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
