// A process that appends until it is killed and says each number once it was told that it is saved.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openJournal } from '#main/journal/journal.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';

const [, , path = ''] = process.argv;
const clock = { now: () => Date.now() };
const createId = createIdFactory(clock, { bytes: (length) => randomBytes(length) });
const journal = openJournal({ path, key: Buffer.alloc(32, 7), deviceId: 'device-1', clock, createId });

for (let round = 0; ; round += 1) {
  const size = 1 + (round % 5);
  const txn = size === 1 ? null : createId();
  const drafts = Array.from({ length: size }, (_, index) => ({
    opId: createId(),
    txn,
    kind: 'patch' as const,
    entity: 'deal',
    recordId: `deal-${round}`,
    command: 'updateRecord',
    baseRev: 1,
    changes: [{ group: 'name', base: {}, to: { name: `${round}/${index} ${'x'.repeat(round % 900)}` } }],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
  }));
  const saved = journal.append(drafts);
  // Synchronous, so that nothing that was said is still in a buffer when the process dies.
  writeSync(1, `${saved.map((operation) => `${operation.opNo}=${operation.opId}`).join(' ')}\n`);
}
