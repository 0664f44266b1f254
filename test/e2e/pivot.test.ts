// A manager asks questions of the pipeline: put together by mouse and by keyboard, answered without a network, kept under a
// name, and every number leads to its records.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

let server: TestServer;
let device: Device;
let page: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  device = new Device({ serverUrl: server.url });
  page = await device.start();
  await device.enterDemo('manager');
  await device.waitUntilExchanged();
});

afterAll(async () => {
  await device.remove();
  await server.remove();
});

const grid = () => page.getByTestId('pivot-grid');
const totalRow = () => grid().locator('[row-index="b-0"]');
const firstColumn = async (): Promise<string[]> =>
  (await grid().locator('.ag-row [col-id="tree"]').allTextContents()).map((text) => text.trim());

/** The number of the total row in the last column. */
async function grandTotal(): Promise<string> {
  const cell = totalRow().locator('[col-id="0:0"]').first();
  await cell.waitFor();
  return (await cell.textContent()) ?? '';
}

async function addByKeyboard(field: string, target: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Find a field' }).fill(field);
  await page.getByRole('list', { name: 'Fields' }).getByRole('button', { name: field, exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: target }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Find a field' }).fill('');
}

async function dragFieldTo(field: string, zone: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Find a field' }).fill(field);
  const item = page.getByRole('list', { name: 'Fields' }).getByRole('button', { name: field, exact: true });
  await page
    .getByRole('list', { name: 'Fields' })
    .getByRole('button', { name: 'Name', exact: true })
    .waitFor({ state: 'hidden' });
  const [from, to] = [await item.boundingBox(), await page.getByTestId(`zone-${zone}`).boundingBox()];
  if (from === null || to === null) throw new Error('the field or the zone is not on the screen');
  await page.mouse.move(from.x + 20, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(from.x + 30, from.y + 20, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + to.height - 8, { steps: 12 });
  const box = page.getByTestId(`zone-${zone}`);
  await box
    .locator('[data-over="after"]')
    .or(box.and(page.locator('[data-over="true"]')))
    .first()
    .waitFor();
  await page.mouse.up();
  await page.getByRole('textbox', { name: 'Find a field' }).fill('');
}

test('ANA-15 a pivot of what is open, by stage and quarter, counts what the lists count', async () => {
  await setWorkOffline(page, true);
  await goTo(page, '/analytics/pivot');
  await grid().waitFor();
  const { total } = await readList(page, 'deal', { filter: { field: 'status', op: 'eq', value: 'open' }, limit: 1 });
  await page.getByText(`${total.toLocaleString('en-US')} Deals`).waitFor();
  await waitFor('the stages', async () => (await firstColumn()).includes('Qualification'));
  await lookAtScreen(device, page, 'pivot');
});

test('CRM-14 ANA-15 this quarter and some of the stages: the list and the pivot find the same deals', async () => {
  const combobox = (name: string) =>
    page.getByRole('combobox', { name }).or(page.getByRole('textbox', { name })).last();
  const choose = async (name: string, option: string): Promise<void> => {
    await combobox(name).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  const enterConditions = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await choose('Field', 'Close date');
    await choose('Value', 'this quarter');
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await choose('Field', 'Stage');
    await choose('Comparison', 'is one of');
    await combobox('Value').click();
    await page.getByRole('option', { name: 'Qualification' }).click();
    await page.getByRole('option', { name: 'Proposal' }).click();
    await page.keyboard.press('Escape');
  };
  const today = new Date();
  const first = (quarter: number) => new Date(Date.UTC(today.getFullYear(), quarter * 3, 1)).toISOString().slice(0, 10);
  const quarter = Math.floor(today.getMonth() / 3);
  const stages = (await readList(page, 'pipeline', { limit: 10 })).rows.flatMap(
    (pipeline) => pipeline['stages'] as readonly { readonly id: string; readonly name: string }[],
  );
  const ids = stages.filter(({ name }) => name === 'Qualification' || name === 'Proposal').map(({ id }) => id);
  const wanted = await readList(page, 'deal', {
    filter: {
      and: [
        { field: 'closeDate', op: 'gte', value: first(quarter) },
        { field: 'closeDate', op: 'lt', value: first(quarter + 1) },
        { field: 'stageId', op: 'in', value: ids },
      ],
    },
    limit: 1,
  });
  expect(wanted.total).toBeGreaterThan(0);
  await goTo(page, '/deals');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await enterConditions();
  await page
    .getByText(`${wanted.total.toLocaleString('en-US')} record`)
    .first()
    .waitFor();
  await lookAtScreen(device, page, 'list-filter');
  await page.getByRole('button', { name: 'Clear the filter' }).last().click();
  await page.keyboard.press('Escape');
  await goTo(page, '/analytics/pivot');
  await grid().waitFor();
  await page.getByRole('button', { name: 'Remove the condition' }).first().click();
  await enterConditions();
  await page.getByText(`${wanted.total.toLocaleString('en-US')} Deals`).waitFor();
  await lookAtScreen(device, page, 'pivot-filter');
  for (let step = 0; step < 20; step += 1) {
    const undo = page.getByRole('button', { name: 'Undo', exact: true });
    if (await undo.isDisabled()) break;
    await undo.click();
  }
});

test('ANA-15 in a narrow window the names of the rows stay in front of the totals', async () => {
  const wide = page.viewportSize() ?? { width: 1440, height: 900 };
  await page.setViewportSize({ width: 1024, height: 700 });
  await goTo(page, '/home');
  await goTo(page, '/analytics/pivot');
  await totalRow().locator('[col-id="0:0"]').waitFor();
  const leftOf = async (column: string) =>
    (await totalRow().locator(`[col-id="${column}"]`).boundingBox())?.x ?? Number.NaN;
  await expect.poll(async () => (await leftOf('tree')) < (await leftOf('0:0'))).toBe(true);
  await page.setViewportSize(wide);
});

test('ANA-15 when a field comes into the columns, every column shows its parts', async () => {
  const groups = (isOpen: boolean) => grid().locator(`.ag-header-group-cell[aria-expanded="${String(isOpen)}"]`);
  await addByKeyboard('Owner', 'Add to columns');
  await page.getByTestId('zone-columns').getByRole('button', { name: 'Owner' }).waitFor();
  await groups(true).first().waitFor();
  expect(await groups(false).count()).toBe(0);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await groups(true).first().waitFor({ state: 'detached' });
});

test('ANA-15 fields come into rows, columns and values by mouse and by keyboard, and every step is taken back', async () => {
  await dragFieldTo('Owner', 'rows');
  await page.getByTestId('zone-rows').getByRole('button', { name: 'Owner' }).waitFor();
  await waitFor('rows below each stage', async () => (await firstColumn()).length > 8);
  await addByKeyboard('Probability', 'Add to values');
  await page.getByTestId('zone-values').getByRole('button', { name: 'Average Probability' }).waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page
    .getByTestId('zone-values')
    .getByRole('button', { name: 'Average Probability' })
    .waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Redo', exact: true }).click();
  await page.getByTestId('zone-values').getByRole('button', { name: 'Average Probability' }).waitFor();
  await page.keyboard.press('Control+z');
  await page
    .getByTestId('zone-values')
    .getByRole('button', { name: 'Average Probability' })
    .waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+y');
  await page.getByTestId('zone-values').getByRole('button', { name: 'Average Probability' }).waitFor();
  await lookAtScreen(device, page, 'pivot-nested');
  await dragFieldTo('Source', 'filter');
  const filtered = () =>
    page
      .getByTestId('zone-filter')
      .getByRole('textbox', { name: 'Field' })
      .or(page.getByTestId('zone-filter').getByRole('combobox', { name: 'Field' }))
      .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
  await expect.poll(filtered).toEqual(['Status', 'Source']);
  // Nothing is asked of it before it has a value.
  await totalRow().waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(filtered).toEqual(['Status']);
});

test('ANA-15 a value is worked out from others by their names, and a formula that cannot be read says where', async () => {
  const values = page.getByTestId('zone-values');
  await page.getByRole('button', { name: 'Value', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Formula' }).click();
  await values.getByRole('button', { name: 'Amount', exact: true }).last().click();
  const formula = page.getByRole('textbox', { name: 'Formula' });
  expect(await formula.inputValue()).toBe('[Amount]');
  await formula.fill('[Amount] / [Offers]');
  await formula.press('Enter');
  await page.getByText('Character 12: there is no value “Offers”.').waitFor();
  await formula.fill('');
  const parts = page.getByRole('group', { name: 'Values of the formula' });
  await parts.getByRole('button', { name: 'Amount', exact: true }).click();
  await page.keyboard.type(' / ');
  await parts.getByRole('button', { name: 'Deals', exact: true }).click();
  await formula.press('Enter');
  await values.getByRole('button', { name: 'Amount / Deals', exact: true }).waitFor();
  await lookAtScreen(device, page, 'pivot-formula');
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await values.getByRole('button', { name: 'Amount / Deals', exact: true }).waitFor({ state: 'hidden' });
});

test('ANA-16 a pivot is drawn beside its table, and a mark of the drawing leads to its records', async () => {
  await page.getByText('Both', { exact: true }).click();
  const chart = page.getByRole('region', { name: 'Chart of the pivot' });
  await chart.locator('svg').first().waitFor();
  await chart
    .getByRole('combobox', { name: 'Kind of chart' })
    .or(chart.getByRole('textbox', { name: 'Kind of chart' }))
    .first()
    .click();
  await page.getByRole('option', { name: 'Line chart' }).click();
  await chart.locator('[data-chart="line"] svg').first().waitFor();
  await lookAtScreen(device, page, 'pivot-chart');

  const click = chart.getByRole('combobox', { name: 'What a click on the chart does' });
  await click.click();
  await page.getByRole('option', { name: 'Click: filter the pivot' }).click();
  await chart.getByRole('button', { name: 'Show Chart of the pivot as a table' }).click();
  const conditions = page.getByRole('button', { name: 'Remove the condition' });
  const before = await conditions.count();
  await chart.getByRole('table').getByRole('button').first().click();
  await page.waitForFunction(
    (least) => document.querySelectorAll('[aria-label="Remove the condition"]').length > least,
    before,
  );
  await lookAtScreen(device, page, 'pivot-chart-filter');
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await page.waitForFunction(
    (count) => document.querySelectorAll('[aria-label="Remove the condition"]').length === count,
    before,
  );
  await click.click();
  await page.getByRole('option', { name: 'Click: show records' }).click();
  await chart.getByRole('button', { name: 'Show Chart of the pivot as a chart' }).click();
  await chart
    .getByRole('combobox', { name: 'Kind of chart' })
    .or(chart.getByRole('textbox', { name: 'Kind of chart' }))
    .first()
    .click();
  await page.getByRole('option', { name: 'Gauge' }).click();
  const total = (await totalRow().locator('[col-id="0:0"]').first().textContent()) ?? '';
  await chart.locator('[data-chart="gauge"] svg').first().waitFor();
  await chart.getByRole('button', { name: 'Show Chart of the pivot as a table' }).click();
  await chart.getByRole('table').getByText(total, { exact: true }).waitFor();
  await chart.getByRole('button', { name: 'Show Chart of the pivot as a chart' }).click();
  await chart.getByRole('button', { name: 'Show Chart of the pivot as a table' }).click();
  await chart.getByRole('table').getByRole('button').first().click();
  await page.getByRole('button', { name: 'Show all records again' }).click();
  await goTo(page, '/analytics/pivot');
  await page.getByText('Table', { exact: true }).click();
  await grid().waitFor();
});

test('ANA-15 every number leads to its records, and only to those', async () => {
  // With two values the totals stand beside the names, in sight however many columns there are.
  await page.getByTestId('zone-values').getByRole('button', { name: 'Average Probability' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  const shown = await grandTotal();
  expect(shown).toMatch(/\d/);
  await totalRow().locator('[col-id="0:1"]').first().dblclick();
  await page.getByRole('button', { name: 'Show all records again' }).waitFor();
  const { total } = await readList(page, 'deal', { filter: { field: 'status', op: 'eq', value: 'open' }, limit: 1 });
  await page
    .getByText(`${total.toLocaleString('en-US')} records`)
    .or(page.getByText(`${total.toLocaleString('en-US')} Deals`))
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Show all records again' }).click();
  await goTo(page, '/analytics/pivot');
  await grid().waitFor();
});

test('ANA-13 a pivot is kept as a report, is there after a restart, and opens by its link', async () => {
  const name = page.getByRole('textbox', { name: 'Name' });
  // What is missing is said in the language of the screens, whatever that of the system is.
  await device.invoke('preferences.set', { language: 'de' });
  await page.getByRole('button', { name: 'Speichern unter …' }).click();
  await name.press('Enter');
  expect(await name.evaluate((input: HTMLInputElement) => input.validationMessage)).toBe('Das wird gebraucht.');
  await device.invoke('preferences.set', { language: 'en' });
  await name.fill('Open by stage');
  await name.press('Enter');
  await page.getByText('Report saved.').waitFor();
  await expect
    .poll(() => page.getByRole('button', { name: 'Save as …' }).evaluate((it) => it === document.activeElement))
    .toBe(true);
  const [report] = (await readList(page, 'report', { limit: 10 })).rows;
  expect(report?.['name']).toBe('Open by stage');
  await page.getByTitle('Open by stage', { exact: true }).waitFor();
  const menu = page.getByRole('button', { name: 'Open by stage' });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Copy link' }).click();
  await page.getByText('Only you see this report', { exact: false }).waitFor();
  const search = page.getByRole('textbox', { name: 'Find a field' });
  await search.focus();
  await page.keyboard.press('Control+V');
  expect(await search.inputValue()).toBe(`outpost://reports/${report?.id ?? ''}`);
  await search.fill('');
  // What lies on the clipboard is nobody's to read unasked.
  expect(await page.evaluate(() => navigator.clipboard.readText().catch((error: Error) => error.name))).toBe(
    'NotAllowedError',
  );
  await menu.click();
  await page.getByRole('menuitem', { name: 'Rename and share …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Name and sharing of the report' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Open deals by stage');
  await dialog.getByLabel('Visible to').and(page.locator('input[aria-haspopup]')).click();
  await page.getByRole('option', { name: 'Everyone of the organization' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByTitle('Open deals by stage', { exact: true }).waitFor();
  await expect
    .poll(async () => (await readList(page, 'report', { limit: 10 })).rows.map((row) => [row['name'], row['sharing']]))
    .toEqual([['Open deals by stage', 'organization']]);
  await device.quit();
  page = await device.start();
  await goTo(page, '/analytics/pivot');
  await page.getByTestId('zone-values').getByRole('button', { name: 'Deals' }).waitFor();
  await page.getByTestId('zone-rows').getByRole('button', { name: 'Stage' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByTestId('zone-rows').getByRole('button', { name: 'Stage' }).waitFor({ state: 'hidden' });
  await goTo(page, '/home');
  await goTo(page, `/reports/${report?.id ?? ''}`);
  await page.getByRole('button', { name: 'Open deals by stage', exact: true }).waitFor();
});

test('CRM-17 the lines of deals are asked about by product, and lead to their deals', async () => {
  await goTo(page, '/analytics/pivot');
  await page
    .getByRole('combobox', { name: 'Records' })
    .or(page.getByRole('textbox', { name: 'Records' }))
    .first()
    .click();
  await page.getByRole('option', { name: 'Deal lines' }).click();
  await page.getByText(/^[\d,]+ Deal lines$/).waitFor();
  await addByKeyboard('Line › Total', 'Add to values');
  await page.getByTestId('zone-values').getByRole('button', { name: 'Line › Total' }).waitFor();
  await addByKeyboard('Amount', 'Add to values');
  await page.getByText('A deal counts once for each of its lines', { exact: false }).waitFor();
  // A path that has no room is cut where it says least.
  const path = page
    .getByRole('list', { name: 'Fields' })
    .getByRole('button', { name: /^Line › Product › Owner › Working hours/ });
  const end = path.locator('span').last();
  expect(await end.evaluate((text) => text.scrollWidth <= text.clientWidth)).toBe(true);
  const [first] = (await firstColumn()).filter((text) => text !== '');
  await lookAtScreen(device, page, 'pivot-lines');
  await grid().locator('.ag-row [col-id="0:0"]').first().dblclick();
  await page.getByRole('button', { name: 'Show all records again' }).waitFor();
  expect(first).not.toBe('');
});
