// After the representative is online again: what had to merge merged, what had to be asked is asked, what was refused is
// kept with its words, and in the end both devices hold the same records, each once.
import { managerTyped } from './play-manager.ts';
import { typed, type OfflineDay } from './play-offline-day.ts';
import type { DemoReport, Photographer } from './report.ts';
import { askLive, readRecord, request } from '#test/support/ask-data.ts';
import { waitFor, type Device } from '#test/support/device.ts';
import { goTo, waitForChip } from '#test/support/drive-screens.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const PAGE_ROWS = 1000;

export async function checkMerged(devices: readonly Device[], day: OfflineDay, report: DemoReport): Promise<void> {
  const { deals } = day;
  const merged: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
    ['dragged deal', deals.dragged.id, { stageId: 'qualification', nextStep: managerTyped.draggedStep }],
    ['carried deal', deals.carried.id, { stageId: 'proposal', nextStep: managerTyped.carriedStep }],
    ['deal of the grid', deals.inGrid.id, { nextStep: typed.gridStep, amount: managerTyped.amount.minor }],
  ];
  for (const [index, device] of devices.entries()) {
    for (const [what, id, expected] of merged) {
      const record = await readRecord(device.page, 'deal', id);
      const actual = Object.fromEntries(Object.keys(expected).map((field) => [field, record?.[field]]));
      report.expect(`${what} on device ${index + 1}`, actual, expected);
    }
    const kept = await readRecord(device.page, 'deal', deals.amount.id);
    report.expect(`amount in force on device ${index + 1}`, kept?.['amount'], managerTyped.amount.minor);
  }
  report.count('deals merged silently', merged.length);
}

/** Both conflicts, decided on the attention screen: the own amount is taken, the other close date kept. */
export async function decideConflicts(
  rep: Device,
  day: OfflineDay,
  report: DemoReport,
  photograph: Photographer,
): Promise<void> {
  const { page } = rep;
  await goTo(page, '/attention');
  await page.getByTestId('conflict').nth(1).waitFor();
  await page.getByTestId('refused').first().waitFor();
  await photograph(page, 'attention');
  report.expect('open conflicts', await page.getByTestId('conflict').count(), 2);
  report.count('conflicts shown and decided', await page.getByTestId('conflict').count());
  const amount = page.locator(`[data-testid="conflict"][data-subject="${day.deals.amount.id}"]`);
  const shown = await amount.locator('tr').filter({ hasText: 'Amount' }).locator('td').allTextContents();
  const before = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });
  const amountBefore = Number(day.deals.amount['amount']) / 100;
  report.expect(
    'mine, theirs and before',
    shown.map((text) => Number(text.replaceAll(/[^\d.]/g, ''))),
    [
      typed.amount.minor / 100,
      managerTyped.amount.minor / 100,
      Number(before.format(amountBefore).replaceAll(/[^\d.]/g, '')),
    ],
  );
  await amount.getByRole('button', { name: 'Take mine' }).click();
  await amount.waitFor({ state: 'detached' });
  const closeDate = page.locator(`[data-testid="conflict"][data-subject="${day.deals.closeDate.id}"]`);
  await closeDate.getByRole('button', { name: 'Keep as it is' }).click();
  await closeDate.waitFor({ state: 'detached' });
}

/** The change of the deal that was given away: refused with words, kept, and the deal itself is gone from here. */
export async function checkRefused(rep: Device, day: OfflineDay, report: DemoReport): Promise<void> {
  const { page } = rep;
  const { reassigned } = day.deals;
  const card = page.locator(`[data-testid="refused"][data-record="${reassigned.id}"]`);
  const text = (await card.textContent()) ?? '';
  report.expect('reason in plain words', text.includes('You can no longer see this record'), true);
  report.expect('what was typed is kept', text.includes(typed.refusedStep), true);
  report.expect('refused items', await page.getByTestId('refused').count(), 1);
  report.count('changes refused and kept for the user', 1);
  report.expect('the deal is gone from this computer', await readRecord(page, 'deal', reassigned.id), null);
  const { hits } = await request(page, 'search', { text: textOf(reassigned['name']), limit: 50 });
  report.expect(
    'search does not find the deal',
    hits.some((hit) => hit.id === reassigned.id),
    false,
  );
  await goTo(page, `/deals/${reassigned.id}`);
  await page.getByText('This record is not available to you').waitFor();
  await goTo(page, '/attention');
  await card.getByRole('button', { name: 'Discard' }).click();
  await page.getByText('Nothing waits for you').waitFor();
}

export async function checkDecided(
  rep: Device,
  manager: Device,
  day: OfflineDay,
  colleagueId: string,
  report: DemoReport,
): Promise<void> {
  for (const [index, device] of [rep, manager].entries()) {
    await waitFor('the taken amount', async () => {
      const deal = await readRecord(device.page, 'deal', day.deals.amount.id);
      return deal?.['amount'] === typed.amount.minor;
    });
    const deal = await readRecord(device.page, 'deal', day.deals.closeDate.id);
    report.expect(`kept close date on device ${index + 1}`, deal?.['closeDate'], managerTyped.closeDate.day);
  }
  const given = await readRecord(manager.page, 'deal', day.deals.reassigned.id);
  report.expect('owner of the deal that was given away', given?.ownerId, colleagueId);
  report.expect('its next step stayed', given?.['nextStep'] ?? null, day.deals.reassigned['nextStep'] ?? null);
}

async function readAll(device: Device, entity: EntityName): Promise<ReadonlyMap<string, LocalRecord>> {
  const rows = new Map<string, LocalRecord>();
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const page = await askLive(device.page, 'list', {
      entity,
      sort: [{ field: 'createdAt', direction: 'asc' }],
      offset,
      limit: PAGE_ROWS,
    });
    for (const row of page.rows) rows.set(row.id, row);
    if (offset + PAGE_ROWS >= page.total) return rows;
  }
}

/** Every record the representative sees is the same, field by field, on the manager's device; nothing is there twice. */
export async function checkSameOnBoth(rep: Device, manager: Device, day: OfflineDay, report: DemoReport) {
  let compared = 0;
  for (const entity of ['account', 'contact', 'deal', 'activity', 'task', 'stageChange'] as const) {
    const [mine, theirs] = [await readAll(rep, entity), await readAll(manager, entity)];
    const different = [...mine].filter(
      ([id, record]) => toCanonicalJson(record) !== toCanonicalJson(theirs.get(id) ?? null),
    );
    report.expect(
      `${entity}: records that differ between the devices`,
      different.map(([id]) => id),
      [],
    );
    compared += mine.size;
    if (entity === 'account')
      report.expect(
        'accounts of the new name',
        [...theirs.values()].filter((row) => row['name'] === typed.account).length,
        1,
      );
    if (entity === 'activity')
      report.expect('logged calls', [...theirs.values()].filter((row) => row['dealId'] === day.dealId).length, 1);
    if (entity === 'stageChange') {
      const moves = [...theirs.values()].filter((row) => row['dealId'] === day.deals.dragged.id);
      report.expect('moves of the dragged deal', moves.filter((row) => row['toStage'] === 'qualification').length, 1);
    }
  }
  report.count('records compared between both devices', compared);
  await waitForChip(rep, /Up to date/);
  await waitForChip(manager, /Up to date/);
  const status = await rep.status();
  report.expect('unsent and open items', [status.pendingCount, status.attentionCount], [0, 0]);
}
