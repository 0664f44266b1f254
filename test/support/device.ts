// A computer with Outpost on it: one profile directory, started and ended as often as a person would. What it does goes
// through the windows; only its state of synchronization is read over the bridge, as the screens do.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { launchApp, type LaunchedApp } from '#test/support/launch-app.ts';
import type { ChannelName } from '#shared/ipc/channel-names.ts';
import type { ChannelInput, ChannelOutput, Envelope } from '#shared/ipc/contract.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';

interface DeviceOptions {
  readonly serverUrl: string | null;
  readonly isVisible?: boolean;
  /** Null leaves the application to ask for one. */
  readonly passphrase?: string | null;
  /** Folder of the application; the tree itself when absent. */
  readonly appFolder?: string;
  /** Further arguments. */
  readonly args?: readonly string[];
  /** Further variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** There is no session bus at this address, and so no keychain on Linux; a test never touches that of a person. */
export const withoutKeychain = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/outpost-test-bus' };
const windowSize = { width: 1440, height: 900 };
const defaultPassphrase = 'a passphrase for tests alone';

const running = new Set<Device>();

/** Those of this file that were started and not ended. */
export function runningDevices(): readonly Device[] {
  return [...running];
}

export class Device {
  readonly userData = mkdtempSync(path.join(os.tmpdir(), 'outpost-device-'));
  private readonly options: DeviceOptions;
  private running: { readonly launched: LaunchedApp; readonly page: Page } | null = null;
  /** Errors that pages reported, over all starts. */
  readonly pageErrors: string[] = [];

  constructor(options: DeviceOptions) {
    this.options = options;
  }

  get isRunning(): boolean {
    return this.running !== null;
  }

  /** The main window. */
  get page(): Page {
    return this.requireRunning().page;
  }

  get launched(): LaunchedApp {
    return this.requireRunning().launched;
  }

  private requireRunning() {
    if (this.running === null) throw new Error('this device is not running');
    return this.running;
  }

  private leave() {
    const left = this.requireRunning();
    this.running = null;
    running.delete(this);
    return left;
  }

  async start(): Promise<Page> {
    const { serverUrl, passphrase = defaultPassphrase, appFolder, args = [] } = this.options;
    const launched = await launchApp({
      userData: this.userData,
      ...(appFolder === undefined ? {} : { appFolder }),
      args: ['--no-tray', ...(serverUrl === null ? [] : [`--server-url=${serverUrl}`]), ...args],
      env: {
        OUTPOST_HEADLESS: this.options.isVisible === true ? '0' : '1',
        LANG: 'en_US.UTF-8',
        LANGUAGE: 'en',
        ...withoutKeychain,
        ...(passphrase === null ? {} : { OUTPOST_PASSPHRASE: passphrase }),
        ...this.options.env,
      },
    });
    const page = await launched.window('/index.html');
    page.on('pageerror', (error) => this.pageErrors.push(error.message));
    page.setDefaultTimeout(20_000);
    if (this.options.isVisible !== true) await page.setViewportSize(windowSize);
    this.running = { launched, page };
    running.add(this);
    return page;
  }

  async quit(): Promise<void> {
    const { launched } = this.leave();
    await launched.close();
  }

  async kill(): Promise<void> {
    const { launched } = this.leave();
    await launched.kill();
  }

  /** Ends it if it runs and removes what it kept. */
  async remove(): Promise<void> {
    if (this.running !== null) await this.kill();
    rmSync(this.userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async invoke<Name extends ChannelName>(name: Name, input: ChannelInput<Name>): Promise<ChannelOutput<Name>> {
    const envelope = (await this.page.evaluate(([channel, value]) => window.outpost.invoke(channel, value as never), [
      name,
      input,
    ] as const)) as Envelope<ChannelOutput<Name>>;
    if (!envelope.ok) throw new Error(`${name}: ${envelope.error.code} ${envelope.error.message}`);
    return envelope.value;
  }

  status(): Promise<SyncStatus> {
    return this.invoke('sync.status', {});
  }

  /** Waits until everything was exchanged after now; only then does this computer hold what others have sent before. */
  async waitUntilExchanged(timeoutMs = 60_000): Promise<SyncStatus> {
    const since = new Date().toISOString();
    await this.invoke('sync.now', {});
    let last: SyncStatus | null = null;
    try {
      return await waitFor(
        'everything exchanged with the server',
        async () => {
          last = await this.status();
          const isDone = last.phase === 'idle' && last.pendingCount === 0 && (last.upToDateAt ?? '') >= since;
          return isDone ? last : null;
        },
        timeoutMs,
      );
    } catch (error) {
      throw new Error(`the last state of the exchange was ${JSON.stringify(last)}`, { cause: error });
    }
  }

  /** Starts the demo company and signs in as the first person of that role. Answers everyone's credentials. */
  async enterDemo(role: string): Promise<ReadonlyMap<string, Credentials>> {
    const { page } = this;
    await page.getByText('Try the demo company').click();
    const row = page.getByTestId(`demo-${role}`).first();
    await row.waitFor({ timeout: 60_000 });
    const people = await page.locator('tr[data-email]').evaluateAll((rows) =>
      rows.map((element) => ({
        role: (element.getAttribute('data-testid') ?? '').replace('demo-', ''),
        email: element.getAttribute('data-email') ?? '',
        password: element.getAttribute('data-password') ?? '',
      })),
    );
    await row.getByRole('button', { name: /^Enter as/ }).click();
    await page.getByTestId('sync-chip').waitFor({ timeout: 30_000 });
    return new Map(people.toReversed().map((person) => [person.role, person]));
  }

  /** On a computer without a keychain, before anything is kept on it. */
  async choosePassphrase(passphrase: string): Promise<void> {
    await this.page.getByLabel('Passphrase').fill(passphrase);
    await this.page.getByLabel('Once more').fill(passphrase);
    await this.page.getByRole('button', { name: 'Protect this computer' }).click();
  }

  async signIn(serverUrl: string, { email, password }: Credentials): Promise<void> {
    const { page } = this;
    await page.getByText('Connect to a server').click();
    await page.getByLabel('Server address').fill(serverUrl);
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByTestId('sync-chip').waitFor({ timeout: 30_000 });
  }
}

/** Asks again until there is an answer; rejects with what was waited for. */
export async function waitFor<Value>(
  what: string,
  look: () => Promise<Value | null | undefined | false>,
  timeoutMs = 20_000,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}
