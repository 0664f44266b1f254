// Runs code in a real Chromium page: a browser module is bundled, served from 127.0.0.1 and imported by the page.
// The module exports `cases`: a table of named async functions that throw when they fail; and may export `steps`: functions
// that only make sense when a test calls them in its own order.
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { build } from 'vite';
import type { Rolldown } from 'vite';

export interface ChromiumModule {
  /** Names of the cases of the module. */
  readonly names: readonly string[];
  readonly page: Page;
  /** Runs one case or step in the page (or another page of the same origin); rejects with the page's error. Gives what it returns. */
  run(name: string, page?: Page): Promise<unknown>;
  /** Another page of the same origin and storage. */
  openPage(): Promise<Page>;
  close(): Promise<void>;
}

export function findChromium(): string {
  const candidates = [
    process.env['OUTPOST_CHROMIUM'],
    chromium.executablePath(),
    '/usr/lib/chromium/chromium',
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ];
  const found = candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
  if (found === undefined) throw new Error('No Chromium found: set OUTPOST_CHROMIUM to its executable.');
  return found;
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>cases</title>
<script type="module">import * as module from '/cases.js'; globalThis.cases = { ...module.cases, ...module.steps }; globalThis.names = Object.keys(module.cases);</script>`;

async function bundle(entryFile: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      lib: { entry: entryFile, formats: ['es'], fileName: 'cases' },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[];
  const chunk = outputs.flatMap(({ output }) => output).find((part) => part.type === 'chunk' && part.isEntry);
  if (chunk?.type !== 'chunk') throw new Error(`Bundling ${entryFile} gave no entry.`);
  return chunk.code;
}

interface ChromiumOptions {
  /** Where Chromium keeps what it stores; without one it forgets everything when it is closed. */
  readonly userDataDir?: string;
}

/** `entryFile`: path of the browser module. Close the result, also after failures. */
export async function openInChromium(entryFile: string, options: ChromiumOptions = {}): Promise<ChromiumModule> {
  const code = await bundle(entryFile);
  const server = createServer((request, response) => {
    const isModule = request.url === '/cases.js';
    response.setHeader('content-type', isModule ? 'text/javascript' : 'text/html');
    response.end(isModule ? code : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const args = [
    '--enable-precise-memory-info',
    '--js-flags=--expose-gc',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const launch = { executablePath: findChromium(), args };
  const context =
    options.userDataDir === undefined
      ? await chromium.launch(launch).then((browser) => browser.newContext())
      : await chromium.launchPersistentContext(options.userDataDir, launch);
  async function openPage(): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction(() => 'cases' in globalThis);
    return page;
  }
  const page = await openPage();
  const names = await page.evaluate(() => (globalThis as unknown as { names: string[] }).names);
  return {
    names,
    page,
    openPage,
    run: (name, where = page) =>
      where.evaluate((name) => {
        const { cases } = globalThis as unknown as { cases: Record<string, () => Promise<unknown>> };
        const run = cases[name];
        if (!run) throw new Error(`no case ${name}`);
        return run();
      }, name),
    async close() {
      await context.close();
      await context.browser()?.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
