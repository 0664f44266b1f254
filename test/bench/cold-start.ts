// From the start of the main process until the window can be used: signed in as before, the first screen filled from the
// local database. The keys are in the system's keychain, as on most computers. The peer is a window with one heading in
// the same host. Each start is a process of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inMs, median, type Figure } from '#test/bench/figure.ts';
import { openSignedInApp } from '#test/bench/signed-in-app.ts';
import { useCompany } from '#test/bench/shared-company.ts';
import { startKeyring } from '#test/support/keyring.ts';
import { launchApp, type LaunchOptions } from '#test/support/launch-app.ts';

const ROUNDS = 5;

const HEADING = 'h1';
/** The numbers of the first screen come from the local database. */
const NUMBER_OF_DEALS = '[class*="numberNote"]';

/** Milliseconds until the window shows digits or words in an element, from the begin of the main process. */
async function measureStart(options: LaunchOptions, window: string, selector: string): Promise<number> {
  const launched = await launchApp(options);
  try {
    const page = await launched.window(window);
    const shown = await page.waitForFunction(
      (wanted) =>
        /\w/.test(globalThis.document.querySelector(wanted)?.textContent ?? '')
          ? performance.timeOrigin + performance.now()
          : null,
      selector,
    );
    const shownAtMs = Number(await shown.jsonValue());
    return shownAtMs - (await launched.mainEvaluate(() => performance.timeOrigin));
  } finally {
    await launched.close();
  }
}

export const coldStart: Figure = {
  name: 'cold-start',
  unit: 'ms',
  ratio: 'times',
  target: { is: '<=', limit: 2 },
  async measure() {
    const emptyData = mkdtempSync(path.join(os.tmpdir(), 'outpost-bench-empty-'));
    const keyring = await startKeyring({ isUnlocked: true });
    const app = await openSignedInApp(await useCompany('demo'), keyring.env);
    try {
      await app.launched.close();
      const ours: number[] = [];
      const empty: number[] = [];
      const fixture = path.resolve(import.meta.dirname, '../support/fixture-app');
      for (let round = 0; round < ROUNDS; round += 1) {
        empty.push(await measureStart({ userData: emptyData, appFolder: fixture }, 'main', HEADING));
        const options = { userData: app.userData, env: keyring.env };
        ours.push(await measureStart(options, '/index.html', NUMBER_OF_DEALS));
      }
      return {
        value: median(ours),
        peer: { name: 'a window with one heading in the same host', value: median(empty) },
        notes: [`Outpost ${inMs(ours)}; empty window ${inMs(empty)}`],
      };
    } finally {
      await app.close();
      await keyring.stop();
      rmSync(emptyData, { recursive: true, force: true });
    }
  },
};
