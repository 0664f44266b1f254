import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cases } from '#test/renderer/data/rescope.browser.ts';
import { openInChromium, type ChromiumModule } from '#test/support/run-in-chromium.ts';

const entry = path.join(import.meta.dirname, 'rescope.browser.ts');

describe('data host in Chromium while rights change', () => {
  let chromium: ChromiumModule;
  beforeAll(async () => {
    chromium = await openInChromium(entry);
  }, 60_000);
  // A fresh page for each: RxDB counts open collections per page, and a case that fails leaves its own behind.
  beforeEach(async () => {
    await chromium.page.reload();
    await chromium.page.waitForFunction(() => 'cases' in globalThis);
  });
  afterAll(() => chromium.close());
  for (const name of Object.keys(cases)) it(name, () => chromium.run(name), 20_000);
});

describe('a profile directory after a purge', () => {
  it('SYNC-24 SYNC-22 holds no byte of a value in any file, before and after it was lost', async () => {
    const userDataDir = mkdtempSync(path.join(tmpdir(), 'outpost-purged-'));
    try {
      const chromium = await openInChromium(entry, { userDataDir });
      await chromium.run('fillSealed');
      await chromium.run('purgeSealed');
      await chromium.close();
      const files = readdirSync(userDataDir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
      const held = files.map((file) => readFileSync(path.join(file.parentPath, file.name)));
      // The look itself is worth something only when the database is among the files.
      expect(held.some((bytes) => bytes.includes('sealed-profile') || bytes.includes(utf16('sealed-profile')))).toBe(
        true,
      );
      for (const [index, bytes] of held.entries()) {
        for (const text of ['CANARY-on-the-disk', 'canary-on-the-disk']) {
          const isFound = bytes.includes(text) || bytes.includes(utf16(text));
          expect(isFound, files[index]?.name).toBe(false);
        }
      }
    } finally {
      rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }, 60_000);
});

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}
