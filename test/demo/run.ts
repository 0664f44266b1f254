// `npm run demo`: a real server and two real devices play a day by themselves. One works without a network while the
// other changes the same things; then they meet. Ends with 1 when anything is not as told.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { playDemo } from './play-demo.ts';
import { DemoReport } from './report.ts';
import { Device } from '#test/support/device.ts';
import { spawnServer } from '#test/support/start-server.ts';

const root = path.resolve(import.meta.dirname, '../..');
const pictures = path.join(root, 'out/demo');
const visiblePauseMs = 900;

function assertDisplay(isHeadless: boolean): void {
  if (process.platform !== 'linux' || isHeadless) return;
  if (process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']) return;
  throw new Error('There is no display to open windows on. Start with: npm run demo -- --headless');
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? (error.stack ?? error.message) : `${error.message}\n${describe(error.cause)}`;
}

async function run(): Promise<boolean> {
  const { values } = parseArgs({
    options: { headless: { type: 'boolean', default: process.env['OUTPOST_HEADLESS'] === '1' } },
  });
  assertDisplay(values.headless);
  await buildIfNeeded();
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const report = new DemoReport(values.headless ? 0 : visiblePauseMs);
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'outpost-demo-'));
  const server = spawnServer(['--port', '0', '--data', dataDir, '--demo']);
  const devices: Device[] = [];
  try {
    const url = await report.step('server starts', () => server.listening());
    const rep = new Device({ serverUrl: url, isVisible: !values.headless });
    const manager = new Device({ serverUrl: null, isVisible: !values.headless });
    devices.push(rep, manager);
    const photograph = async (page: Device['page'], name: string): Promise<void> => {
      // Fonts, figures and transitions come to rest before the picture is taken.
      await page.waitForTimeout(400);
      await page.screenshot({ path: path.join(pictures, `${name}.png`) });
    };
    await playDemo({ rep, manager, url, report, photograph });
    const errors = devices.flatMap((device) => device.pageErrors);
    report.expect('errors of pages', errors, []);
    return report.finish();
  } catch (error) {
    for (const [index, device] of devices.entries()) {
      if (device.isRunning) await device.page.screenshot({ path: path.join(pictures, `failed-${index + 1}.png`) });
    }
    report.tell(describe(error));
    report.finish();
    return false;
  } finally {
    for (const device of devices) await device.remove();
    server.child.kill('SIGTERM');
    await server.ended();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

process.exitCode = (await run()) ? 0 : 1;
