// The screens of a working day over 100,000 tasks and as many activities, in the real application. Each round opens a
// fresh window, as going back to a screen that was seen before paints it from memory.
import type { Page } from 'playwright';
import { inMs, median, type Figure } from '#test/bench/figure.ts';
import { useCompany } from '#test/bench/shared-company.ts';
import { openSignedInApp, type SignedInApp } from '#test/bench/signed-in-app.ts';

const ROUNDS = 5;

/** What stands on a screen once its records are there. */
const screens = [
  { name: 'list', path: '/tasks', filled: '.ag-row' },
  { name: 'board', path: '/tasks/board', filled: '[data-testid="task-board"] [data-task]' },
  { name: 'calendar', path: '/tasks/calendar', filled: '[data-testid="task-calendar"] [data-task]' },
  { name: 'workload', path: '/tasks/workload', filled: '[data-testid="workload"] tbody td' },
  { name: 'my day', path: '/home', filled: '[data-testid="my-day"] [data-task]' },
  { name: 'inbox', path: '/inbox', filled: '[data-testid="inbox"] [data-key]' },
] as const;

/** Milliseconds from the change of the address to the frame that shows the records. */
async function openScreen(window: Page, { path, filled }: (typeof screens)[number]): Promise<number> {
  await window.evaluate(() => {
    globalThis.location.hash = '#/accounts';
  });
  await window.reload();
  await window.getByTestId('sync-chip').waitFor();
  // The code of the screens is read ahead meanwhile.
  await window.waitForTimeout(3_000);
  return window.evaluate(
    ([address, selector]) => {
      const startedMs = performance.now();
      globalThis.location.hash = address;
      return new Promise<number>((resolve, reject) => {
        const look = (): void => {
          const isThere = globalThis.document.querySelector(selector) !== null;
          if (isThere) requestAnimationFrame(() => resolve(performance.now() - startedMs));
          else if (performance.now() - startedMs > 20_000) reject(new Error(`${address} stayed empty`));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    },
    [`#${path}`, filled] as const,
  );
}

export const work: Figure = {
  name: 'work-100k',
  unit: 'ms',
  target: { is: '<=', limit: 100 },
  async measure() {
    let app: SignedInApp | null = null;
    try {
      app = await openSignedInApp(await useCompany('work'));
      const { window } = app;
      // Indexes and words are made after the first synchronization.
      await window.waitForTimeout(15_000);
      const notes: string[] = [];
      const medians: number[] = [];
      for (const screen of screens) {
        const times: number[] = [];
        for (let round = 0; round < ROUNDS; round += 1) times.push(await openScreen(window, screen));
        medians.push(median(times));
        notes.push(`${screen.name}: ${inMs(times)}`);
      }
      return { value: Math.max(...medians), notes };
    } finally {
      await app?.close();
    }
  },
};
