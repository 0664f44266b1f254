// The real application, signed in as the administrator of a bench company: started, given the keys, brought up to date.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import type { OutpostBridge } from '#shared/ipc/contract.ts';
import { launchApp, type LaunchedApp } from '#test/support/launch-app.ts';
import { startProgram, type Program } from '#test/bench/start-program.ts';

declare global {
  interface Window {
    readonly outpost: OutpostBridge;
  }
}

export interface CompanyGreeting {
  readonly url: string;
  readonly email: string;
  readonly password: string;
  readonly records: number;
  readonly seededMs: number;
}
export type CompanyServer = Program<CompanyGreeting>;

/** The demo company, the same after years of work, or its people with this many deals. */
export type CompanyWish = number | 'demo' | 'work';

export function startCompany(deals: CompanyWish): Promise<CompanyServer> {
  return startProgram<CompanyGreeting>('company-server.ts', [String(deals)]);
}

export interface SignedInApp {
  readonly launched: LaunchedApp;
  readonly window: Page;
  readonly userData: string;
  /** From the wish to sign in until everything the server had was durable in the local database. */
  readonly pullMs: number;
  readonly close: () => Promise<void>;
}

/** Where there is no keychain: the passphrase that opens the keys. */
export const appEnvironment = { OUTPOST_PASSPHRASE: 'correct horse battery staple' };
const CATCH_UP_LIMIT_MS = 180_000;

export async function openSignedInApp(
  company: CompanyGreeting,
  env: Readonly<Record<string, string>> = appEnvironment,
): Promise<SignedInApp> {
  const userData = mkdtempSync(path.join(os.tmpdir(), 'outpost-bench-app-'));
  const launched = await launchApp({ userData, env });
  const window = await launched.window('/index.html');
  await launched.window('/data-host.html');
  await window.waitForFunction(async () => {
    const state = await globalThis.window.outpost.invoke('session.get', {});
    return state.ok && state.value.status !== 'locked';
  });
  const { url, email, password } = company;
  const pullMs = await window.evaluate(
    async ([serverUrl, name, secret, limitMs]) => {
      const { outpost } = globalThis.window;
      const startedMs = performance.now();
      const caughtUp = new Promise<number>((resolve, reject) => {
        const stop = outpost.on('sync.changed', (status) => {
          if (status.upToDateAt === null || status.phase !== 'idle') return;
          stop();
          resolve(performance.now() - startedMs);
        });
        setTimeout(() => reject(new Error('the first pull did not end')), limitMs);
      });
      const answer = await outpost.invoke('session.signIn', { serverUrl, email: name, password: secret });
      if (!answer.ok) throw new Error(`sign-in: ${JSON.stringify(answer.error)}`);
      return caughtUp;
    },
    [url, email, password, CATCH_UP_LIMIT_MS] as const,
  );
  return {
    launched,
    window,
    userData,
    pullMs,
    async close() {
      await launched.close();
      rmSync(userData, { recursive: true, force: true });
    },
  };
}
