import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { cases } from '#test/renderer/data/events.browser.ts';
import { openInChromium, type ChromiumModule } from '#test/support/run-in-chromium.ts';

describe('events of the data host in Chromium', () => {
  let chromium: ChromiumModule;
  beforeAll(async () => {
    chromium = await openInChromium(path.join(import.meta.dirname, 'events.browser.ts'));
  }, 60_000);
  // A fresh page for each: RxDB counts open collections per page.
  beforeEach(async () => {
    await chromium.page.reload();
    await chromium.page.waitForFunction(() => 'cases' in globalThis);
  });
  afterAll(() => chromium.close());
  for (const name of Object.keys(cases)) it(name, () => chromium.run(name), 20_000);
});
