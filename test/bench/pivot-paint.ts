// A pivot over 100,000 deals in the application: from the click that asks for one more value to the frame that shows it.
// Every click asks something that was not asked before.
import type { Page } from 'playwright';
import { inMs, median, percentile, type Figure } from '#test/bench/figure.ts';
import { useCompany } from '#test/bench/shared-company.ts';
import { openSignedInApp } from '#test/bench/signed-in-app.ts';

const FIELDS = ['Account', 'Primary contact', 'Owner', 'Team', 'Source', 'Territory', 'Next step', 'Name', 'Amount'];

/** Milliseconds from the click on the chosen menu item until its column is painted. */
async function addValue(window: Page, field: string): Promise<number> {
  const list = window.getByRole('list', { name: 'Fields' });
  const before = await window.getByTestId('pivot-grid').locator('.ag-header-cell').count();
  await list.getByRole('button', { name: field, exact: true }).click();
  await window.getByRole('menuitem', { name: 'Add to values' }).waitFor();
  const took = await window.evaluate(
    async ({ name, columns }) => {
      const item = [...document.querySelectorAll('[role="menuitem"]')].find((one) => one.textContent === name);
      if (!(item instanceof HTMLElement)) throw new Error('the menu is not open');
      const frame = async (): Promise<void> =>
        new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
      const startedMs = performance.now();
      item.click();
      const isShown = (): boolean =>
        document.querySelectorAll('[data-testid="pivot-grid"] .ag-header-cell').length > columns &&
        document.querySelector('[data-testid="pivot-grid"] [row-index="0"] .op-number')?.textContent !== '';
      while (!isShown()) await frame();
      await frame();
      return performance.now() - startedMs;
    },
    { name: 'Add to values', columns: before },
  );
  await window.getByRole('button', { name: 'Undo', exact: true }).click();
  await window.waitForFunction(
    (columns) => document.querySelectorAll('[data-testid="pivot-grid"] .ag-header-cell').length === columns,
    before,
  );
  return took;
}

export const pivotPaint: Figure = {
  name: 'pivot-100k-paint',
  unit: 'ms',
  target: { is: '<=', limit: 100 },
  async measure() {
    const app = await openSignedInApp(await useCompany(100_000));
    try {
      const { window } = app;
      await window.evaluate(() => {
        globalThis.location.hash = '#/analytics/pivot';
      });
      await window.locator('[data-testid="pivot-grid"] [row-index="0"] .op-number').first().waitFor();
      // Without column fields every value is a column in sight.
      await window.getByTestId('zone-columns').getByRole('button').first().click();
      await window.getByRole('button', { name: 'Remove', exact: true }).click();
      const took: number[] = [];
      for (const field of FIELDS) took.push(await addValue(window, field));
      return {
        value: median(took),
        notes: [`slowest ${inMs([percentile(took, 0.95)])}; ${FIELDS.join(', ')}: ${inMs(took)}`],
      };
    } finally {
      await app.close();
    }
  },
};
