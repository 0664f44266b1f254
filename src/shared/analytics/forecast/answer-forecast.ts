// The questions `forecast` and `forecastDetail`, and what is frozen when a forecast is submitted. All of it from the records
// on this computer; a figure that rests on a field the person does not see is not given.
import type {
  ForecastDetail,
  ForecastQuery,
  ForecastResult,
  ForecastRow,
} from '#shared/analytics/forecast/forecast-contract.ts';
import { detailOf } from '#shared/analytics/forecast/forecast-detail.ts';
import { commitOf } from '#shared/analytics/forecast/forecast-expected.ts';
import { isBehind, rowsOf } from '#shared/analytics/forecast/forecast-rows.ts';
import { workOut, type ForecastWork, type WorkDeps } from '#shared/analytics/forecast/forecast-work.ts';
import { createPeriodSums } from '#shared/analytics/forecast/period-sums.ts';
import { createStageOutcomes } from '#shared/analytics/forecast/stage-outcomes.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import type { AnalyticsContext } from '#shared/analytics/analytics-context.ts';
import type { Actor } from '#shared/access/actor.ts';
import { isPlainlyVisible, openFieldPolicy } from '#shared/access/field-policy.ts';
import { forecastColumns } from '#shared/analytics/forecast-sums.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

export interface NodeQuery {
  readonly query: ForecastQuery;
  readonly nodeKey: string;
}

export interface Forecasts {
  answer(query: ForecastQuery, actor: Actor): LiveAnswer<ForecastResult>;
  detail(asked: NodeQuery, actor: Actor): LiveAnswer<ForecastDetail | null>;
  /** Input of `submitForecast` as things stand now. @throws OutpostError `not_visible` for a node that is not shown. */
  freeze(asked: NodeQuery, note: string | null, actor: Actor): Readonly<Record<string, unknown>>;
}

/** What forecasts are made of. */
export const entitiesOfForecasts: ReadonlySet<EntityName> = new Set([
  'deal',
  'stageChange',
  'pipeline',
  'user',
  'team',
  'territory',
  'quota',
  'forecastAdjustment',
  'forecastSubmission',
  'exchangeRate',
  'organization',
]);

/** Without these there is nothing to add up. */
const NEEDED_FIELDS = ['amount', 'currency', 'closeDate', 'forecastCategory'] as const;

/** Letters of all deals of a submission: a record holds no more. */
const MOST_DEAL_LETTERS = 180_000;

export function createForecasts(context: AnalyticsContext): Forecasts {
  const { source } = context;
  const deps: WorkDeps = {
    context,
    sums: createPeriodSums(source),
    outcomes: createStageOutcomes(source),
  };
  const live = <Value>(value: Value): LiveAnswer<Value> => ({ value, entities: entitiesOfForecasts, ids: new Set() });

  function answer(query: ForecastQuery, actor: Actor): LiveAnswer<ForecastResult> {
    const fields = unseenFields(actor);
    if (fields.length > 0) return live({ kind: 'unseen', fields });
    const work = workOut(deps, query, actor);
    return live({ kind: 'answer', currency: work.currency, rows: rowsOf(deps, work, actor) });
  }

  function detail({ query, nodeKey }: NodeQuery, actor: Actor): LiveAnswer<ForecastDetail | null> {
    if (unseenFields(actor).length > 0) return live(null);
    const work = workOut(deps, query, actor);
    const node = work.nodes.find(({ key }) => key === nodeKey);
    return live(node === undefined ? null : detailOf(deps, work, node, actor));
  }

  function freeze({ query, nodeKey }: NodeQuery, note: string | null, actor: Actor) {
    if (unseenFields(actor).length > 0)
      throw new OutpostError('action_forbidden', 'You do not see what a forecast is made of.');
    const work = workOut(deps, query, actor);
    const node = work.nodes.find(({ key }) => key === nodeKey);
    const row = rowsOf(deps, work, actor).find(({ key }) => key === nodeKey);
    if (
      node?.id === undefined ||
      node.id === null ||
      row === undefined ||
      node.kind === 'all' ||
      node.kind === 'none'
    ) {
      throw new OutpostError('not_visible', 'There is no such forecast.');
    }
    const { period, hierarchy, columnMode, method, scenario } = query;
    return {
      place: {
        hierarchy,
        periodStart: period.start,
        periodEnd: period.end,
        of: { entity: node.kind, id: node.id },
      },
      commit: commitOf(work, nodeKey),
      currency: work.currency,
      numbers: {
        columnMode,
        method,
        scenario,
        forecast: row.forecast,
        quota: row.quota,
        counts: row.counts,
        columns: Object.fromEntries(
          forecastColumns.map((column) => {
            const { unadjusted, ownerAdjusted, managerAdjusted } = row.columns[column];
            return [column, { unadjusted, ownerAdjusted, managerAdjusted }];
          }),
        ),
      },
      ...dealsOfNode(deps, work, row),
      note,
    };
  }

  return { answer, detail, freeze };
}

function unseenFields(actor: Actor): readonly string[] {
  const policy = actor.fields ?? openFieldPolicy;
  return NEEDED_FIELDS.filter((field) => !isPlainlyVisible(policy, 'deal', field));
}

function dealsOfNode({ context, sums }: WorkDeps, work: ForecastWork, row: ForecastRow) {
  const owners = row.dealsOf === null ? null : new Set(row.dealsOf.map((id) => id ?? ''));
  const deals = [...context.source.all('deal').values()]
    .filter((deal) => deal['status'] !== 'lost' && deal['forecastCategory'] !== 'omitted')
    .filter((deal) => isBehind(deal, work, owners))
    .map((deal) => ({ text: `${deal.id}:${String(deal.rev)}`, amount: sums.amountOf(deal) ?? 0 }))
    .toSorted((a, b) => b.amount - a.amount || (a.text < b.text ? -1 : 1));
  let letters = 0;
  const kept = deals.filter(({ text }) => {
    letters += text.length + 3;
    return letters <= MOST_DEAL_LETTERS;
  });
  return { deals: kept.map(({ text }) => text), dealCount: deals.length };
}
