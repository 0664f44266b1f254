// Runs the cases of the storage engine in a real Chromium.
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openInChromium } from '#test/support/run-in-chromium.ts';

const module = await openInChromium(
  fileURLToPath(new URL('../../../renderer/storage/segment-storage.browser.ts', import.meta.url)),
);

describe('segment storage', () => {
  afterAll(() => module.close());

  it(
    'STORAGE-14 keeps every acknowledged write, and no half of another, when its page is killed in mid-write',
    { timeout: 60_000 },
    async () => {
      for (const delayMs of [120, 300, 650]) {
        const page = await module.openPage();
        await page.evaluate(() => localStorage.setItem('acknowledged', '-1'));
        const killed = module.run('writeUntilKilled', page).catch((error: unknown) => String(error));
        await page.waitForFunction(() => Number(localStorage.getItem('acknowledged')) >= 5);
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        await page.close();
        expect(await killed).toContain('closed');
        const outcome = (await module.run('checkAfterKill')) as { readonly acknowledged: number };
        expect(outcome.acknowledged).toBeGreaterThanOrEqual(5);
        await module.page.evaluate(() => indexedDB.deleteDatabase('segments/killed'));
      }
    },
  );

  for (const name of module.names) it(name, { timeout: 60_000 }, () => module.run(name));
});

describe('the suite of RxDB on the segment storage', async () => {
  const suite = await openInChromium(
    fileURLToPath(new URL('../../../renderer/storage/rxdb-suite.browser.ts', import.meta.url)),
  );
  afterAll(() => suite.close());
  it('has tests', () => expect(suite.names).toHaveLength(3));
  for (const name of suite.names) it(`STORAGE-19 ${name}`, { timeout: 60_000 }, () => suite.run(name));
});
