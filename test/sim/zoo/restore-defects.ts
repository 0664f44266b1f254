// Defects of what happens when a server is restored from a backup.
import type { Journal } from '#main/journal/journal.ts';
import type { KnownResult } from '#server/sync/op-results.ts';
import { inEveryTransaction, type Defect } from '#test/sim/zoo/defect.ts';

function sweepingAs(change: (sweep: Journal['sweep']) => Partial<Journal['sweep']>): NonNullable<Defect['journal']> {
  return (journal) => ({ ...journal, sweep: { ...journal.sweep, ...change(journal.sweep) } });
}

/** Answers that no restore takes back. */
const outlived = new WeakMap<object, Map<string, KnownResult>>();

export const restoreDefects: readonly Defect[] = [
  {
    name: 'restored-unnoticed',
    story: 'A restored server says that it is the one from before.',
    store: inEveryTransaction((transaction, tenant) => ({
      async readHead() {
        const head = await transaction.readHead();
        return head === null ? null : { ...head, incarnation: `${tenant.id}-1` };
      },
    })),
  },
  {
    name: 'nothing-sent-again',
    story: 'What a restored server has lost of what it acknowledged is not sent again.',
    journal: sweepingAs(() => ({ resendAfter: () => 0 })),
  },
  {
    name: 'sent-again-from-the-wrong-number',
    story: 'The first operation that a restored server has lost is taken for one that it knows.',
    journal: sweepingAs((sweep) => ({ resendAfter: (lastOpNo) => sweep.resendAfter(lastOpNo + 1) })),
  },
  {
    name: 'empty-device-is-not-told',
    story: 'A device without a local database takes a snapshot, and does not hear that the server was restored.',
    page: ({ lastOpNo: _lastOpNo, ...page }) => page,
  },
  {
    name: 'log-forgotten-before-caught-up',
    story: 'What is not held after a crash is taken for lost, although it may only not be here yet.',
    journal: sweepingAs((sweep) => ({ forget: (places) => sweep.forget(places, 'drop') })),
  },
  {
    name: 'results-outlive-a-restore',
    story: 'The answers of before are given again, although the server has forgotten what they were about.',
    store: inEveryTransaction((transaction, tenant) => ({
      async readKnownResults(pushes) {
        const known = new Map(await transaction.readKnownResults(pushes));
        for (const { deviceId, operations } of pushes) {
          const kept = new Map(known.get(deviceId));
          for (const { opId } of operations) {
            const result = kept.get(opId) ?? outlived.get(tenant)?.get(`${deviceId} ${opId}`);
            if (result !== undefined) kept.set(opId, result);
          }
          if (kept.size > 0) known.set(deviceId, kept);
        }
        return known;
      },
      writeResults(nowMs, rows) {
        const results = outlived.get(tenant) ?? new Map<string, KnownResult>();
        outlived.set(tenant, results);
        for (const { deviceId, userId, operation, bodyHash, verdict } of rows)
          results.set(`${deviceId} ${operation.opId}`, { bodyHash, userId, verdict });
        return transaction.writeResults(nowMs, rows);
      },
    })),
  },
];
