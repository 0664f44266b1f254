import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJournalWorld, rejected, type JournalWorld } from '#test/support/journal-world.ts';
import type { Operation } from '#shared/sync/operation.ts';

/** `OUTPOST_THOROUGH=1` flips every byte; otherwise the header and every 29th, so that the run stays short. */
const STRIDE = process.env['OUTPOST_THOROUGH'] === '1' ? 1 : 29;

describe('a damaged journal', () => {
  let world: JournalWorld;
  beforeEach(() => {
    world = createJournalWorld();
  });
  afterEach(() => world.remove());

  function damageRow(sql: string): void {
    const db = new DatabaseSync(world.path);
    db.exec(sql);
    db.close();
  }

  it('SYNC-4 an unreadable row is kept aside and told once, its number is sent as void, and the others are sent', () => {
    const journal = world.open();
    const [one, , three] = journal.append([world.draft(), world.draft(), world.draft()]);
    journal.close();
    damageRow('UPDATE ops SET sealed = zeroblob(80) WHERE op_no = 2');
    const again = world.open();
    expect(again.damage).toMatchObject({ quarantinedCount: 1, isNumberingLost: false, setAsideAs: null });
    expect(again.nextBatch().map((operation) => operation.kind)).toEqual(['patch', 'void', 'patch']);
    expect(again.pending()).toEqual([one, three]);
    const [told] = again.attention();
    expect(told).toMatchObject({ code: 'journal_damaged', operation: { opNo: 2, kind: 'void', changes: [] } });
    again.close();
    const db = new DatabaseSync(world.path);
    expect(db.prepare('SELECT count(*) AS n FROM quarantine').get()).toEqual({ n: 1 });
    db.close();
    const third = world.open();
    expect(third.damage.quarantinedCount).toBe(0);
    expect(third.attention()).toEqual([told]);
    expect(third.nextBatch().map((operation) => operation.opNo)).toEqual([1, 2, 3]);
    third.close();
  });

  it('SYNC-49 what belongs to a damaged operation or depends on it is shown instead of sent', () => {
    const journal = world.open();
    const [first, second] = [world.draft({ txn: 'together' }), world.draft({ txn: 'together' })];
    const child = world.draft({ dependsOn: [first.opId] });
    const stranger = world.draft();
    journal.append([first, second, child, stranger]);
    journal.close();
    damageRow('UPDATE ops SET sealed = zeroblob(80) WHERE op_no = 2');
    const again = world.open();
    expect(again.nextBatch().map((operation) => operation.kind)).toEqual(['void', 'void', 'void', 'patch']);
    const typed = again.attention().filter((item) => item.operation.kind !== 'void');
    expect(new Set(typed.map((item) => item.id))).toEqual(new Set([first.opId, child.opId]));
    expect(typed[0]?.code).toBe('journal_damaged');
    expect(again.attention()).toHaveLength(3);
    again.close();
  });

  it('SYNC-4 a row that vanished without a trace is noticed by its number', () => {
    const journal = world.open();
    journal.append([world.draft(), world.draft(), world.draft()]);
    journal.close();
    damageRow('DELETE FROM ops WHERE op_no = 3');
    const again = world.open();
    expect(again.nextBatch().map((operation) => operation.kind)).toEqual(['patch', 'patch', 'void']);
    expect(again.attention()).toHaveLength(1);
    again.close();
  });

  it('SYNC-6 a row moved to another number is not taken for it', () => {
    const journal = world.open();
    journal.append([world.draft(), world.draft()]);
    journal.close();
    damageRow('UPDATE ops SET op_no = op_no + 10 WHERE op_no = 2');
    const again = world.open();
    expect(again.pending()).toHaveLength(1);
    expect(again.damage.quarantinedCount).toBe(1);
    again.close();
  });

  it('SYNC-4 a file cut in half is put aside whole, and what can be read of it is shown', () => {
    const journal = world.open();
    journal.append(Array.from({ length: 40 }, () => world.draft()));
    journal.close();
    const bytes = readFileSync(world.path);
    writeFileSync(world.path, bytes.subarray(0, Math.floor(bytes.length / 2)));
    const again = world.open();
    const { setAsideAs } = again.damage;
    expect(readFileSync(setAsideAs ?? '').length).toBe(Math.floor(bytes.length / 2));
    again.close();
  });

  it(
    'SYNC-51 flipping any byte of the file never changes an operation, never stops the start, and never loses one silently',
    { timeout: 900_000 },
    () => {
      const journal = world.open({ pageSizeBytes: 512 });
      const operations = journal.append([world.draft(), world.draft(), world.draft({ kind: 'create' })]);
      const [one] = operations;
      if (one === undefined) throw new Error('nothing appended');
      journal.storeVerdicts([rejected(one)]);
      journal.close();
      const original = readFileSync(world.path);
      const known = new Map<string, Operation>(operations.map((operation) => [operation.opId, operation]));
      const directory = mkdtempSync(path.join(tmpdir(), 'outpost-flip-'));
      for (let at = 0; at < original.length; at += at < 100 ? 1 : STRIDE) {
        const file = path.join(directory, `${at}.sqlite`);
        copyFileSync(world.path, file);
        const bytes = Buffer.from(original);
        bytes[at] = (bytes[at] ?? 0) ^ 0xff;
        writeFileSync(file, bytes);
        let again;
        try {
          again = world.open({ path: file });
        } catch (error) {
          // The version in the header: then nothing is touched.
          expect(error).toMatchObject({ code: 'too_old_protocol' });
          continue;
        }
        const told = again.attention().map((item) => item.operation);
        const shown = new Map(
          [...again.pending(), ...told]
            .filter((operation) => operation.kind !== 'void')
            .map((operation) => [operation.opId, operation]),
        );
        for (const operation of shown.values()) expect(operation).toEqual(known.get(operation.opId));
        const { quarantinedCount, setAsideAs } = again.damage;
        const voids = again.nextBatch().filter((operation) => operation.kind === 'void').length;
        const isTold = quarantinedCount > 0 || setAsideAs !== null || voids > 0;
        if (shown.size < known.size) expect([at, isTold]).toEqual([at, true]);
        again.close();
        rmSync(file);
      }
      rmSync(directory, { recursive: true });
    },
  );
});
