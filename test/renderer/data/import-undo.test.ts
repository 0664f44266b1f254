import path from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { cases } from '#test/renderer/data/import-undo.browser.ts';
import { openInChromium, type ChromiumModule } from '#test/support/run-in-chromium.ts';

describe('taking an import back in Chromium', () => {
  let chromium: ChromiumModule;
  beforeAll(async () => {
    chromium = await openInChromium(path.join(import.meta.dirname, 'import-undo.browser.ts'));
  }, 60_000);
  afterAll(() => chromium.close());
  for (const name of Object.keys(cases)) it(name, () => chromium.run(name));
});
