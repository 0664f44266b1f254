// Run: node test/renderer/data/data-host.bench.ts
import path from 'node:path';
import { openInChromium } from '#test/support/run-in-chromium.ts';

const chromium = await openInChromium(path.join(import.meta.dirname, 'measure-data.browser.ts'));
try {
  console.log(JSON.stringify(await chromium.run('measure'), null, 2));
} finally {
  await chromium.close();
}
