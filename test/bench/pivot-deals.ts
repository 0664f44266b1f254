// A million deals as columns, from a fixed seed: territories and products are references as records hold them, stages and
// sources are what their lists hold. Peers get the same deals in the form that suits them.
import type { CodeColumn, ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import type { FieldType } from '#shared/entities/define-entity.ts';
import { toDay } from '#shared/kernel/calendar.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import { createSeededRandom, type SeededRandom } from '#shared/kernel/seeded-random.ts';

export const DEAL_COUNT = 1_000_000;

/** Fields a pivot is made over: 12 × 14 rows, 10 × 12 columns, 20,160 cells. */
export const dimensionFields = ['territoryId', 'productId', 'stageId', 'leadSource'] as const;

const types: Readonly<Record<string, FieldType>> = {
  territoryId: 'reference',
  productId: 'reference',
  stageId: 'text',
  leadSource: 'select',
  ownerId: 'reference',
  status: 'select',
  amount: 'money',
};

export interface PivotDeals {
  readonly table: ColumnTable;
  readonly codes: Readonly<Record<string, CodeColumn>>;
  /** Minor units. */
  readonly amounts: Float64Array;
}

export const pivotContext: PivotContext = {
  today: '2026-11-21',
  dayOf: toDay,
  fiscalYearStart: 1,
  moneyScale: 100,
  typeOf: (path) => types[path],
  optionsOf: () => undefined,
  labelOf: () => null,
};

const stages = [
  'qualification',
  'discovery',
  'demo',
  'proposal',
  'negotiation',
  'contract',
  'legal-review',
  'won',
  'lost',
  'on-hold',
];
const sources = [
  'website',
  'referral',
  'partner',
  'event',
  'cold-call',
  'advertisement',
  'social-media',
  'webinar',
  'email-campaign',
  'trade-fair',
  'existing-customer',
  'other',
];

/** The same deals every time. */
export function makePivotDeals(): PivotDeals {
  const random = createSeededRandom(20_261_127);
  const createId = createIdFactory({ now: () => 1_760_000_000_000 }, random);
  const ids = (count: number): readonly string[] => Array.from({ length: count }, () => createId());
  const draw = createDraw(random);
  const column = (values: readonly string[]): CodeColumn => ({
    kind: 'codes',
    values,
    codes: Int32Array.from({ length: DEAL_COUNT }, () => draw(values.length)),
  });
  const codes: Readonly<Record<string, CodeColumn>> = {
    territoryId: column(ids(12)),
    productId: column(ids(14)),
    stageId: column(stages),
    leadSource: column(sources),
    ownerId: column(ids(200)),
    status: column(['open', 'won', 'lost']),
  };
  const amounts = Float64Array.from({ length: DEAL_COUNT }, () => 100_000 + draw(90_000_000));
  const live = new Uint8Array(DEAL_COUNT).fill(1);
  const table: ColumnTable = {
    slots: DEAL_COUNT,
    live,
    column: (path) => (path === 'amount' ? { kind: 'numbers', numbers: amounts } : codes[path]),
  };
  return { table, codes, amounts };
}

/** Whole numbers below a limit; ten million of them, so a generator without big integers (xorshift, Marsaglia 2003). */
function createDraw(random: SeededRandom): (limit: number) => number {
  let state = random.integer(1, 2 ** 31 - 1);
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** The text of every deal's value. */
export function textsOf({ codes, values }: CodeColumn): readonly string[] {
  return Array.from(codes, (code) => values[code] ?? '');
}
