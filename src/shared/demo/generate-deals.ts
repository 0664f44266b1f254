// Deals that behave like deals: they walk through the stages, some are lost on the way, closings gather at the end of a
// quarter, summers are slow, sellers differ, and some deals simply stop moving.
import { atOffice, DAY_MS, DEMO_CURRENCY, drawSkewed, makeRecord, type DemoWorld } from '#shared/demo/demo-world.ts';
import type { DemoAccount } from '#shared/demo/generate-customers.ts';
import { competitors, dealThemes, nextSteps } from '#shared/demo/word-lists.ts';
import { DEFAULT_PIPELINE_ID, defaultStages } from '#shared/entities/default-pipeline.ts';
import { lostReasonOptions, wonReasonOptions, type DealLine } from '#shared/entities/deal/deal.ts';
import { stageChangeValues } from '#shared/entities/deal/stage-values.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { Stage } from '#shared/entities/pipeline/pipeline.ts';
import { sourceOptions } from '#shared/entities/record-fields.ts';
import { addDays, toDay, toInstant } from '#shared/kernel/calendar.ts';

const DEALS = 2_000;
const HISTORY_DAYS = 730;
/** New business by month, January first. */
const SEASON = [0.9, 1, 1.15, 0.95, 1, 1.1, 0.75, 0.65, 1.1, 1.15, 1.2, 0.7] as const;
/** Median days in each open stage, and the chance to go on from there (before the seller's skill). */
const WALK = [
  { days: 9, goOn: 0.8 },
  { days: 16, goOn: 0.76 },
  { days: 19, goOn: 0.8 },
  { days: 13, goOn: 0.84 },
] as const;
const LOST_REASONS = lostReasonOptions
  .map((option) => option.value)
  .filter((value) => value !== 'imported' && value !== 'other');
const WON_REASONS = wonReasonOptions.map((option) => option.value);
const SOURCES = sourceOptions.map((option) => option.value);

export interface DemoDeals {
  readonly deal: readonly AnyRecord[];
  readonly stageChange: readonly AnyRecord[];
}

export function generateDeals(
  world: DemoWorld,
  accounts: readonly DemoAccount[],
  products: readonly AnyRecord[],
): DemoDeals {
  const deals: AnyRecord[] = [];
  const changes: AnyRecord[] = [];
  const openedDays = Array.from({ length: DEALS }, () => drawOpeningMs(world)).sort((a, b) => a - b);
  for (const [index, openedMs] of openedDays.entries()) {
    const account = pickAccount(world, accounts);
    const { deal, history } = generateDeal(world, account, products, { openedMs, index });
    deals.push(deal);
    changes.push(...history);
  }
  return { deal: deals, stageChange: changes };
}

function drawOpeningMs(world: DemoWorld): number {
  const { random } = world;
  for (;;) {
    const openedMs = world.nowMs - Math.floor(HISTORY_DAYS * DAY_MS * random.unit() ** 1.15);
    const month = Number(toDay(openedMs).slice(5, 7)) - 1;
    if (random.unit() < (SEASON[month] ?? 1) / 1.2) return Math.min(atOffice(random, openedMs), world.nowMs);
  }
}

function pickAccount(world: DemoWorld, accounts: readonly DemoAccount[]): DemoAccount {
  for (;;) {
    const account = world.random.pick(accounts);
    if (world.random.unit() < Math.min(1, account.size / 2.5)) return account;
  }
}

interface Visit {
  readonly stage: Stage;
  readonly atMs: number;
}

/** The stages a deal has been in so far; the last one is where it stands now. */
function walkStages(world: DemoWorld, openedMs: number, skill: number): readonly Visit[] {
  const { random } = world;
  const [won, lost] = [
    defaultStages.find((stage) => stage.type === 'won'),
    defaultStages.find((stage) => stage.type === 'lost'),
  ];
  const open = defaultStages.filter((stage) => stage.type === 'open');
  const visits: Visit[] = [];
  let atMs = openedMs;
  for (const [index, stage] of open.entries()) {
    visits.push({ stage, atMs });
    const step = WALK[index] ?? WALK[0];
    // Some deals get stuck and nobody closes them.
    if (random.chance(0.02) && openedMs > world.nowMs - 300 * DAY_MS) return visits;
    const goesOn = random.chance(1 - (1 - step.goOn) / skill);
    atMs = atOffice(random, atMs + Math.max(1, drawSkewed(random, step.days, 0.75)) * DAY_MS);
    const next = goesOn ? (open[index + 1] ?? won) : lost;
    if (next !== undefined && next.type !== 'open') atMs = pullToQuarterEnd(world, atMs);
    if (atMs > world.nowMs || next === undefined) return visits;
    if (next.type !== 'open') return [...visits, { stage: next, atMs }];
  }
  return visits;
}

function pullToQuarterEnd(world: DemoWorld, atMs: number): number {
  const month = Number(toDay(atMs).slice(5, 7));
  if (month % 3 !== 0 || !world.random.chance(0.35)) return atMs;
  const day = Number(toDay(atMs).slice(8));
  return atMs + Math.max(0, world.random.integer(24, 30) - day) * DAY_MS;
}

function generateDeal(
  world: DemoWorld,
  account: DemoAccount,
  products: readonly AnyRecord[],
  start: { readonly openedMs: number; readonly index: number },
): { readonly deal: AnyRecord; readonly history: readonly AnyRecord[] } {
  const { random } = world;
  const { seller } = account;
  const visits = walkStages(world, start.openedMs, seller.skill);
  const last = visits.at(-1);
  if (last === undefined) throw new RangeError('a deal visits at least one stage');
  const isOpen = last.stage.type === 'open';
  const lines = generateLines(world, products, account.size);
  const amount =
    Math.round(
      lines.reduce((sum, line) => sum + line.quantity * line.unitPrice * (1 - line.discountPercent / 100), 0) / 100,
    ) * 100;
  const values = {
    name: `${String(account.record['name']).split(' ')[0] ?? ''} – ${random.pick(dealThemes)}`,
    accountId: account.record.id,
    primaryContactId: account.contactIds.length > 0 ? random.pick(account.contactIds) : undefined,
    amount,
    currency: DEMO_CURRENCY,
    openedAt: toDay(start.openedMs),
    closeDate: isOpen ? drawCloseDate(world, last) : toDay(last.atMs),
    productIds: [...new Set(lines.map((line) => line.productId))],
    lines,
    territoryId: seller.territoryId,
    leadSource: random.pick(SOURCES),
    competitor: random.chance(0.3) ? random.pick(competitors) : undefined,
    externalId: `DEAL-${String(20_001 + start.index)}`,
    ownerId: seller.id,
    teamId: seller.teamId,
    ...stateOf(world, last),
    ...(isOpen && random.chance(0.75)
      ? { nextStep: random.pick(nextSteps), nextStepDate: addDays(world.today, random.integer(-6, 21)) }
      : {}),
  };
  const id = world.createId();
  const deal = makeRecord('deal', id, { atMs: start.openedMs, by: seller.id }, values);
  // Some offers are judged by hand, as people do.
  const isJudged = last.stage.id === 'proposal' && start.index % 3 === 0;
  const judged = isJudged ? { forecastCategory: 'most_likely', categorySource: 'manual' } : {};
  return {
    deal: { ...deal, ...judged, updatedAt: toInstant(last.atMs) },
    history: generateHistory(world, deal, visits),
  };
}

function stateOf(world: DemoWorld, last: Visit) {
  const { random } = world;
  const { stage } = last;
  const isManual = stage.type === 'open' && random.chance(0.08);
  return {
    pipelineId: DEFAULT_PIPELINE_ID,
    stageId: stage.id,
    status: stage.type,
    stageChangedAt: toInstant(last.atMs),
    probability: isManual ? random.integer(1, 19) * 5 : stage.probability,
    probabilitySource: isManual ? 'manual' : 'stage',
    forecastCategory: stage.forecastCategory,
    categorySource: 'stage',
    closedAt: stage.type === 'open' ? undefined : toInstant(last.atMs),
    wonLostReason: stage.type === 'open' ? undefined : random.pick(stage.type === 'won' ? WON_REASONS : LOST_REASONS),
  };
}

/** Expected closing of an open deal: mostly ahead, sometimes overdue. */
function drawCloseDate(world: DemoWorld, last: Visit): string {
  const daysLeft = 80 - last.stage.order * 14;
  return addDays(
    world.today,
    world.random.chance(0.1) ? -world.random.integer(1, 40) : world.random.integer(3, daysLeft + 30),
  );
}

function generateLines(world: DemoWorld, products: readonly AnyRecord[], size: number): readonly DealLine[] {
  const { random } = world;
  return Array.from({ length: random.integer(1, 3) }, () => {
    const product = random.pick(products);
    const unitPrice = Number(product['unitPrice']);
    const wanted = drawSkewed(random, 7_500_00 * size, 0.8);
    return {
      productId: product.id,
      quantity: Math.max(1, Math.min(400, Math.round(wanted / unitPrice))),
      unitPrice,
      discountPercent: random.chance(0.35) ? random.integer(1, 4) * 5 : 0,
    };
  });
}

function generateHistory(world: DemoWorld, deal: AnyRecord, visits: readonly Visit[]): readonly AnyRecord[] {
  const stand = (visit: Visit) => ({
    ...deal,
    stageId: visit.stage.id,
    status: visit.stage.type,
    probability: visit.stage.probability,
    forecastCategory: visit.stage.forecastCategory,
  });
  return visits.map((visit, index) => {
    const previous = visits[index - 1];
    const values = stageChangeValues(
      previous === undefined ? null : stand(previous),
      stand(visit),
      toInstant(visit.atMs),
    );
    const id = index === 0 ? `${deal.id}.opened` : world.createId();
    return makeRecord('stageChange', id, { atMs: visit.atMs, by: deal.ownerId }, values);
  });
}
