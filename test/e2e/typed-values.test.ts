// What people type reaches the record as they meant it: on the page of a record, in the grid, for many rows at once; and
// leaving a field is not losing it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, readRecord } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';

let server: TestServer;
let device: Device;
let deals: readonly LocalRecord[];

async function editOnPage(deal: LocalRecord, field: string, label: string, text: string): Promise<void> {
  const { page } = device;
  await goTo(page, `/deals/${deal.id}`);
  await page
    .locator(`dd[data-field="${field}"]`)
    .getByRole('button', { name: `Edit ${label}` })
    .click();
  await page.locator('dd form').getByLabel(label).first().fill(text);
}

/** An empty field is absent in a record that never had it, and null in one where it was taken back. */
function waitForValue(deal: LocalRecord, field: string, value: unknown): Promise<true> {
  return waitFor(`${field} is ${JSON.stringify(value)}`, async () => {
    const record = await readRecord(device.page, 'deal', deal.id);
    return record && (record[field] ?? null) === (value ?? null) ? (true as const) : null;
  });
}

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  device = new Device({ serverUrl: server.url });
  await device.start();
  await device.enterDemo('manager');
  await device.waitUntilExchanged();
  deals = (await readList(device.page, 'deal', { filter: { field: 'status', op: 'eq', value: 'open' }, limit: 6 }))
    .rows;
}, 180_000);

afterAll(async () => {
  await device.remove();
  await server.remove();
});

describe('typed values', () => {
  const dealAt = (index: number): LocalRecord => {
    const deal = deals[index];
    if (deal === undefined) throw new Error(`the demo company has no open deal ${index}`);
    return deal;
  };

  it('CRM-04: an amount typed with separators of thousands keeps its size', async () => {
    await editOnPage(dealAt(0), 'amount', 'Amount', '33,900');
    await device.page.keyboard.press('Enter');
    await waitForValue(dealAt(0), 'amount', 3_390_000);
    await editOnPage(dealAt(0), 'amount', 'Amount', '33.900,50');
    await device.page.keyboard.press('Enter');
    await waitForValue(dealAt(0), 'amount', 3_390_050);
  });

  it('CRM-04: an amount that cannot be read is refused with a reason, and the field stays open with it', async () => {
    const { page } = device;
    await editOnPage(dealAt(0), 'amount', 'Amount', '45k');
    await page.keyboard.press('Enter');
    await page.getByText('Not saved').first().waitFor();
    expect(await page.locator('dd form').getByLabel('Amount').first().inputValue()).toBe('45k');
    await page.keyboard.press('Escape');
    expect((await readRecord(page, 'deal', dealAt(0).id))?.['amount']).toBe(3_390_050);
  });

  it('CRM-01: a lead is given a score on its page, and one beyond the scale is refused with the reason', async () => {
    const { page } = device;
    const [lead] = (await readList(page, 'lead', { limit: 1 })).rows;
    await goTo(page, `/leads/${lead?.id ?? ''}`);
    await page.getByRole('button', { name: 'Edit Score' }).click();
    const form = page.locator('dd form');
    await form.getByText('0 to 100').waitFor();
    await form.getByLabel('Score').fill('178');
    await page.keyboard.press('Enter');
    await page.getByText('out of range').first().waitFor();
    await form.getByLabel('Score').fill('78');
    await page.keyboard.press('Enter');
    await waitFor('the score', async () =>
      (await readRecord(page, 'lead', lead?.id ?? ''))?.['score'] === 78 ? true : null,
    );
  });

  it('SYNC-1: a day that cannot be read stays when the field is left, says so, and is not sent by any button', async () => {
    const { page } = device;
    await editOnPage(dealAt(4), 'closeDate', 'Close date', 'next week');
    const form = page.locator('dd form');
    const field = form.getByLabel('Close date').first();
    await field.blur();
    await form.getByText('This cannot be read as a date').waitFor();
    expect(await field.inputValue()).toBe('next week');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-unread') !== null);
    expect(await field.inputValue()).toBe('next week');
    expect((await readRecord(page, 'deal', dealAt(4).id))?.['closeDate']).toBe(dealAt(4)['closeDate']);
    await field.fill('11/5/36');
    await form.getByRole('button', { name: 'Save' }).click();
    await waitForValue(dealAt(4), 'closeDate', '2036-11-05');
  });

  it('SYNC-1: leaving a field for another one, for a command or for another screen saves what was typed', async () => {
    const { page } = device;
    await editOnPage(dealAt(1), 'nextStep', 'Next step', 'left for another field');
    await page.getByRole('button', { name: 'Edit Name' }).click();
    await waitForValue(dealAt(1), 'nextStep', 'left for another field');
    await editOnPage(dealAt(2), 'nextStep', 'Next step', 'left for the palette');
    await page.keyboard.press('Control+k');
    await waitForValue(dealAt(2), 'nextStep', 'left for the palette');
    await page.keyboard.press('Escape');
    await editOnPage(dealAt(2), 'nextStep', 'Next step', 'left for home');
    await goTo(page, '/home');
    await waitForValue(dealAt(2), 'nextStep', 'left for home');
  });

  it('SYNC-1: Escape takes the edit back', async () => {
    await editOnPage(dealAt(3), 'nextStep', 'Next step', 'not meant');
    await device.page.keyboard.press('Escape');
    await device.page.locator('dd form').waitFor({ state: 'detached' });
    await goTo(device.page, '/home');
    await device.waitUntilExchanged();
    expect((await readRecord(device.page, 'deal', dealAt(3).id))?.['nextStep']).toBe(dealAt(3)['nextStep']);
  });

  it('IMP-04: a refused cell shows what is in force, a bulk edit asks for its value and is undone with one click', async () => {
    const { page } = device;
    await goTo(page, '/deals');
    const rows = page.locator('.ag-row[row-id]');
    const ids = [await rows.nth(0).getAttribute('row-id'), await rows.nth(1).getAttribute('row-id')];
    const [first, second] = await Promise.all(ids.map((id) => readRecord(page, 'deal', id ?? '')));
    if (!first || !second) throw new Error('the list shows no deals');
    const cell = page.locator(`[row-id="${first.id}"] [col-id="amount"]`);
    const shown = await cell.textContent();
    await cell.dblclick();
    await cell.locator('input').fill('abc');
    await cell.locator('input').press('Enter');
    await page.getByText('Not saved').first().waitFor();
    await page.locator('.ag-row .ag-checkbox-input').nth(0).click();
    await page.locator('.ag-row .ag-checkbox-input').nth(1).click();
    const bar = page.getByTestId('bulk-bar');
    await bar.getByLabel('Field to change').click();
    await page.getByRole('option', { name: 'Next step', exact: true }).click();
    expect(await bar.getByRole('button', { name: 'Change all' }).isDisabled()).toBe(true);
    await bar.getByRole('textbox', { name: 'Next step' }).fill('the same for both');
    await bar.getByRole('button', { name: 'Change all' }).click();
    await waitForValue(second, 'nextStep', 'the same for both');
    expect(await cell.textContent()).toBe(shown);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await waitForValue(first, 'nextStep', first['nextStep']);
    await waitForValue(second, 'nextStep', second['nextStep']);
    await bar.getByRole('button', { name: 'Delete' }).click();
    await waitFor('both are deleted', async () => (await readRecord(page, 'deal', first.id)) === null);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await device.waitUntilExchanged();
    await waitForValue(first, 'name', first['name']);
    await waitForValue(second, 'name', second['name']);
  }, 60_000);
});

describe('lists', () => {
  it('DSK-01: coming back from a record, the list stands where it stood, with the same cell in focus', async () => {
    const { page } = device;
    await goTo(page, '/home');
    await page.getByText('Open pipeline').waitFor();
    await goTo(page, '/deals');
    await page.locator('.ag-row[row-id]').nth(3).hover();
    await page.mouse.wheel(0, 3200);
    const cell = page.locator('.ag-row[row-index="110"] [col-id="amount"]');
    await cell.click();
    const top = await cell.evaluate((element) => element.getBoundingClientRect().top);
    await page.keyboard.press('Enter');
    await page.locator('dd[data-field="amount"]').first().waitFor();
    await page.keyboard.press('Alt+ArrowLeft');
    await page.waitForFunction(
      (before) => {
        const focused = document.activeElement;
        if (focused?.closest('[row-index="110"]') === null || focused?.getAttribute('col-id') !== 'amount')
          return false;
        return Math.abs(focused.getBoundingClientRect().top - before) <= 32;
      },
      top,
      { timeout: 10_000 },
    );
  });
});
