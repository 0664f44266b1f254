// The day of a sales representative without a network, on the screens: board, grid, record pages, new records, a task,
// the search. Answers what was done, so that everything can be looked up later, on this device and on others.
import type { DemoReport, Photographer } from './report.ts';
import { readList, readRecord, request } from '#test/support/ask-data.ts';
import type { Device } from '#test/support/device.ts';
import {
  choose,
  dragCard,
  editField,
  editGridCell,
  fillDialog,
  findInPalette,
  goTo,
  moveCardByKeyboard,
  readOpenRecordId,
  showOnBoard,
  waitForCardIn,
} from '#test/support/drive-screens.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Deals of the representative by what happens to them. */
export interface ChosenDeals {
  readonly dragged: LocalRecord;
  readonly carried: LocalRecord;
  readonly won: LocalRecord;
  readonly inGrid: LocalRecord;
  readonly amount: LocalRecord;
  readonly closeDate: LocalRecord;
  readonly reassigned: LocalRecord;
}

export const typed = {
  gridStep: 'Bring the sample on Thursday',
  refusedStep: 'Agreed by phone: send the contract on Monday',
  amount: { text: '48500', minor: 48_500_00 },
  closeDate: { text: '18 Dec 2026', day: '2026-12-18' },
  account: 'Nordlicht Testbetrieb',
  contact: 'Frauke Petersen',
  deal: 'Nordlicht – First order',
  call: 'Call from the train',
} as const;

export interface OfflineDay {
  readonly deals: ChosenDeals;
  readonly accountId: string;
  readonly contactId: string;
  readonly dealId: string;
  readonly callId: string;
  readonly taskId: string;
}

export async function chooseDeals(rep: Device): Promise<ChosenDeals> {
  const session = await rep.invoke('session.get', {});
  if (session.status !== 'signedIn') throw new Error('the representative is not signed in');
  const { rows } = await readList(rep.page, 'deal', {
    filter: {
      and: [
        { field: 'ownerId', op: 'eq', value: session.actor.userId },
        { field: 'status', op: 'eq', value: 'open' },
      ],
    },
  });
  const left = [...rows];
  const take = (stageId?: string): LocalRecord => {
    const index = left.findIndex((row) => stageId === undefined || row['stageId'] === stageId);
    const [found] = index < 0 ? [] : left.splice(index, 1);
    if (found === undefined) throw new Error(`the demo company has no open deal in ${stageId ?? 'any stage'}`);
    return found;
  };
  return {
    dragged: take('prospecting'),
    carried: take('qualification'),
    won: take('proposal'),
    inGrid: take(),
    amount: take(),
    closeDate: take(),
    reassigned: take(),
  };
}

async function workOnBoard(rep: Device, deals: ChosenDeals, report: DemoReport): Promise<void> {
  const { page } = rep;
  await report.step('rep drags a deal to the next stage with the mouse', async () => {
    await showOnBoard(page, textOf(deals.dragged['name']), deals.dragged.id);
    await dragCard(page, deals.dragged.id, 'qualification');
    await waitForCardIn(page, deals.dragged.id, 'qualification');
  });
  await report.step('rep moves a deal with the keyboard', async () => {
    await showOnBoard(page, textOf(deals.carried['name']), deals.carried.id);
    await moveCardByKeyboard(page, deals.carried.id, 1);
    await waitForCardIn(page, deals.carried.id, 'proposal');
  });
  await report.step('rep wins a deal and says why', async () => {
    await showOnBoard(page, textOf(deals.won['name']), deals.won.id);
    await dragCard(page, deals.won.id, 'closed_won');
    await page.getByRole('button', { name: 'Close as won' }).click();
    await waitForCardIn(page, deals.won.id, 'closed_won');
  });
}

async function workOnRecords(rep: Device, deals: ChosenDeals, report: DemoReport): Promise<void> {
  const { page } = rep;
  await report.step('rep edits a cell of the grid', () => {
    const row = { words: textOf(deals.inGrid['name']), id: deals.inGrid.id };
    return editGridCell(page, 'deals', row, 'nextStep', typed.gridStep);
  });
  await report.step('rep edits amount, close date and next step on the pages of three deals', async () => {
    await editField(page, `/deals/${deals.amount.id}`, { name: 'amount', label: 'Amount' }, typed.amount.text);
    const closeDate = { name: 'closeDate', label: 'Close date' };
    await editField(page, `/deals/${deals.closeDate.id}`, closeDate, typed.closeDate.text);
    const nextStep = { name: 'nextStep', label: 'Next step' };
    await editField(page, `/deals/${deals.reassigned.id}`, nextStep, typed.refusedStep);
  });
}

async function enterNewCustomer(rep: Device, report: DemoReport) {
  const { page } = rep;
  return report.step('rep enters an account with a contact, a deal and a logged call', async () => {
    await choose(page, 'New account', 'New account');
    await fillDialog(page, { Name: typed.account });
    const accountId = await readOpenRecordId(page, 'accounts');
    await choose(page, 'New contact', 'New contact');
    await fillDialog(page, { Name: typed.contact }, { Account: typed.account });
    const contactId = await readOpenRecordId(page, 'contacts');
    await choose(page, 'New deal', 'New deal');
    await fillDialog(page, { Name: typed.deal, Amount: '12000' }, { Account: typed.account });
    const dealId = await readOpenRecordId(page, 'deals');
    await page.getByRole('button', { name: 'Log activity' }).click();
    await fillDialog(page, { Subject: typed.call });
    await page.locator('li[data-type="call"]').filter({ hasText: typed.call }).waitFor();
    const calls = await readList(page, 'activity', { filter: { field: 'dealId', op: 'eq', value: dealId } });
    return { accountId, contactId, dealId, callId: calls.rows[0]?.id ?? '' };
  });
}

async function completeTask(rep: Device, report: DemoReport): Promise<string> {
  const { page } = rep;
  return report.step('rep completes a task on the home screen', async () => {
    await goTo(page, '/home');
    const task = page.locator('li[data-task]').first();
    await task.waitFor();
    const taskId = (await task.getAttribute('data-task')) ?? '';
    await task.getByRole('checkbox').click();
    await page.locator(`li[data-task="${taskId}"]`).waitFor({ state: 'detached' });
    return taskId;
  });
}

export async function playOfflineDay(
  rep: Device,
  deals: ChosenDeals,
  report: DemoReport,
  photograph: Photographer,
): Promise<OfflineDay> {
  await workOnBoard(rep, deals, report);
  await photograph(rep.page, 'board-offline');
  await workOnRecords(rep, deals, report);
  const customer = await enterNewCustomer(rep, report);
  await photograph(rep.page, 'record-offline');
  const taskId = await completeTask(rep, report);
  await report.step('rep finds all of it with Ctrl K', async () => {
    for (const title of [typed.account, typed.contact, typed.deal, typed.call])
      report.expect(`“${title}” is found`, await findInPalette(rep.page, title, title), true);
  });
  return { deals, ...customer, taskId };
}

/** Everything of the day is on this device, and still marked as saved here until the server has answered. */
export async function checkDayIsHere(rep: Device, day: OfflineDay, report: DemoReport): Promise<void> {
  const { page } = rep;
  const read = async (entity: EntityName, id: string): Promise<LocalRecord> => {
    const record = await readRecord(page, entity, id);
    if (record === null) throw new Error(`${entity} ${id} is not on this computer`);
    report.expect(`${entity} is marked as saved on this computer`, record.pending.length > 0, true);
    return record;
  };
  report.expect('stage of the dragged deal', (await read('deal', day.deals.dragged.id))['stageId'], 'qualification');
  report.expect('stage of the carried deal', (await read('deal', day.deals.carried.id))['stageId'], 'proposal');
  report.expect('the won deal', (await read('deal', day.deals.won.id))['status'], 'won');
  report.expect('next step typed in the grid', (await read('deal', day.deals.inGrid.id))['nextStep'], typed.gridStep);
  report.expect('amount', (await read('deal', day.deals.amount.id))['amount'], typed.amount.minor);
  report.expect('close date', (await read('deal', day.deals.closeDate.id))['closeDate'], typed.closeDate.day);
  report.expect('next step', (await read('deal', day.deals.reassigned.id))['nextStep'], typed.refusedStep);
  report.expect('new account', (await read('account', day.accountId))['name'], typed.account);
  report.expect('account of the new contact', (await read('contact', day.contactId))['accountId'], day.accountId);
  report.expect('account of the new deal', (await read('deal', day.dealId))['accountId'], day.accountId);
  report.expect('deal of the logged call', (await read('activity', day.callId))['dealId'], day.dealId);
  report.expect('completed task', (await read('task', day.taskId))['status'], 'done');
  const { hits } = await request(page, 'search', { text: typed.account, limit: 10 });
  report.expect(
    'the new account is found',
    hits.some((hit) => hit.id === day.accountId),
    true,
  );
  await goTo(page, `/deals/${day.dealId}`);
  await page.getByText('Saved on this computer', { exact: true }).first().waitFor();
}
