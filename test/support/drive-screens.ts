// The hands of a person at the main window: each function does one thing with mouse and keyboard, and ends when the
// screen shows that it is saved.
import type { Page } from 'playwright';
import type { Device } from '#test/support/device.ts';

/** Opens a screen by the navigation a click would use. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = `#${to}`;
  }, path);
}

/** The switch *Work offline* behind the chip. */
export async function setWorkOffline(page: Page, isOffline: boolean): Promise<void> {
  await page.getByTestId('sync-chip').click();
  const toggle = page.getByRole('switch', { name: 'Work offline' });
  await toggle.waitFor();
  if ((await toggle.isChecked()) !== isOffline) await toggle.click();
  await page.waitForFunction(async (wanted) => {
    const answer = await window.outpost.invoke('sync.status', {});
    return answer.ok && answer.value.workOffline === wanted;
  }, isOffline);
  await page.keyboard.press('Escape');
  await toggle.waitFor({ state: 'hidden' });
}

/** Board with only the cards whose deal carries these words. */
export async function showOnBoard(page: Page, words: string, dealId: string): Promise<void> {
  await goTo(page, '/pipeline');
  await page.getByTestId('board').waitFor();
  await page.getByRole('textbox', { name: 'Search this list' }).fill(words);
  await page.locator(`[data-card="${dealId}"]`).waitFor();
  await page.waitForFunction(
    (wanted) => [...document.querySelectorAll('[data-card]')].every((card) => card.textContent.includes(wanted)),
    words,
  );
}

/** Drags with the mouse the way a hand does: press, move over several places, let go. */
export async function dragCard(page: Page, dealId: string, stageId: string): Promise<void> {
  const column = page.locator(`[data-stage="${stageId}"]`).first();
  const card = page.locator(`[data-card="${dealId}"]`);
  const [from, to] = [await card.boundingBox(), await column.boundingBox()];
  if (from === null || to === null) throw new Error('the card or the column is not on the screen');
  await page.mouse.move(from.x + from.width / 2, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 12, from.y + 24, { steps: 4 });
  await page.locator(`[data-card="${dealId}"][data-dragging="true"]`).waitFor();
  await page.mouse.move(to.x + to.width / 2, to.y + 60, { steps: 12 });
  await page.locator(`[data-stage="${stageId}"][data-over="true"]`).waitFor();
  await page.mouse.up();
}

/** Space lifts, arrows choose, space drops. */
export async function moveCardByKeyboard(page: Page, dealId: string, steps: number): Promise<void> {
  const card = page.locator(`[data-card="${dealId}"]`);
  await card.focus();
  await page.keyboard.press('Space');
  await page.locator(`[data-card="${dealId}"][data-carried="true"]`).waitFor();
  for (let step = 0; step < Math.abs(steps); step += 1) {
    await page.keyboard.press(steps > 0 ? 'ArrowRight' : 'ArrowLeft');
  }
  await page.keyboard.press('Space');
}

export async function waitForCardIn(page: Page, dealId: string, stageId: string): Promise<void> {
  await page.locator(`[data-stage="${stageId}"] [data-card="${dealId}"]`).waitFor();
}

/** Types into a cell of the list's grid and leaves it with Enter. */
export async function editGridCell(
  page: Page,
  list: string,
  row: { readonly words: string; readonly id: string },
  column: string,
  text: string,
): Promise<void> {
  await goTo(page, `/${list}`);
  await page.getByTestId('record-grid').waitFor();
  await page.getByRole('textbox', { name: 'Search this list' }).fill(row.words);
  const cell = page.locator(`[row-id="${row.id}"] [col-id="${column}"]`);
  await cell.waitFor();
  await page.waitForFunction((words) => {
    const titles = [...document.querySelectorAll('.ag-row [col-id="name"]')];
    return titles.every((title) => title.textContent.includes(words));
  }, row.words);
  await cell.dblclick();
  const input = cell.locator('input');
  await input.fill(text);
  await input.press('Enter');
  await input.waitFor({ state: 'hidden' });
  await page.getByRole('textbox', { name: 'Search this list' }).fill('');
}

/** Edits one field where it stands on the record's page. */
export async function editField(page: Page, path: string, field: { name: string; label: string }, text: string) {
  await goTo(page, path);
  const pencil = page.locator(`dd[data-field="${field.name}"]`).getByRole('button', { name: `Edit ${field.label}` });
  await pencil.click();
  const input = page.locator('form').getByLabel(field.label).first();
  await input.fill(text);
  await page.locator('form').getByRole('button', { name: 'Save' }).click();
  await pencil.waitFor();
}

/** Fills the dialog for a new record; labels to texts. References are typed and chosen. */
export async function fillDialog(
  page: Page,
  texts: Readonly<Record<string, string>>,
  choices: Readonly<Record<string, string>> = {},
  saveName = 'Save',
): Promise<void> {
  const dialog = page.getByRole('dialog').filter({ has: page.locator('form') });
  await dialog.waitFor();
  for (const [label, text] of Object.entries(texts))
    await dialog.getByRole('textbox', { name: label, exact: true }).fill(text);
  for (const [label, text] of Object.entries(choices)) {
    const box = dialog.getByLabel(label).and(dialog.locator('input')).first();
    await box.click();
    if (await box.isEditable()) await box.fill(text);
    await page.getByRole('option', { name: text }).first().click();
  }
  const save = dialog.getByRole('button', { name: saveName, exact: true });
  await save.click();
  await save.waitFor({ state: 'hidden' });
}

/** Chooses a command or a record in the palette. */
export async function choose(page: Page, text: string, row: string): Promise<void> {
  await page.keyboard.press('Control+k');
  const box = page.getByRole('combobox', { name: /./ }).and(page.locator('[aria-controls="palette-list"]'));
  await box.fill(text);
  await page.locator('#palette-list [role="option"]').filter({ hasText: row }).first().click();
}

/** Titles the palette finds for these words. */
export async function findInPalette(page: Page, words: string, expected: string): Promise<boolean> {
  await page.keyboard.press('Control+k');
  await page.locator('[aria-controls="palette-list"]').fill(words);
  const hit = page.locator('#palette-list [role="option"]').filter({ hasText: expected }).first();
  const isFound = await hit.waitFor({ timeout: 5_000 }).then(
    () => true,
    () => false,
  );
  await page.keyboard.press('Escape');
  await page.locator('#palette-list').waitFor({ state: 'hidden' });
  return isFound;
}

/** Id of the record whose page is open, once it is. */
export async function readOpenRecordId(page: Page, list: string): Promise<string> {
  await page.waitForURL((url) => url.hash.startsWith(`#/${list}/`));
  return new URL(page.url()).hash.split('/')[2] ?? '';
}

export async function waitForChip(device: Device, text: RegExp): Promise<void> {
  await device.page.getByTestId('sync-chip').filter({ hasText: text }).waitFor({ timeout: 60_000 });
}
