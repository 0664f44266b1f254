import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRateTable } from '#shared/analytics/convert-money.ts';
import { rollUp, type Adjustment, type NodeAdjustments, type RollUpNode } from '#shared/analytics/forecast-roll-up.ts';
import {
  addShare,
  emptySums,
  forecastColumns,
  toDealShare,
  valueOfColumn,
  type ForecastColumn,
  type ForecastSums,
} from '#shared/analytics/forecast-sums.ts';
import { quotasBelow, totalNumbers, totalSums } from '#shared/analytics/forecast-totals.ts';
import { managersTree, seniorityIn, territoriesTree, type ForecastReach } from '#shared/analytics/forecast-tree.ts';
import { createRecord, propertyRuns } from '../../../support/sample-entities.ts';

const adjustment = (value: number, parts: Partial<Adjustment> = {}): Adjustment => ({
  id: 'x',
  value,
  baseValue: value,
  adjusterId: 'm',
  seniority: 0,
  ...parts,
});

/*
 * Three levels, two currencies (1 USD = 0.80 EUR, from April 0.90 EUR), adjustments:
 *
 *   Sales (lead: dora)
 *     North (lead: mona)
 *       mona  commit 1,000 EUR
 *       rick  commit 2,000 EUR + 1,000 USD in March (800 EUR), closed 500 EUR, best case 300 EUR
 *       rosa  commit 4,000 USD in May (3,600 EUR)
 *     dora    commit 700 EUR
 *
 * rick puts 2,500 in place of his 2,800. Mona puts 3,000 in place of rosa's 3,600. Dora puts 5,800 in place of North.
 *
 *   rick   unadjusted 2,800, owner 2,500, handed up 2,500
 *   rosa   unadjusted 3,600, owner 3,600, handed up 3,000
 *   North  unadjusted 1,000 + 2,800 + 3,600 = 7,400, owner 1,000 + 2,500 + 3,600 = 7,100, before Dora 6,500, handed up 5,800
 *   Sales  unadjusted 7,400 + 700 = 8,100, owner 7,100 + 700 = 7,800, handed up 5,800 + 700 = 6,500
 */
const rates = createRateTable(
  [
    { currency: 'USD', homeCurrency: 'EUR', day: '2026-01-01', rate: '0.80' },
    { currency: 'USD', homeCurrency: 'EUR', day: '2026-04-01', rate: '0.90' },
  ],
  'EUR',
);
const deals = [
  ['mona', 'commit', 1000_00, 'EUR', '2026-03-10'],
  ['rick', 'commit', 2000_00, 'EUR', '2026-03-10'],
  ['rick', 'commit', 1000_00, 'USD', '2026-03-31'],
  ['rick', 'closed', 500_00, 'EUR', '2026-03-02'],
  ['rick', 'best_case', 300_00, 'EUR', '2026-05-02'],
  ['rosa', 'commit', 4000_00, 'USD', '2026-05-01'],
  ['dora', 'commit', 700_00, 'EUR', '2026-05-01'],
] as const;
const people = [
  ['mona', 'manager', 'north'],
  ['rick', 'sales_rep', 'north'],
  ['rosa', 'sales_rep', 'north'],
  ['dora', 'manager', 'sales'],
] as const;
const users = people.map(([id, role, teamId]) => createRecord({ id, kind: 'user', name: id, role, teamId }));
const teams = [
  createRecord({ id: 'north', kind: 'team', name: 'North', leadId: 'mona', parentId: 'sales' }),
  createRecord({ id: 'sales', kind: 'team', name: 'Sales', leadId: 'dora', parentId: null }),
];
const reachOf = (parts: Partial<ForecastReach>): ForecastReach => ({
  userId: 'dora',
  scope: 'team',
  teamIds: ['north', 'sales'],
  territoryIds: [],
  ...parts,
});
const treeOf = (reach: Partial<ForecastReach>) =>
  managersTree({ users, teams, reach: reachOf(reach), hasNumbers: () => false });

function sumsByOwner(): ReadonlyMap<string, ForecastSums> {
  const sums = new Map<string, ForecastSums>();
  for (const [owner, category, amount, currency, day] of deals) {
    const status = category === 'closed' ? 'won' : 'open';
    const deal = { status, forecastCategory: category, amount, probability: 50 };
    const share = toDealShare(deal, (minorUnits) => rates.convert(minorUnits, currency, day));
    const known = sums.get(`u:${owner}`) ?? emptySums();
    addShare(known, share, 1);
    sums.set(`u:${owner}`, known);
  }
  return sums;
}

const adjustments = new Map<string, NodeAdjustments>([
  ['u:rick', { owner: adjustment(2500_00, { baseValue: 2800_00, adjusterId: 'rick' }), managers: [] }],
  ['u:rosa', { owner: null, managers: [adjustment(3000_00, { baseValue: 3600_00, adjusterId: 'mona' })] }],
  ['t:north', { owner: null, managers: [adjustment(5800_00, { baseValue: 6500_00, adjusterId: 'dora' })] }],
]);

function rolled(column: ForecastColumn, mode: 'single' | 'cumulative', with_: typeof adjustments) {
  const own = sumsByOwner();
  return rollUp(
    treeOf({}),
    (key) => valueOfColumn(own.get(key) ?? emptySums(), column, mode),
    (key) => with_.get(key),
  );
}

describe('the forecast of three levels, two currencies and adjustments, worked out by hand', () => {
  test.each([
    ['u:mona', 1000_00, 1000_00, 1000_00],
    ['u:rick', 2800_00, 2500_00, 2500_00],
    ['u:rosa', 3600_00, 3600_00, 3000_00],
    ['u:dora', 700_00, 700_00, 700_00],
    ['t:north', 7400_00, 7100_00, 5800_00],
    ['t:sales', 8100_00, 7800_00, 6500_00],
  ])('ANA-20 commit of %s: %i without, %i with those of owners, %i handed up', (key, unadjusted, owner, manager) => {
    const numbers = rolled('commit', 'single', adjustments).get(key);
    expect([numbers?.unadjusted, numbers?.ownerAdjusted, numbers?.managerAdjusted]).toEqual([
      unadjusted,
      owner,
      manager,
    ]);
  });

  test('ANA-20 a manager sees beside an adjustment what it replaces', () => {
    const numbers = rolled('commit', 'single', adjustments);
    expect(numbers.get('t:north')?.managerBase).toBe(6500_00);
    expect(numbers.get('u:rosa')?.managerBase).toBe(3600_00);
    expect(numbers.get('u:rick')?.ownerBase).toBe(2800_00);
  });

  test('ANA-20 cumulative columns hold what is surer, and the open pipeline nothing that is closed', () => {
    const at = (column: ForecastColumn) => rolled(column, 'cumulative', new Map()).get('u:rick')?.unadjusted;
    expect(forecastColumns.map((column) => at(column))).toEqual([500_00, 3300_00, 3300_00, 3600_00, 3100_00]);
  });
});

describe('adjustments', () => {
  test('ANA-20 an adjustment is stale when what it replaces moved by more than a tenth, and not before', () => {
    const at = (baseValue: number) =>
      rolled('commit', 'single', new Map([['u:rick', { owner: adjustment(1, { baseValue }), managers: [] }]])).get(
        'u:rick',
      )?.owner?.isStale;
    expect([at(2800_00), at(2545_46), at(2545_45), at(3111_11), at(3111_12)]).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
  });

  test('ANA-20 of several managers the number of the most senior one holds', () => {
    const managers = [
      adjustment(1, { seniority: 1 }),
      adjustment(2, { seniority: 0 }),
      adjustment(3, { seniority: 2 }),
    ];
    expect(rolled('commit', 'single', new Map([['u:rosa', { owner: null, managers }]])).get('t:north')).toMatchObject({
      managerAdjusted: 1000_00 + 2800_00 + 2,
    });
  });

  test('ANA-20 whoever leads more of the tree is more senior, and who leads nothing above a node is least', () => {
    const seniority = seniorityIn(treeOf({}));
    expect([seniority('dora', 'u:rick'), seniority('mona', 'u:rick')]).toEqual([0, 1]);
    expect(seniority('rosa', 'u:rick')).toBe(Number.MAX_SAFE_INTEGER);
  });
});

/** Any forest of up to 12 nodes with own numbers. */
const forests = fc
  .array(fc.record({ own: fc.integer({ min: -1000, max: 100_000 }), up: fc.nat(20), addsUp: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((items) =>
    items.map(({ own, up, addsUp }, index) => {
      const parent = index === 0 || up % (index + 1) === index ? null : String(up % index);
      return { own, node: { key: String(index), parent, addsUp } satisfies RollUpNode };
    }),
  );

describe('any tree', () => {
  test('ANA-20 without adjustments every level is the sum of what lies below', () => {
    fc.assert(
      fc.property(forests, (forest) => {
        const nodes = forest.map(({ node }) => ({ ...node, addsUp: true }));
        const results = rollUp(
          nodes,
          (key) => forest[Number(key)]?.own ?? 0,
          () => undefined,
        );
        for (const { key } of nodes) {
          const below = nodes.filter((node) => isBelow(nodes, node.key, key));
          const sum = below.reduce((all, node) => all + (forest[Number(node.key)]?.own ?? 0), 0);
          expect(results.get(key)).toMatchObject({ unadjusted: sum, ownerAdjusted: sum, managerAdjusted: sum });
        }
      }),
      propertyRuns,
    );
  });

  test('ANA-20 an adjustment replaces: whatever it says, all levels above move by the difference and none below', () => {
    fc.assert(
      fc.property(
        forests,
        fc.nat(11),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.boolean(),
        (forest, at, value, byOwner) => {
          const nodes = forest.map(({ node }) => ({ ...node, addsUp: true }));
          const key = String(at % nodes.length);
          const own = (of: string) => forest[Number(of)]?.own ?? 0;
          const one = adjustment(value);
          const given: NodeAdjustments = byOwner ? { owner: one, managers: [] } : { owner: null, managers: [one] };
          const plain = rollUp(nodes, own, () => undefined);
          const adjusted = rollUp(nodes, own, (of) => (of === key ? given : undefined));
          const moved = value - (plain.get(key)?.managerAdjusted ?? 0);
          for (const node of nodes) {
            const isAbove = isBelow(nodes, key, node.key);
            const [before, after] = [plain.get(node.key), adjusted.get(node.key)];
            expect(after?.managerAdjusted).toBe((before?.managerAdjusted ?? 0) + (isAbove ? moved : 0));
            expect(after?.unadjusted).toBe(before?.unadjusted);
          }
          expect(adjusted.get(key)?.managerAdjusted).toBe(value);
        },
      ),
      propertyRuns,
    );
  });

  test('TER-04 nothing is counted twice or lost on its way past a territory that does not add up', () => {
    fc.assert(
      fc.property(forests, (forest) => {
        const nodes = [
          ...forest.map(({ node }) => ({ ...node, parent: node.parent ?? 'all' })),
          { key: 'all', parent: null, addsUp: true },
        ];
        const own = (key: string) => forest[Number(key)]?.own ?? 0;
        const results = rollUp(nodes, own, () => undefined);
        expect(results.get('all')?.unadjusted).toBe(forest.reduce((sum, each) => sum + each.own, 0));
        for (const { node } of forest.filter((each) => !each.node.addsUp))
          expect(results.get(node.key)?.unadjusted).toBe(own(node.key));
        const ordered = nodes.toSorted((a, b) => Number(a.key !== 'all') - Number(b.key !== 'all'));
        const [numbers, sums] = [totalNumbers(ordered, own), totalSums(ordered, (key) => closedOf(own(key)))];
        for (const { key } of nodes) {
          expect(numbers.get(key)).toBe(results.get(key)?.unadjusted);
          expect(sums.get(key)?.amount.closed).toBe(results.get(key)?.unadjusted);
        }
      }),
      propertyRuns,
    );
  });
});

function closedOf(amount: number): ForecastSums {
  const sums = emptySums();
  sums.amount.closed = amount;
  return sums;
}

function isBelow(nodes: readonly RollUpNode[], key: string, above: string): boolean {
  let at: string | null = key;
  while (at !== null && at !== above) at = nodes.find((node) => node.key === at)?.parent ?? null;
  return at === above;
}

test('ANA-20 quotas below are counted once: where a team has one of its own, those of its people are not added', () => {
  const quotas: Readonly<Record<string, number>> = { 't:north': 5000, 'u:rick': 2000, 'u:rosa': 1000, 'u:dora': 700 };
  const below = quotasBelow(treeOf({}), (key) => quotas[key] ?? null);
  expect([below.get('t:north'), below.get('t:sales'), below.get('u:rick')]).toEqual([3000, 5700, undefined]);
  const { 't:north': _north, ...people_ } = quotas;
  expect(quotasBelow(treeOf({}), (key) => people_[key] ?? null).get('t:sales')).toBe(3700);
});

describe('who is in the tree', () => {
  test('ANA-20 a representative sees the own number, a manager the own teams, a reader of everything the organization', () => {
    const keys = (reach: Partial<ForecastReach>) => treeOf(reach).map(({ key }) => key);
    expect(keys({ scope: 'own', userId: 'rick' })).toEqual(['u:rick']);
    expect(keys({ userId: 'mona', teamIds: ['north'] })).toEqual(['t:north', 'u:mona', 'u:rick', 'u:rosa']);
    expect(keys({})).toEqual(['t:sales', 't:north', 'u:mona', 'u:rick', 'u:rosa', 'u:dora']);
    expect(keys({ scope: 'all', userId: 'ada' })).toEqual(['all', ...keys({}), 'none']);
    expect(keys({ scope: 'none' })).toEqual([]);
  });

  test('ANA-20 people who left are shown as long as they have numbers, and teams in a circle end no walk', () => {
    const gone = createRecord({
      id: 'gone',
      kind: 'user',
      name: 'gone',
      role: 'sales_rep',
      teamId: 'a',
      isActive: false,
    });
    const circle = [
      createRecord({ id: 'a', kind: 'team', name: 'A', leadId: null, parentId: 'b' }),
      createRecord({ id: 'b', kind: 'team', name: 'B', leadId: null, parentId: 'a' }),
      createRecord({ id: 'c', kind: 'team', name: 'C', leadId: null, parentId: 'c' }),
    ];
    const at = (has: boolean) =>
      managersTree({
        users: [{ ...gone, teamId: 'c' }],
        teams: circle,
        reach: reachOf({ scope: 'all' }),
        hasNumbers: () => has,
      });
    expect(at(true).map(({ key }) => key)).toEqual(['all', 't:c', 'u:gone', 'none']);
    expect(at(false).map(({ key }) => key)).toEqual(['all', 't:c', 'none']);
  });

  test('TER-04 territories add up what is below unless they are told not to, for whoever reaches all of it', () => {
    const territories = [
      createRecord({ id: 'world', kind: 'territory', name: 'World', parentId: null }),
      createRecord({ id: 'europe', kind: 'territory', name: 'Europe', parentId: 'world', rollupMetrics: false }),
      createRecord({ id: 'dach', kind: 'territory', name: 'DACH', parentId: 'europe', rollupMetrics: true }),
    ];
    const nodes = territoriesTree(territories, reachOf({ scope: 'team', territoryIds: ['europe', 'dach'] }));
    expect(nodes.map(({ key, parent, addsUp }) => [key, parent, addsUp])).toEqual([
      ['r:europe', null, false],
      ['r:dach', 'r:europe', true],
    ]);
    const whole = territoriesTree(territories, reachOf({ scope: 'all' }));
    const results = rollUp(
      whole,
      (key) => (key.startsWith('r:') ? 10 : 0),
      () => undefined,
    );
    expect(
      [results.get('r:world'), results.get('r:europe'), results.get('all')].map((each) => each?.unadjusted),
    ).toEqual([30, 10, 30]);
  });
});
