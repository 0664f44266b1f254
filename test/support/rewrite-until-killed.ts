// A process that rewrites everything here that is sealed as a whole, or taken off the disk, until it is killed: the vault,
// who is signed in, and a journal that forgets what was purged. It says each round once all of it is done.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import path from 'node:path';
import { openJournal } from '#main/journal/journal.ts';
import { openProfiles } from '#main/profile/profiles.ts';
import { openVault } from '#main/secrets/vault.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';

const [, , directory = ''] = process.argv;
const clock = { now: () => Date.now() };
const createId = createIdFactory(clock, { bytes: (length) => randomBytes(length) });
const key = Buffer.alloc(32, 7);
const vault = await openVault(path.join(directory, 'secrets.vault'), 'correct horse battery');
const profiles = openProfiles(directory);
const journal = openJournal({
  path: path.join(directory, 'profiles/p1/journal.sqlite'),
  key,
  deviceId: 'd1',
  clock,
  createId,
});
const actor = { tenantId: 't', userId: 'u', name: 'U', email: 'u@x', role: 'viewer', teamIds: [], permissions: [] };

for (let round = Number((await vault.get('refresh-token:p1')) ?? 0) + 1; ; round += 1) {
  await vault.set('refresh-token:p1', String(round));
  // A key that is given up for a new one, beside the one that must stay.
  if (round % 3 === 0) await vault.delete('profile-key:old');
  else await vault.set('profile-key:old', 'x'.repeat(round % 5000));
  const state = { tenantName: 'T', sessionId: 's', workOffline: false, upToDateAt: String(round) };
  profiles.writeState('p1', key, { actor: { ...actor, epoch: round }, ...state });
  const recordId = `deal-${String(round)}`;
  journal.append([
    {
      opId: createId(),
      txn: null,
      kind: 'patch',
      entity: 'deal',
      recordId,
      command: 'updateRecord',
      baseRev: 1,
      changes: [{ group: 'name', base: { name: 'seen before the purge' }, to: { name: `typed ${String(round)}` } }],
      dependsOn: [],
      captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
      schema: 1,
    },
  ]);
  journal.sweep.setDue(true);
  journal.sweep.forget([{ entity: 'deal', recordId }]);
  journal.sweep.setDue(false);
  // Synchronous, so that nothing that was said is still in a buffer when the process dies.
  writeSync(1, `${String(round)}\n`);
}
