import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSealer } from '#main/journal/seal.ts';
import type { Journal } from '#main/journal/journal.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { applied, createJournalWorld, journalKey, rejected, type JournalWorld } from '#test/support/journal-world.ts';

const BASE = 'BASE-CANARY';
const TYPED = 'TYPED-CANARY';

describe('the journal after a purge', () => {
  let world: JournalWorld;
  let journal: Journal;
  beforeEach(() => {
    world = createJournalWorld();
    journal = world.open();
  });
  afterEach(() => world.remove());

  const draftFor = (recordId: string, field = 'name') =>
    world.draft({ recordId, changes: [{ group: field, base: { [field]: BASE }, to: { [field]: TYPED } }] });
  const append = (...recordIds: readonly string[]): readonly Operation[] =>
    journal.append(recordIds.map((recordId) => draftFor(recordId)));

  /** Everything that can still be read with the key of the profile, and the raw bytes of all files. */
  function openEverything(): string {
    journal.close();
    const sealer = createSealer(journalKey, 'journal');
    const db = new DatabaseSync(world.path, { readOnly: true });
    const parts: string[] = [];
    const add = (place: string, bytes: unknown) => parts.push(JSON.stringify(sealer.open(place, bytes as Uint8Array)));
    for (const row of db.prepare('SELECT * FROM ops').all()) {
      add(`ops:${String(row['op_no'])}:${String(row['op_id'])}`, row['sealed']);
      if (row['verdict'] !== null) add(`verdict:${String(row['op_no'])}`, row['verdict']);
    }
    for (const row of db.prepare('SELECT * FROM history').all()) add(`history:${String(row['op_no'])}`, row['sealed']);
    for (const row of db.prepare('SELECT * FROM attention').all()) add(`attention:${String(row['id'])}`, row['sealed']);
    db.close();
    return parts.join('\n');
  }

  function rawBytes(): Buffer {
    const directory = path.dirname(world.path);
    return Buffer.concat(readdirSync(directory).map((name) => readFileSync(path.join(directory, name))));
  }

  it('SYNC-25 holds only what the user typed: unsent, answered, refused and logged', () => {
    const [logged, refused, undelivered] = append('gone', 'gone', 'gone', 'gone');
    if (logged === undefined || refused === undefined || undelivered === undefined) throw new Error('nothing appended');
    journal.storeVerdicts([applied(logged), rejected(refused)]);
    journal.markDelivered([logged.opId, refused.opId]);
    const record = { id: 'gone', kind: 'deal', name: BASE };
    journal.storeVerdicts([{ ...applied(undelivered), record }]);
    expect(journal.sweep.forget([{ entity: 'deal', recordId: 'gone' }])).toBe(true);
    expect(
      journal.pending().map(({ changes, withoutBase }) => [changes[0]?.base, changes[0]?.to, withoutBase]),
    ).toEqual([
      [{}, { name: TYPED }, true],
      [{}, { name: TYPED }, true],
    ]);
    expect(journal.undelivered()).toEqual([applied(undelivered)]);
    expect(journal.attention()[0]?.operation.changes).toEqual([{ group: 'name', base: {}, to: { name: TYPED } }]);
    expect(journal.sweep.mentioned()).toEqual([{ entity: 'deal', recordId: 'gone' }]);
    const text = openEverything();
    expect(text).not.toContain(BASE);
    expect(text).toContain(TYPED);
    expect(text).not.toContain('"status":"applied","seq":11}');
  });

  it('SYNC-15 SYNC-25 what may only not be here yet loses what was on the screen and can still be sent again', () => {
    const [logged] = append('gone');
    if (logged === undefined) throw new Error('nothing appended');
    journal.storeVerdicts([applied(logged)]);
    journal.markDelivered([logged.opId]);
    journal.sweep.forget([{ entity: 'deal', recordId: 'gone' }], 'strip');
    expect(journal.sweep.mentioned()).toEqual([{ entity: 'deal', recordId: 'gone' }]);
    expect(journal.sweep.resendAfter(0)).toBe(1);
    expect(journal.nextBatch()).toMatchObject([{ opId: logged.opId, withoutBase: true }]);
    expect(openEverything()).not.toContain(BASE);
  });

  it('SYNC-24 leaves no byte of the former rows in any of its files', () => {
    append('gone');
    const before = new DatabaseSync(world.path, { readOnly: true });
    const sealed = Buffer.from(before.prepare('SELECT sealed FROM ops').get()?.['sealed'] as Uint8Array);
    before.close();
    expect(rawBytes().includes(sealed)).toBe(true);
    journal.sweep.forget([{ entity: 'deal', recordId: 'gone' }]);
    expect(rawBytes().includes(sealed)).toBe(false);
    journal.close();
    expect(rawBytes().includes(sealed)).toBe(false);
  });

  it('SYNC-25 touches no other record, survives a restart, and doing it twice changes nothing', () => {
    append('gone', 'stays');
    journal.sweep.forget([{ entity: 'deal', recordId: 'gone' }]);
    expect(journal.sweep.forget([{ entity: 'deal', recordId: 'gone' }])).toBe(false);
    expect(journal.sweep.forget([{ entity: 'task', recordId: 'stays' }])).toBe(false);
    journal.close();
    journal = world.open();
    expect(journal.nextBatch().map(({ changes }) => changes[0]?.base)).toEqual([{}, { name: BASE }]);
  });

  it('SYNC-22 a lost field goes from the bases of its kind, from answers and from the log, and leaves the others', () => {
    const [logged] = append('a');
    if (logged === undefined) throw new Error('nothing appended');
    journal.storeVerdicts([applied(logged)]);
    journal.markDelivered([logged.opId]);
    journal.append([draftFor('a', 'name'), draftFor('a', 'amount')]);
    expect(journal.sweep.forgetFields({ deal: ['amount'], task: ['name'] })).toBe(true);
    expect(journal.pending().map(({ changes, withoutBase }) => [changes[0]?.base, withoutBase])).toEqual([
      [{ name: BASE }, undefined],
      [{}, true],
    ]);
    expect(journal.sweep.forgetFields({ deal: ['name'] })).toBe(true);
    expect(openEverything()).not.toContain(BASE);
  });

  it('SYNC-25 SYNC-47 a refusal keeps its reason for good, and the name of its record only as long as rights stay', () => {
    const ops = append('gone', 'hidden');
    const why = { reason: 'deletedMeanwhile', entity: 'deal', title: BASE };
    journal.storeVerdicts(ops.map((op) => ({ ...rejected(op), why }) as Verdict));
    journal.close();
    journal = world.open();
    const facts = () => journal.attention().map(({ label, why: told }) => [label, told]);
    const reason = { reason: 'deletedMeanwhile', entity: 'deal' };
    expect(facts()).toEqual([
      [BASE, reason],
      [BASE, reason],
    ]);
    journal.sweep.forget([{ entity: 'deal', recordId: 'gone' }]);
    journal.sweep.forgetFields({ deal: ['name'] });
    expect(facts()).toEqual([
      [null, reason],
      [null, reason],
    ]);
    expect(openEverything()).not.toContain(BASE);
  });

  it('SYNC-25 a deletion is neither forgotten nor taken for a loss', () => {
    const [patch, removal] = journal.append([
      draftFor('a'),
      world.draft({ kind: 'delete', recordId: 'a', changes: [] }),
    ]);
    if (patch === undefined || removal === undefined) throw new Error('nothing appended');
    // The local database keeps it, hidden, until the server has answered.
    expect(journal.sweep.mentioned()).toEqual([{ entity: 'deal', recordId: 'a' }]);
    journal.storeVerdicts([applied(patch), applied(removal)]);
    journal.markDelivered([patch.opId, removal.opId]);
    expect(journal.sweep.mentioned()).toEqual([{ entity: 'deal', recordId: 'a' }]);
    journal.sweep.forget([{ entity: 'deal', recordId: 'a' }]);
    expect(journal.sweep.resendAfter(0)).toBe(1);
    expect(journal.nextBatch().map(({ kind }) => kind)).toEqual(['void', 'delete']);
  });

  it('SYNC-25 what is about to be brought back is asked about when the answer is there', () => {
    const [patch, restoring] = journal.append([
      draftFor('a'),
      world.draft({ kind: 'restore', recordId: 'a', changes: [] }),
    ]);
    if (patch === undefined || restoring === undefined) throw new Error('nothing appended');
    expect(journal.sweep.mentioned()).toEqual([]);
    expect(journal.sweep.isUndecided()).toBe(true);
    journal.storeVerdicts([rejected(patch), rejected(restoring)]);
    journal.markDelivered([patch.opId, restoring.opId]);
    expect(journal.sweep.isUndecided()).toBe(false);
    expect(journal.sweep.mentioned()).toEqual([{ entity: 'deal', recordId: 'a' }]);
  });

  it('SYNC-25 a sweep that was begun is still due after a crash', () => {
    expect(journal.sweep.isDue()).toBe(false);
    journal.sweep.setDue(true);
    journal.close();
    journal = world.open();
    expect(journal.sweep.isDue()).toBe(true);
    journal.sweep.setDue(false);
    expect(journal.sweep.isDue()).toBe(false);
  });
});

describe('the journal after a restore of the server', () => {
  let world: JournalWorld;
  let journal: Journal;
  beforeEach(() => {
    world = createJournalWorld();
    journal = world.open();
  });
  afterEach(() => world.remove());

  function settle(operations: readonly Operation[], isRefused: (operation: Operation) => boolean = () => false): void {
    journal.storeVerdicts(operations.map((entry) => (isRefused(entry) ? rejected(entry) : applied(entry))));
    journal.markDelivered(operations.map(({ opId }) => opId));
  }

  it('SYNC-15 sends what was answered later than the restored state once more, under the same numbers and ids', () => {
    const sent = journal.append([world.draft(), world.draft(), world.draft(), world.draft()]);
    settle(sent, ({ opNo }) => opNo === 3);
    const [waiting] = journal.append([world.draft()]);
    expect(journal.sweep.resendAfter(1)).toBe(2);
    const batch = journal.nextBatch();
    expect(batch.map(({ opNo }) => opNo)).toEqual([2, 3, 4, 5]);
    // What was refused stays with the user; its number is filled.
    expect(batch.map(({ kind }) => kind)).toEqual(['patch', 'void', 'patch', 'patch']);
    expect([batch[0], batch[2], batch[3]]).toEqual([sent[1], sent[3], waiting]);
    journal.close();
    journal = world.open();
    expect(journal.damage.quarantinedCount).toBe(0);
    expect(journal.nextBatch()).toEqual(batch);
    settle(batch);
    expect(journal.counts().pending).toBe(0);
    expect(journal.append([world.draft()])[0]?.opNo).toBe(6);
    // A second restore finds them again.
    expect(journal.sweep.resendAfter(1)).toBe(3);
  });

  it('SYNC-15 a server that knows everything gets nothing twice', () => {
    settle(journal.append([world.draft(), world.draft()]));
    journal.append([world.draft()]);
    expect(journal.sweep.resendAfter(2)).toBe(0);
    expect(journal.sweep.resendAfter(7)).toBe(0);
    expect(journal.nextBatch().map(({ opNo }) => opNo)).toEqual([3]);
  });

  it('SYNC-15 what was answered more than thirty days ago, or as another device, is not sent again', () => {
    settle(journal.append([world.draft()]));
    journal.close();
    const later = { now: () => Date.parse('2026-11-21T09:00:00Z') + 31 * 86_400_000 };
    journal = world.open({ clock: later });
    expect(journal.sweep.resendAfter(0)).toBe(0);
    settle(journal.nextBatch());
    settle(journal.append([world.draft()]));
    journal.close();
    journal = world.open({ clock: later, deviceId: 'device-2' });
    journal.append([world.draft()]);
    expect(journal.sweep.resendAfter(0)).toBe(0);
  });
});
