// What the manager does online while the representative is away: other fields of the same deals, the same field of two
// of them, and one deal given to a colleague.
import type { OfflineDay } from './play-offline-day.ts';
import type { DemoReport } from './report.ts';
import { readList, readRecord } from '#test/support/ask-data.ts';
import type { Device } from '#test/support/device.ts';
import { editField, goTo } from '#test/support/drive-screens.ts';
import { textOf } from '#shared/kernel/text-of.ts';

export const managerTyped = {
  draggedStep: 'Manager: invite to the trade fair',
  carriedStep: 'Manager: ask for the tender documents',
  amount: { text: '51250', minor: 51_250_00 },
  closeDate: { text: '30 Dec 2026', day: '2026-12-30' },
} as const;

async function findColleague(manager: Device, repId: string) {
  const rep = await readRecord(manager.page, 'user', repId);
  const { rows } = await readList(manager.page, 'user', {
    filter: {
      and: [
        { field: 'teamId', op: 'eq', value: textOf(rep?.teamId) },
        { field: 'role', op: 'eq', value: 'sales_rep' },
      ],
    },
  });
  const colleague = rows.find((row) => row.id !== repId);
  if (colleague === undefined) throw new Error('the representative has no colleague');
  return { id: colleague.id, name: textOf(colleague['name']) };
}

async function giveDealAway(manager: Device, dealId: string, name: string): Promise<void> {
  const { page } = manager;
  await goTo(page, `/deals/${dealId}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Reassign' }).click();
  const dialog = page.getByRole('dialog').filter({ has: page.locator('form') });
  const owner = dialog.locator('input:not([type="hidden"])').first();
  await owner.fill(name);
  await page.getByRole('option', { name }).first().click();
  await dialog.getByRole('button', { name: 'Reassign' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Answers the id of the colleague who got the deal. */
export async function playManager(manager: Device, day: OfflineDay, report: DemoReport): Promise<string> {
  const { page } = manager;
  const { deals } = day;
  const nextStep = { name: 'nextStep', label: 'Next step' };
  await report.step('manager changes other fields of three of these deals', async () => {
    await editField(page, `/deals/${deals.dragged.id}`, nextStep, managerTyped.draggedStep);
    await editField(page, `/deals/${deals.carried.id}`, nextStep, managerTyped.carriedStep);
    const amount = { name: 'amount', label: 'Amount' };
    await editField(page, `/deals/${deals.inGrid.id}`, amount, managerTyped.amount.text);
  });
  await report.step('manager changes the same amount and the same close date', async () => {
    const amount = { name: 'amount', label: 'Amount' };
    await editField(page, `/deals/${deals.amount.id}`, amount, managerTyped.amount.text);
    const closeDate = { name: 'closeDate', label: 'Close date' };
    await editField(page, `/deals/${deals.closeDate.id}`, closeDate, managerTyped.closeDate.text);
  });
  const colleague = await findColleague(manager, textOf(deals.reassigned.ownerId));
  await report.step('manager gives a deal to a colleague', async () => {
    await giveDealAway(manager, deals.reassigned.id, colleague.name);
    await manager.waitUntilExchanged();
  });
  return colleague.id;
}
