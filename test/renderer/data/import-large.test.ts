import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases, type LargeImportFigures } from '#test/renderer/data/import-large.browser.ts';
import { openInChromium, type ChromiumModule } from '#test/support/run-in-chromium.ts';

describe('a large import in Chromium', () => {
  let chromium: ChromiumModule;
  beforeAll(async () => {
    chromium = await openInChromium(path.join(import.meta.dirname, 'import-large.browser.ts'));
  }, 60_000);
  afterAll(() => chromium.close());
  for (const name of Object.keys(cases)) {
    it(name, { timeout: 300_000 }, async () => {
      const figures = (await chromium.run(name)) as LargeImportFigures;
      console.log(
        JSON.stringify(figures, (_key, value: unknown) => (typeof value === 'number' ? Math.round(value) : value)),
      );
      expect(figures.importMs).toBeLessThan(180_000);
      expect(figures.slowestAnswerMs).toBeLessThan(3_000);
    });
  }
});
