// Runs the cases of the storage engine in a real Chromium.
import { fileURLToPath } from 'node:url';
import { afterAll, describe, it } from 'vitest';
import { openInChromium } from '#test/support/run-in-chromium.ts';

const module = await openInChromium(
  fileURLToPath(new URL('../../../renderer/storage/segment-storage.browser.ts', import.meta.url)),
);

describe('segment storage', () => {
  afterAll(() => module.close());

  for (const name of module.names) it(name, { timeout: 60_000 }, () => module.run(name));
});
