// `npm start`: builds what changed and opens the app in Electron or, where its binary cannot be had, in the Chromium
// host. The server of the demo company is the app's own affair, here as in an installed one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfNeeded } from './build-if-needed.ts';
import { findElectron } from './find-electron.ts';

const usage = `npm start [-- options]
  --headless           no window: for machines without a display (Chromium host)
  --host=NAME          electron or chromium; otherwise Electron if it can be had
  --server=URL         try the demo company on this sync server instead of the app's own
  --no-server          the app may start none
  --profile DIR        keep all data in this folder`;

const root = path.resolve(import.meta.dirname, '..');

interface StartOptions {
  readonly isHeadless: boolean;
  readonly host: 'electron' | 'chromium' | undefined;
  readonly serverUrl: string | undefined;
  readonly hasServer: boolean;
  /** Where Outpost keeps everything anyway, when absent. */
  readonly userData: string | undefined;
  readonly rest: readonly string[];
}

function readOptions(): StartOptions {
  const { values, positionals } = parseArgs({
    options: {
      headless: { type: 'boolean', default: process.env['OUTPOST_HEADLESS'] === '1' },
      host: { type: 'string' },
      server: { type: 'string' },
      'no-server': { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
    allowPositionals: true,
  });
  const { host } = values;
  if (host !== undefined && host !== 'electron' && host !== 'chromium')
    throw new Error(`--host must be electron or chromium, not ${host}`);
  return {
    isHeadless: values.headless,
    host,
    serverUrl: values.server,
    hasServer: !values['no-server'],
    userData: values.profile === undefined ? undefined : path.resolve(values.profile),
    rest: positionals,
  };
}

/** The command that runs the app: Electron itself, or Node with the host. */
async function chooseHost(options: StartOptions): Promise<readonly string[]> {
  const chromium = [process.execPath, path.join(root, 'src/host/launch.ts')];
  if (options.host === 'chromium' || (options.isHeadless && options.host === undefined)) return chromium;
  const electron = await findElectron();
  if (electron !== undefined) return process.getuid?.() === 0 ? [electron, '--no-sandbox'] : [electron];
  if (options.host === 'electron')
    throw new Error(
      'Electron is not installed and could not be downloaded. Try: node node_modules/electron/install.js',
    );
  console.log('Electron could not be downloaded: starting in the Chromium host.');
  return chromium;
}

function assertDisplay(isHeadless: boolean): void {
  if (process.platform !== 'linux' || isHeadless) return;
  if (process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']) return;
  throw new Error('There is no display to open a window on. Start with: npm start -- --headless');
}

async function runApp(command: readonly string[], options: StartOptions): Promise<number> {
  const [file = '', ...before] = command;
  const args = [
    ...before,
    ...(options.userData === undefined ? [] : [`--user-data-dir=${options.userData}`]),
    ...(options.isHeadless ? ['--headless'] : []),
    root,
    // A tray nobody can see would keep the app running after its last window was closed.
    ...(file === process.execPath ? ['--no-tray'] : []),
    ...(options.serverUrl === undefined ? [] : [`--server-url=${options.serverUrl}`]),
    ...(options.hasServer ? [] : ['--no-server']),
    ...options.rest,
  ];
  const app = spawn(file, args, { cwd: root, stdio: 'inherit' });
  // A terminal signals the whole group and the app hears it itself; the others reach this process alone.
  const forward = (signal: NodeJS.Signals): void => void app.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, forward);
  const [code] = (await once(app, 'exit')) as [number | null];
  return code ?? 1;
}

async function start(): Promise<number> {
  const options = readOptions();
  assertDisplay(options.isHeadless);
  if (await buildIfNeeded()) console.log('Built the app.');
  return runApp(await chooseHost(options), options);
}

if (process.argv.includes('--help')) {
  console.log(usage);
} else if (!process.version.startsWith('v24.')) {
  console.error(`Outpost needs Node 24; this is ${process.version}. Run npm ci, then npm start, which brings its own.`);
  process.exitCode = 1;
} else {
  start().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    },
  );
}
