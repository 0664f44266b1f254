import { readFileSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PUSH_BATCH_SIZE } from '#shared/sync/operation.ts';
import { applied, createJournalWorld, rejected, type JournalWorld } from '#test/support/journal-world.ts';

describe('journal', () => {
  let world: JournalWorld;
  beforeEach(() => {
    world = createJournalWorld();
  });
  afterEach(() => world.remove());

  it('SYNC-4 what was appended is there after the journal is opened again, with gapless numbers', () => {
    const journal = world.open();
    const first = journal.append([world.draft(), world.draft()]);
    const second = journal.append([world.draft()]);
    journal.close();
    const again = world.open();
    expect(again.pending()).toEqual([...first, ...second]);
    expect(again.pending().map((operation) => operation.opNo)).toEqual([1, 2, 3]);
    expect(again.append([world.draft()])[0]?.opNo).toBe(4);
    again.close();
  });

  it('SYNC-4 an append that is refused stores nothing of it and uses no number', () => {
    const journal = world.open();
    const huge = world.draft({ changes: [{ group: 'notes', base: {}, to: { notes: 'x'.repeat(1_100_000) } }] });
    expect(() => journal.append([world.draft(), huge])).toThrow(expect.objectContaining({ code: 'too_large' }));
    expect(journal.pending()).toEqual([]);
    expect(journal.append([world.draft()])[0]?.opNo).toBe(1);
    journal.close();
  });

  it('SYNC-4 a journal that made room has its log at full size, keeps what it held and goes on', () => {
    const journal = world.open();
    const [one] = journal.append([world.draft()]);
    journal.makeRoom();
    const size = statSync(`${world.path}-wal`).size;
    expect(size).toBeGreaterThan(4_000_000);
    const [two] = journal.append([world.draft()]);
    journal.storeVerdicts(journal.nextBatch().map(applied));
    expect(statSync(`${world.path}-wal`).size).toBe(size);
    journal.close();
    const again = world.open();
    expect(again.pending()).toEqual([one, two]);
    again.close();
  });

  it('SYNC-5 appending the same operations twice stores them once', () => {
    const journal = world.open();
    const drafts = [world.draft(), world.draft()];
    const first = journal.append(drafts);
    expect(journal.append(drafts)).toEqual(first);
    expect(journal.counts().pending).toBe(2);
    journal.close();
  });

  it('SYNC-6 what waits is counted in records: a move with its entry of the history is one, two edits of a record are one', () => {
    const journal = world.open();
    const moved = world.draft({ entity: 'deal', recordId: 'd1', txn: 't1', command: 'moveDeal' });
    const noted = world.draft({
      entity: 'stageChange',
      recordId: 's1',
      txn: 't1',
      command: 'moveDeal',
      kind: 'create',
    });
    journal.append([moved, noted, world.draft({ entity: 'deal', recordId: 'd1' })]);
    expect(journal.counts().pending).toBe(3);
    expect(journal.waitingRecords()).toBe(1);
    journal.append([world.draft({ entity: 'account', recordId: 'd1' })]);
    expect(journal.waitingRecords()).toBe(2);
    journal.close();
  });

  it('SYNC-4 an answered operation stays in the view until the data host has the verdict, and is not sent again', () => {
    const journal = world.open();
    const [one, two] = journal.append([world.draft(), world.draft()]);
    if (one === undefined || two === undefined) throw new Error('nothing appended');
    journal.storeVerdicts([applied(one)]);
    journal.close();
    const again = world.open();
    expect(again.nextBatch()).toEqual([two]);
    expect(again.pending()).toEqual([one, two]);
    expect(again.undelivered()).toEqual([applied(one)]);
    again.markDelivered([one.opId]);
    expect(again.pending()).toEqual([two]);
    again.close();
    const third = world.open();
    expect(third.undelivered()).toEqual([]);
    expect(third.pending()).toEqual([two]);
    third.close();
  });

  it('SYNC-47 a rejected operation becomes one attention item, however often the verdict arrives and the journal is opened', () => {
    const journal = world.open();
    const [one] = journal.append([world.draft()]);
    if (one === undefined) throw new Error('nothing appended');
    journal.storeVerdicts([rejected(one), rejected(one)]);
    journal.storeVerdicts([rejected(one)]);
    journal.markDelivered([one.opId]);
    journal.storeVerdicts([rejected(one)]);
    journal.close();
    const again = world.open();
    expect(again.attention()).toHaveLength(1);
    expect(again.attention()[0]).toMatchObject({ id: one.opId, code: 'not_visible', operation: one, label: null });
    expect(again.counts()).toEqual({ pending: 0, attention: 1 });
    again.discard(one.opId);
    again.close();
    const third = world.open();
    expect(third.attention()).toEqual([]);
    third.close();
  });

  it('SYNC-49 a blocked operation becomes an attention item under its cause', () => {
    const journal = world.open();
    const [cause, child] = journal.append([world.draft({ kind: 'create' }), world.draft()]);
    if (cause === undefined || child === undefined) throw new Error('nothing appended');
    journal.storeVerdicts([
      rejected(cause),
      { opId: child.opId, opNo: child.opNo, status: 'blocked', by: cause.opId, record: null },
    ]);
    expect(journal.attention().find((item) => item.id === child.opId)).toMatchObject({
      code: 'blocked',
      causedBy: cause.opId,
    });
    journal.close();
  });

  it('SYNC-48 a verdict of an operation in the middle lets the ones around it go on', () => {
    const journal = world.open();
    const operations = journal.append([world.draft(), world.draft(), world.draft()]);
    const [one, two, three] = operations;
    if (one === undefined || two === undefined || three === undefined) throw new Error('nothing appended');
    journal.storeVerdicts([rejected(two)]);
    journal.markDelivered([two.opId]);
    expect(journal.nextBatch()).toEqual([one, three]);
    journal.close();
    const again = world.open();
    expect(again.damage).toMatchObject({ quarantinedCount: 0, isNumberingLost: false });
    expect(again.nextBatch().map((operation) => [operation.opNo, operation.kind])).toEqual([
      [1, 'patch'],
      [3, 'patch'],
    ]);
    again.close();
  });

  it('SYNC-9 a batch never cuts a txn and never has more operations than a push takes', () => {
    const journal = world.open();
    const single = Array.from({ length: PUSH_BATCH_SIZE - 50 }, () => world.draft());
    const together = Array.from({ length: 100 }, () => world.draft({ txn: 'txn-1' }));
    journal.append([...single, ...together]);
    expect(journal.nextBatch()).toHaveLength(PUSH_BATCH_SIZE - 50);
    journal.storeVerdicts(journal.nextBatch().map(applied));
    expect(journal.nextBatch()).toHaveLength(100);
    const tooMany = Array.from({ length: 201 }, () => world.draft({ txn: 'txn-2' }));
    expect(() => journal.append(tooMany)).toThrow(expect.objectContaining({ code: 'limit' }));
    journal.close();
  });

  it('SYNC-48 an operation the server cannot read is put aside and its number is sent as void', () => {
    const journal = world.open();
    const [one, two] = journal.append([world.draft(), world.draft()]);
    if (one === undefined || two === undefined) throw new Error('nothing appended');
    journal.setAside(1, { code: 'invalid', message: 'The request is not shaped as expected.', details: {} });
    expect(journal.nextBatch().map((operation) => [operation.opNo, operation.kind])).toEqual([
      [1, 'void'],
      [2, 'patch'],
    ]);
    expect(journal.attention()[0]).toMatchObject({ id: one.opId, code: 'invalid' });
    const [hole] = journal.nextBatch();
    if (hole === undefined) throw new Error('no void');
    journal.storeVerdicts([rejected(hole)]);
    expect(journal.attention()).toHaveLength(1);
    journal.close();
  });

  it('D10 nothing a person typed stands readable in the files', () => {
    const journal = world.open();
    const [one, two] = journal.append([world.draft(), world.draft()]);
    if (one === undefined || two === undefined) throw new Error('nothing appended');
    journal.storeVerdicts([applied(one), rejected(two)]);
    const wal = readFileSync(`${world.path}-wal`).toString('latin1');
    journal.close();
    const file = readFileSync(world.path).toString('latin1');
    expect(wal.length).toBeGreaterThan(100);
    for (const text of [wal, file]) {
      expect(text).not.toContain('SECRET-CANARY');
      expect(text).not.toContain('deal-1');
    }
  });

  it('D10 another key reads nothing, keeps the file and sends nothing', () => {
    const journal = world.open();
    journal.append([world.draft()]);
    journal.close();
    const other = world.open({ key: Buffer.alloc(32, 8) });
    expect(other.damage.isNumberingLost).toBe(true);
    expect(other.damage.setAsideAs).not.toBeNull();
    expect(other.pending()).toEqual([]);
    expect(other.attention()).toEqual([]);
    other.close();
    const kept = world.open({ path: other.damage.setAsideAs ?? '' });
    expect(kept.pending()).toHaveLength(1);
    kept.close();
  });

  it('SYNC-51 a file of a newer format is not touched', () => {
    const journal = world.open();
    journal.append([world.draft()]);
    journal.close();
    const db = new DatabaseSync(world.path);
    db.exec('PRAGMA user_version = 2');
    db.close();
    const before = readFileSync(world.path);
    expect(() => world.open()).toThrow(expect.objectContaining({ code: 'too_old_protocol' }));
    expect(readFileSync(world.path).equals(before)).toBe(true);
  });

  it('SYNC-4 under a new device id everything unsent is numbered anew and nothing is lost', () => {
    const journal = world.open();
    const operations = journal.append([world.draft(), world.draft(), world.draft()]);
    const [one] = operations;
    if (one === undefined) throw new Error('nothing appended');
    journal.storeVerdicts([applied(one)]);
    journal.markDelivered([one.opId]);
    journal.close();
    const again = world.open({ deviceId: 'device-2' });
    expect(again.nextBatch().map((operation) => operation.opNo)).toEqual([1, 2]);
    expect(again.nextBatch().map((operation) => operation.opId)).toEqual(
      operations.slice(1).map((operation) => operation.opId),
    );
    again.close();
  });

  it('SYNC-4 a full disk refuses the append with disk_full and keeps what was saved', () => {
    const journal = world.open();
    const kept = journal.append([world.draft()]);
    journal.close();
    const small = world.open({ mostPages: 12 });
    const big = (): ReturnType<JournalWorld['draft']> =>
      world.draft({ changes: [{ group: 'notes', base: {}, to: { notes: 'x'.repeat(60_000) } }] });
    expect(() => small.append([big()])).toThrow(expect.objectContaining({ code: 'disk_full' }));
    expect(small.pending()).toEqual(kept);
    small.close();
    const again = world.open();
    expect(again.pending()).toEqual(kept);
    expect(again.append([world.draft()])[0]?.opNo).toBe(2);
    again.close();
  });
});
