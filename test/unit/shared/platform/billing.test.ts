import { describe, expect, it } from 'vitest';
import { billOf, exactAmount, sumBills, type Price } from '#shared/platform/billing.ts';
import { toUsageCsv } from '#shared/platform/usage-csv.ts';

const monthly: Price = { currency: 'EUR', period: 'month', base: 4900, seat: 1250 };
const months = Array.from({ length: 12 }, (_, at) => `2026-${String(at + 1).padStart(2, '0')}`);
const row = {
  organization: 'south',
  name: 'South, "the" first',
  plan: 'team',
  planName: '=Team; small',
  state: 'active',
  users: 3,
  records: 5,
  bytes: 7,
  apiCalls: 0,
};

describe('IDT-21 a bill', () => {
  it('IDT-21 is a base price and a price for each seat, in exact decimals of the currency', () => {
    expect(billOf(monthly, 3, '2026-02')).toEqual({
      currency: 'EUR',
      lines: [
        { kind: 'base', quantity: 1, price: '49.00', amount: '49.00' },
        { kind: 'seats', quantity: 3, price: '12.50', amount: '37.50' },
      ],
      total: '86.50',
    });
    expect(billOf({ ...monthly, currency: 'JPY' }, 3, '2026-02').total).toBe('8650');
    expect(billOf({ ...monthly, currency: 'KWD' }, 3, '2026-02').total).toBe('8.650');
    expect(exactAmount(5n, 'EUR')).toBe('0.05');
  });

  it('IDT-21 of twelve months is the price of the year, to the last unit', () => {
    for (const base of [0, 1, 11, 12, 10_000, 99_999]) {
      const year: Price = { currency: 'EUR', period: 'year', base, seat: 1001 };
      const whole = sumBills(months.map((month) => billOf(year, 7, month)));
      expect(whole).toEqual([{ currency: 'EUR', total: exactAmount(BigInt(base + 7 * 1001), 'EUR') }]);
    }
  });

  it('IDT-21 stays exact where numbers are no longer', () => {
    const most: Price = { currency: 'EUR', period: 'month', base: 1_000_000_000_000, seat: 999_999_999_999 };
    expect(billOf(most, 1_000_003, '2026-01').total).toBe('10000039999989999.97');
  });

  it('IDT-21 is summed by currency, and whoever has no price is in none', () => {
    const bills = [billOf(monthly, 1, '2026-01'), null, billOf({ ...monthly, currency: 'USD' }, 0, '2026-01')];
    expect(sumBills(bills)).toEqual([
      { currency: 'EUR', total: '61.50' },
      { currency: 'USD', total: '49.00' },
    ]);
  });

  it('IDT-21 stands in the table of use with its parts', () => {
    const rows = [
      { ...row, month: '2026-01', bill: billOf(monthly, 3, '2026-01') },
      { ...row, month: '2025-12', bill: null },
    ];
    const lines = toUsageCsv(rows)
      .replace(/^\uFEFF/, '')
      .trim()
      .split('\r\n');
    expect(lines).toEqual([
      'month,organization,name,plan,planName,state,users,records,bytes,apiCalls,currency,base,seatPrice,seatsAmount,total',
      '2026-01,south,"South, ""the"" first",team,"\'=Team; small",active,3,5,7,0,EUR,49.00,12.50,37.50,86.50',
      '2025-12,south,"South, ""the"" first",team,"\'=Team; small",active,3,5,7,0,,,,,',
    ]);
  });

  it('IDT-21 is read as numbers by a spreadsheet where decimals have a comma', () => {
    const [, line] = toUsageCsv([{ ...row, month: '2026-01', bill: billOf(monthly, 3, '2026-01') }], 'de').split(
      '\r\n',
    );
    expect(line).toBe(
      '2026-01;south;"South, ""the"" first";team;"\'=Team; small";active;3;5;7;0;EUR;49,00;12,50;37,50;86,50',
    );
  });
});
