// The difference between two days, from the history of the deals this source knows, and how the open pipeline went.
import type { Actor } from '#shared/access/actor.ts';
import { createHomeMoney, type HomeMoney } from '#shared/analytics/columns/home-money.ts';
import { currencyOf, dayOfMoney } from '#shared/analytics/columns/read-path.ts';
import { withBelow } from '#shared/query/with-below.ts';
import type {
  ChangedDeal,
  DealThen,
  PastScope,
  PipelineChangeQuery,
  PipelineChangeResult,
  PipelineTrendQuery,
  PipelineTrendResult,
} from '#shared/analytics/past/change-question.ts';
import { checkPastRights } from '#shared/analytics/past/change-rights.ts';
import type { DealPast } from '#shared/analytics/past/deal-past.ts';
import { endOfDay } from '#shared/analytics/past/end-of-day.ts';
import { firstDayOf } from '#shared/analytics/past/past-source.ts';
import {
  changeOfDeal,
  createChangeTotals,
  isOpenPart,
  type ChangeScope,
  type DealChange,
  type ChangeTotals,
} from '#shared/analytics/past/pipeline-change.ts';
import { sumSnapshots } from '#shared/analytics/past/snapshot-sums.ts';
import { trendOfDeals } from '#shared/analytics/past/pipeline-trend.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';
import type { LiveAnswer, Labels } from '#shared/query/live-answer.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { titleOf } from '#shared/query/record-titles.ts';

export interface PipelineChanges {
  answer(actor: Actor, query: PipelineChangeQuery): LiveAnswer<PipelineChangeResult>;
  trend(actor: Actor, query: PipelineTrendQuery): LiveAnswer<PipelineTrendResult>;
  stop(): void;
}

export interface ChangesContext {
  readonly source: RecordSource;
  readonly today: () => Day;
  readonly dayOf: (epochMs: number) => Day;
  readonly past: DealPast;
}

const MOST_DAYS = 366;

const restsOn: ReadonlySet<EntityName> = new Set<EntityName>([
  'deal',
  'stageChange',
  'user',
  'team',
  'pipeline',
  'organization',
  'exchangeRate',
]);

const trendRestsOn: ReadonlySet<EntityName> = new Set([...restsOn, 'pipelineSnapshot'] as const);

function withoutPipeline({ pipeline: _left, ...others }: PastScope): PastScope {
  return others;
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

export function createPipelineChanges({ source, today, dayOf, past }: ChangesContext): PipelineChanges {
  const money = createHomeMoney(source);

  function scopeOf({ period, owner, team, pipeline }: PastScope): ChangeScope {
    const teams = team === undefined ? null : withBelow(source, 'team', team, () => true);
    return {
      period,
      valueOf: (deal) => valueOf(money, deal),
      isOurs: (deal) =>
        (owner === undefined || deal.ownerId === owner) &&
        (teams === null || (deal.teamId !== null && teams.has(deal.teamId))) &&
        (pipeline === undefined || deal['pipelineId'] === pipeline),
    };
  }

  /** Deals at the end of a day; of a day that is not over, as they are. */
  function dealsOn(day: Day): ReadonlyMap<string, AnyRecord> {
    return day >= today() ? source.all('deal') : past.on(day).all();
  }

  function read(query: PipelineChangeQuery): Found {
    const scope = scopeOf(query);
    const [before, after] = [dealsOn(query.from), dealsOn(query.to)];
    const totals = createChangeTotals();
    const owners = new Map<string | null, ChangeTotals>();
    const deals: Changed[] = [];
    let withoutRate = 0;
    const ofOwner = (ownerId: string | null): ChangeTotals => {
      const known = owners.get(ownerId) ?? createChangeTotals();
      owners.set(ownerId, known);
      return known;
    };
    const tell = (was: AnyRecord | null, is: AnyRecord, { steps }: DealChange): void => {
      for (const step of steps) if (query.kind === undefined || query.kind === step.kind) deals.push({ was, is, step });
    };
    for (const [id, is] of after) {
      const was = before.get(id) ?? null;
      const change = changeOfDeal(was, is, scope);
      if (change.start === null && change.end === null && change.steps.length === 0) continue;
      totals.add(change);
      if (lacksRate(money, is) || (was !== null && lacksRate(money, was))) withoutRate += 1;
      if (was === null || was.ownerId === is.ownerId) {
        ofOwner(is.ownerId).add(change);
        if (query.of === undefined || query.of === (is.ownerId ?? '')) tell(was, is, change);
        continue;
      }
      for (const ownerId of [was.ownerId, is.ownerId]) {
        const own: ChangeScope = { ...scope, isOurs: (deal) => deal.ownerId === ownerId && scope.isOurs(deal) };
        const part = changeOfDeal(was, is, own);
        ofOwner(ownerId).add(part);
        if (query.of === (ownerId ?? '')) tell(was, is, part);
      }
      if (query.of === undefined) tell(was, is, change);
    }
    return { totals, owners, deals, withoutRate };
  }

  return {
    answer(actor, query) {
      checkPastRights(actor);
      const { totals, owners, deals, withoutRate } = read(query);
      const sorted = deals.sort(byWeight);
      const told = sorted.slice(0, query.limit).map((deal) => toChangedDeal(money, deal));
      const sums = totals.sums();
      const exactMs = past.entries.firstWithoutMoveMs();
      const value: PipelineChangeResult = {
        ...sums,
        owners: [...owners]
          .map(([ownerId, sums]) => ({ ownerId, ...sums.sums() }))
          .sort((a, b) => Math.max(b.start.value, b.end.value) - Math.max(a.start.value, a.end.value)),
        deals: told,
        total: { count: sorted.length, value: sorted.reduce((sum, { step }) => sum + step.value, 0) },
        currency: money.figures().currency,
        withoutRate,
        labels: labelsOf(source, told, owners.keys()),
        exactFrom: exactMs === null ? null : dayOf(exactMs),
        knownFrom: sums.start.count === 0 ? firstDayOf(source, 'deal') : null,
      };
      return { value, entities: restsOn, ids: new Set() };
    },
    trend(actor, query) {
      checkPastRights(actor);
      const scope = scopeOf(query);
      const days = Math.min(Math.max(query.days, 1), MOST_DAYS);
      const moments = Array.from({ length: days }, (_, place) => endOfDay(addDays(query.to, place - days + 1), dayOf));
      const { pipeline } = query;
      const snapshots = sumSnapshots(source.all('pipelineSnapshot').values(), {
        period: query.period,
        ...(pipeline === undefined ? {} : { pipeline }),
        isOurs: scopeOf(withoutPipeline(query)).isOurs,
        convert: (minorUnits, currency, day) => money.convert(minorUnits, currency, day),
      });
      const points = trendOfDeals(source.all('deal').values(), {
        moments,
        entriesOf: (dealId) => past.entries.of(dealId),
        teamOf: (userId) => past.teamOf(userId),
        openValueOf: (deal) => (isOpenPart(deal, scope) ? (scope.valueOf(deal) ?? 0) : null),
      }).map((point) => {
        const { count, value } = snapshots.get(point.day) ?? point;
        return { day: point.day, count, value };
      });
      const fromSnapshots = points.filter(({ day }) => snapshots.has(day)).length;
      return {
        value: { points, currency: money.figures().currency, fromSnapshots },
        entities: trendRestsOn,
        ids: new Set(),
      };
    },
    stop: () => money.stop(),
  };
}

interface Changed {
  readonly was: AnyRecord | null;
  readonly is: AnyRecord;
  readonly step: { readonly kind: ChangedDeal['kind']; readonly value: number };
}

interface Found {
  readonly totals: ChangeTotals;
  readonly owners: ReadonlyMap<string | null, ChangeTotals>;
  readonly deals: Changed[];
  readonly withoutRate: number;
}

function byWeight(a: Changed, b: Changed): number {
  const weight = Math.abs(b.step.value) - Math.abs(a.step.value);
  return weight === 0 ? (a.is.id < b.is.id ? -1 : 1) : weight;
}

function valueOf(money: HomeMoney, deal: AnyRecord): number | null {
  const amount = deal['amount'];
  return typeof amount === 'number' ? money.convert(amount, currencyOf(deal), dayOfMoney(deal)) : null;
}

function lacksRate(money: HomeMoney, deal: AnyRecord): boolean {
  return typeof deal['amount'] === 'number' && valueOf(money, deal) === null;
}

function toThen(money: HomeMoney, deal: AnyRecord): DealThen {
  return {
    stageId: textOrNull(deal['stageId']),
    status: textOrNull(deal['status']),
    value: valueOf(money, deal),
    closeDate: textOrNull(deal['closeDate']),
    ownerId: deal.ownerId,
  };
}

function toChangedDeal(money: HomeMoney, { was, is, step }: Changed): ChangedDeal {
  const before = was === null ? null : toThen(money, was);
  return { dealId: is.id, kind: step.kind, value: step.value, before, after: toThen(money, is) };
}

function labelsOf(source: RecordSource, deals: readonly ChangedDeal[], owners: Iterable<string | null>): Labels {
  const labels: Record<string, string> = {};
  const name = (entity: EntityName, id: string | null): void => {
    const title = id === null || labels[id] !== undefined ? null : titleOf(source, entity, id);
    if (id !== null && title !== null) labels[id] = title;
  };
  for (const ownerId of owners) name('user', ownerId);
  for (const { dealId, before, after } of deals) {
    name('deal', dealId);
    name('user', before?.ownerId ?? null);
    name('user', after.ownerId);
  }
  return labels;
}
