import { describe, expect, it } from 'vitest';
import { createColumnStore } from '#shared/analytics/columns/column-store.ts';
import type { LiveTable } from '#shared/analytics/columns/live-table.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { createRecordMirror, type RecordMirror } from '#renderer/data/record-mirror.ts';
import { NO_DAY } from '#shared/analytics/column-table.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';

const paths = [
  'amount',
  'weighted',
  'stageId',
  'closeDate',
  'createdAt',
  'accountId',
  'accountId.industry',
  'ownerId.teamId',
  'productIds',
] as const;

const convert = (minorUnits: number, currency: string | null): number | null =>
  currency === null || currency === 'EUR' ? minorUnits : null;

function record(kind: EntityName, id: string, values: Readonly<Record<string, unknown>>): LocalRecord {
  const at = '2026-01-02T03:04:05.000Z';
  const envelope = { id, kind, rev: 1, ownerId: null, teamId: null, createdAt: at, createdBy: null, updatedAt: at };
  return { ...envelope, updatedBy: null, pending: [], ...values };
}

/** What a table holds, by record and path, as plain values. */
function read(table: LiveTable): Record<string, readonly unknown[]> {
  const rows: Record<string, readonly unknown[]> = {};
  const columns = paths.map((path) => table.column(path));
  for (let slot = 0; slot < table.slots; slot += 1) {
    const id = table.idAt(slot);
    if (table.live[slot] !== 1 || id === undefined) continue;
    rows[id] = columns.map((column) => {
      if (column === undefined) return 'no column';
      if (column.kind === 'codes') return column.values[column.codes[slot] ?? -1] ?? null;
      if (column.kind === 'numbers') return Number.isNaN(column.numbers[slot]) ? null : column.numbers[slot];
      return column.days[slot] === NO_DAY ? null : column.days[slot];
    });
  }
  return rows;
}

function fill(mirror: RecordMirror): void {
  mirror.change(
    [
      record('account', 'a1', { industry: 'retail' }),
      record('user', 'u1', { teamId: 'north' }),
      record('deal', 'd1', {
        amount: 12_345,
        currency: 'EUR',
        probability: 10,
        stageId: 's1',
        closeDate: '2024-02-29',
        accountId: 'a1',
        ownerId: 'u1',
        productIds: ['p2', 'p1'],
      }),
      record('deal', 'd2', { amount: 500, currency: 'USD', accountId: 'gone' }),
    ].map((after) => ({ entity: after.kind, id: after.id, after })),
  );
}

describe('records as columns', () => {
  it('ANA-15 holds values of the record, of records it names, and made ones; what is not known is empty', () => {
    const mirror = createRecordMirror();
    fill(mirror);
    const instant = Date.parse('2026-01-02T03:04:05.000Z');
    const leapDay = Date.UTC(2024, 1, 29) / 86_400_000;
    expect(read(createColumnStore(mirror, convert).table('deal'))).toEqual({
      d1: [12_345, 1235, 's1', leapDay, instant, 'a1', 'retail', 'north', '["p1","p2"]'],
      d2: [null, null, null, null, instant, 'gone', null, null, null],
    });
  });

  it('ANA-15 has no column for a field that nobody defined', () => {
    const table = createColumnStore(createRecordMirror(), convert).table('deal');
    for (const path of ['nothing', 'accountId.nothing', 'amount.industry', 'description', 'id']) {
      expect(table.column(path), path).toBeUndefined();
    }
  });

  it('ANA-11 tells of a record that leaves and enters, and of a column that has to be made anew', () => {
    const mirror = createRecordMirror();
    fill(mirror);
    const table = createColumnStore(mirror, convert).table('deal');
    const told: string[] = [];
    const column = table.column('amount');
    table.column('accountId.industry');
    const valueAt = (slot: number): unknown => (column?.kind === 'numbers' ? column.numbers[slot] : null);
    table.follow({
      onLeave: (slot) => told.push(`leave ${String(valueAt(slot))}`),
      onEnter: (slot) => told.push(`enter ${String(valueAt(slot))}`),
      onReset: () => told.push('reset'),
    });
    const before = mirror.get('deal', 'd1');
    if (before === undefined) throw new Error('d1 is there');
    mirror.change([{ entity: 'deal', id: 'd1', after: { ...before, amount: 99 } }]);
    mirror.change([
      { entity: 'account', id: 'a1', after: record('account', 'a1', { industry: 'retail', phone: '1' }) },
    ]);
    mirror.change([{ entity: 'account', id: 'a1', after: record('account', 'a1', { industry: 'energy' }) }]);
    mirror.change([{ entity: 'deal', id: 'd1', after: undefined }]);
    expect(told).toEqual(['leave 12345', 'enter 99', 'reset', 'leave 99']);
  });

  it('ANA-11 is after any changes what it would be if it were made now', () => {
    const random = createSeededRandom(20_261_127);
    const mirror = createRecordMirror();
    const store = createColumnStore(mirror, convert);
    const pick = (count: number): number => random.integer(0, count - 1);
    for (let step = 0; step < 400; step += 1) {
      const changes = Array.from({ length: 1 + pick(3) }, () => {
        const kind = (['deal', 'deal', 'account', 'user'] as const)[pick(4)] ?? 'deal';
        const id = `${kind}${String(pick(9))}`;
        const values = {
          amount: pick(5) === 0 ? null : pick(1_000_000),
          currency: pick(4) === 0 ? 'USD' : 'EUR',
          probability: pick(101),
          stageId: `s${String(pick(4))}`,
          closeDate: `2026-0${String(1 + pick(9))}-11`,
          accountId: `account${String(pick(12))}`,
          ownerId: `user${String(pick(12))}`,
          productIds: pick(2) === 0 ? [] : [`p${String(pick(3))}`, `p${String(3 + pick(3))}`],
          industry: `i${String(pick(3))}`,
          teamId: `t${String(pick(3))}`,
        };
        return { entity: kind, id, after: pick(5) === 0 ? undefined : record(kind, id, values) };
      });
      mirror.change(changes);
      if (step % 20 === 0)
        expect(read(store.table('deal'))).toEqual(read(createColumnStore(mirror, convert).table('deal')));
    }
  });

  it('SYNC-57 a pivot of stage changes counts moves alone', () => {
    const mirror = createRecordMirror();
    const entry = (id: string, fromStage: string | null, toStage: string) => {
      const after = record('stageChange', id, { dealId: 'd', fromStage, toStage });
      return { entity: 'stageChange', id, after } as const;
    };
    mirror.change([entry('s1', null, 'a'), entry('s2', 'a', 'a')]);
    const table = createColumnStore(mirror, convert).table('stageChange');
    mirror.change([entry('s3', 'a', 'b'), entry('s4', 'b', 'b')]);
    const live = Array.from({ length: table.slots }, (_, slot) => (table.live[slot] === 1 ? table.idAt(slot) : null));
    expect(live).toEqual(['s1', 's3']);
  });
});
