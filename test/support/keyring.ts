// A keychain as Linux desktops have one: GNOME's keyring on a session bus of its own, in a home of its own, so that no
// person's keyring is touched. The keyring must be there, unlocked, before anybody asks the bus for it: otherwise the bus
// starts one by itself, and that one is locked.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { waitFor } from '#test/support/device.ts';

export interface Keyring {
  /** For programs that are to find it. */
  readonly env: { readonly DBUS_SESSION_BUS_ADDRESS: string };
  /** The keyring ends; the bus stays, and starts a locked one for whoever asks. */
  endDaemon(): Promise<void>;
  stop(): Promise<void>;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

function hasKeyring(env: NodeJS.ProcessEnv): boolean {
  const question = ['org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets'];
  const run = spawnSync('dbus-send', ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/', ...question], {
    env,
    encoding: 'utf8',
  });
  if (run.error !== undefined) throw run.error;
  return run.stdout.includes('boolean true');
}

/** Without `isUnlocked` there is a bus, and on it a keyring that nobody can unlock. */
export async function startKeyring(options: { readonly isUnlocked: boolean }): Promise<Keyring> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'outpost-keyring-'));
  const runtime = path.join(home, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const place = { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: home };
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address=1'], {
    env: place,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [address] = (await once(createInterface({ input: bus.stdout }), 'line')) as [string];
  const env = { DBUS_SESSION_BUS_ADDRESS: address };
  let daemon: ChildProcess | null = null;
  if (options.isUnlocked) {
    daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
      env: { ...place, ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    daemon.stdin?.end('the password of a test');
    await waitFor('the keyring on its bus', () => Promise.resolve(hasKeyring({ ...place, ...env })));
  }
  return {
    env,
    endDaemon: async () => {
      if (daemon !== null) await end(daemon);
    },
    async stop() {
      if (daemon !== null) await end(daemon);
      // A keyring that the bus started leaves with it.
      await end(bus);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
