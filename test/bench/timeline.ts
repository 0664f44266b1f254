// A deal with 5,000 events stands in the real application. Each round opens a fresh window, as going back to a record that
// was seen before paints it from memory.
import type { Page } from 'playwright';
import { inMs, median, type Figure } from '#test/bench/figure.ts';
import { useCompany } from '#test/bench/shared-company.ts';
import { openSignedInApp, type SignedInApp } from '#test/bench/signed-in-app.ts';
import { request, readList } from '#test/support/ask-data.ts';
import { waitFor } from '#test/support/device.ts';

const ROUNDS = 7;
const EVENTS = 5_000;
const kinds = ['call', 'meeting', 'note', 'email'] as const;

/** Milliseconds from the change of the address until the timeline stands on the screen with its newest events. */
async function openRecord(window: Page, id: string): Promise<number> {
  await window.evaluate(() => {
    globalThis.location.hash = '#/accounts';
  });
  await window.reload();
  await window.getByTestId('sync-chip').waitFor();
  await window.waitForTimeout(800);
  return window.evaluate((path) => {
    const startedMs = performance.now();
    globalThis.location.hash = path;
    return new Promise<number>((resolve) => {
      const look = (): void => {
        const isThere = globalThis.document.querySelector('ol[data-total] li[data-type]') !== null;
        if (!isThere) requestAnimationFrame(look);
        // The frame that is being made now shows it; the next one begins when that is done.
        else requestAnimationFrame(() => resolve(performance.now() - startedMs));
      };
      requestAnimationFrame(look);
    });
  }, `#/deals/${id}`);
}

async function fill(window: Page, dealId: string): Promise<void> {
  for (let index = 0; index < EVENTS; index += 1) {
    const occurredAt = new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString();
    const type = kinds[index % kinds.length];
    const input = { type, subject: `Event ${String(index)}`, body: 'As agreed.', dealId, occurredAt };
    await request(window, 'execute', { command: 'logActivity', input });
  }
}

export const timeline: Figure = {
  name: 'timeline-5k',
  unit: 'ms',
  target: { is: '<=', limit: 150 },
  async measure() {
    let app: SignedInApp | null = null;
    try {
      app = await openSignedInApp(await useCompany(50));
      const { window } = app;
      const deal = (await readList(window, 'deal')).rows[0];
      if (deal === undefined) throw new Error('the company has no deal');
      await fill(window, deal.id);
      await waitFor('all events', async () => {
        const { total } = await readList(window, 'activity', { filter: { field: 'dealId', op: 'eq', value: deal.id } });
        return total >= EVENTS;
      });
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) times.push(await openRecord(window, deal.id));
      return { value: median(times), notes: [`a deal with ${String(EVENTS)} events, opened anew: ${inMs(times)}`] };
    } finally {
      await app?.close();
    }
  },
};
