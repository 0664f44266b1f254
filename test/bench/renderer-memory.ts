// Memory of all renderer processes of the application with 100,000 deals, started as on any day after the first, after the
// screens that need most were looked at:
// the sum of their proportional set sizes (private memory and a fair share of what they share), read from /proc.
import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import type { Figure } from '#test/bench/figure.ts';
import { useCompany } from '#test/bench/shared-company.ts';
import { appEnvironment, openSignedInApp } from '#test/bench/signed-in-app.ts';
import { launchApp, type LaunchedApp } from '#test/support/launch-app.ts';

const SETTLE_MS = 8_000;

function readFileOf(processId: number, name: string): string {
  try {
    return readFileSync(`/proc/${String(processId)}/${name}`, 'utf8');
  } catch {
    // It ended while we looked.
    return '';
  }
}

function findRenderers(rootId: number): readonly number[] {
  const processes = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  const parents = new Map(
    processes.map((id) => [id, Number(/^PPid:\s+(\d+)/m.exec(readFileOf(id, 'status'))?.[1] ?? 0)]),
  );
  const isBelow = (id: number): boolean => {
    let current = id;
    while (current > 1 && current !== rootId) current = parents.get(current) ?? 0;
    return current === rootId;
  };
  return processes.filter((id) => readFileOf(id, 'cmdline').includes('--type=renderer') && isBelow(id));
}

interface Memory {
  readonly pssMb: number;
  readonly privateMb: number;
  readonly rssMb: number;
}

function readMemory(processId: number): Memory {
  const text = readFileOf(processId, 'smaps_rollup');
  const mb = (field: string): number =>
    (Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024) / 1e6;
  return { pssMb: mb('Pss'), privateMb: mb('Private_Clean') + mb('Private_Dirty'), rssMb: mb('Rss') };
}

function readAll(launched: LaunchedApp): readonly Memory[] {
  const each = findRenderers(launched.app.process().pid ?? 0).map(readMemory);
  if (each.length < 2) throw new Error('a window and a data host expected');
  return each;
}

const sumOf = (each: readonly Memory[], pick: (memory: Memory) => number): number =>
  each.reduce((total, memory) => total + pick(memory), 0);

async function lookAtScreens(window: Page): Promise<void> {
  for (const [path, shown] of [
    ['#/pipeline', '[data-card]'],
    ['#/deals', '[data-testid="record-grid"] [row-index]'],
  ] as const) {
    await window.evaluate((hash) => {
      globalThis.location.hash = hash;
    }, path);
    await window.locator(shown).first().waitFor();
  }
  await window.waitForTimeout(SETTLE_MS);
}

export const rendererMemory: Figure = {
  name: 'renderer-memory-100k',
  unit: 'MB',
  target: { is: '<=', limit: 500 },
  async measure() {
    const app = await openSignedInApp(await useCompany(100_000));
    try {
      const afterPull = readAll(app.launched);
      await app.launched.close();
      const again = await launchApp({ userData: app.userData, env: appEnvironment });
      try {
        const window = await again.window('/index.html');
        await window.getByTestId('sync-chip').waitFor();
        await lookAtScreens(window);
        const each = readAll(again);
        return {
          value: sumOf(each, (memory) => memory.pssMb),
          notes: [
            `${String(each.length)} renderers: ${each.map((memory) => `${memory.pssMb.toFixed(0)} MB`).join(' + ')} proportional`,
            `private ${sumOf(each, (memory) => memory.privateMb).toFixed(0)} MB, resident with everything shared counted again ${sumOf(each, (memory) => memory.rssMb).toFixed(0)} MB`,
            `right after the first pull, garbage of the pull included: ${sumOf(afterPull, (memory) => memory.pssMb).toFixed(0)} MB proportional`,
          ],
        };
      } finally {
        await again.close();
      }
    } finally {
      await app.close();
    }
  },
};
