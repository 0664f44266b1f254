// A keychain as Linux desktops have one: GNOME's keyring on a session bus of its own, in a home of its own, so that no
// person's keyring is touched. The keyring must be there, unlocked, before anybody asks the bus for it: otherwise the bus
// starts one by itself, and that one is locked.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { waitFor } from '#test/support/device.ts';

const password = 'the password of a test';

export interface Keyring {
  /** For programs that are to find it. */
  readonly env: { readonly DBUS_SESSION_BUS_ADDRESS: string };
  /** As after a while without use: it is there and gives nothing. */
  lock(): void;
  /** As after its password was given: with what was kept. */
  unlock(): Promise<void>;
  /** It ends; the bus stays, and starts a locked one for whoever asks. */
  endDaemon(): Promise<void>;
  stop(): Promise<void>;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** What the system does after a person has given it the password: credentials (one byte), length, unlock (1), password. */
async function sendPassword(controlSocket: string): Promise<void> {
  const bytes = Buffer.from(password);
  const packet = Buffer.alloc(12);
  for (const [at, value] of [packet.length + bytes.length, 1, bytes.length].entries())
    packet.writeUInt32BE(value, at * 4);
  const socket = connect(controlSocket);
  socket.write(Buffer.concat([Buffer.from([0]), packet, bytes]));
  await once(socket, 'data');
  socket.destroy();
}

const secrets = '/org/freedesktop/secrets';
const collection = `${secrets}/collection/login`;

interface Bus {
  /** For programs that are to be part of this desktop. */
  readonly env: Readonly<Record<string, string>>;
  readonly address: string;
  readonly home: string;
  /** One call, and what came back as text. */
  send(to: string, ...message: readonly string[]): string;
  stop(): Promise<void>;
}

async function startBus(): Promise<Bus> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'outpost-keyring-'));
  const runtime = path.join(home, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const place = { PATH: process.env['PATH'] ?? '', HOME: home, XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: home };
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address=1'], {
    env: place,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [address] = (await once(createInterface({ input: bus.stdout }), 'line')) as [string];
  const env = { ...place, DBUS_SESSION_BUS_ADDRESS: address };
  return {
    env,
    address,
    home,
    send(to, ...message) {
      const args = ['--session', '--print-reply', `--dest=${to}`, ...message];
      const run = spawnSync('dbus-send', args, { env, encoding: 'utf8' });
      if (run.error !== undefined) throw run.error;
      return run.stdout;
    },
    async stop() {
      await end(bus);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Without `isUnlocked` there is a bus, and on it a keyring that nobody can unlock. */
export async function startKeyring(options: { readonly isUnlocked: boolean }): Promise<Keyring> {
  const bus = await startBus();
  const send: typeof bus.send = (to, ...message) => bus.send(to, ...message);
  const isThere = (): boolean =>
    send('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets').includes(
      'boolean true',
    );
  const isUnlocked = (): boolean =>
    send(
      'org.freedesktop.secrets',
      collection,
      'org.freedesktop.DBus.Properties.Get',
      'string:org.freedesktop.Secret.Collection',
      'string:Locked',
    ).includes('boolean false');

  let daemon: ChildProcess | null = null;
  async function endDaemon(): Promise<void> {
    if (daemon !== null) await end(daemon);
  }
  if (options.isUnlocked) {
    daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
      env: bus.env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    daemon.stdin?.end(password);
    await waitFor('an unlocked keyring', () => Promise.resolve(isThere() && isUnlocked()));
  }
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: bus.address },
    lock() {
      send('org.freedesktop.secrets', secrets, 'org.freedesktop.Secret.Service.Lock', `array:objpath:${collection}`);
      if (isUnlocked()) throw new Error('the keyring could not be locked');
    },
    async unlock() {
      await sendPassword(path.join(bus.home, 'run/keyring/control'));
      if (!isUnlocked()) throw new Error('the keyring could not be unlocked');
    },
    endDaemon,
    async stop() {
      await endDaemon();
      // A keyring that the bus started leaves with it.
      await bus.stop();
    },
  };
}
