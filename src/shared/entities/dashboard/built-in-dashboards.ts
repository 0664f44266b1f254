// The dashboards every organization starts with. They are part of the program and cannot be changed; a copy can. Their
// names stand in the translations, `dashboards.builtIn.<id>`.
import type { MetricPeriod } from '#shared/analytics/metrics/period.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { Tile } from '#shared/entities/dashboard/tiles.ts';

export const builtInIds = ['rep', 'manager', 'executive', 'leads', 'pipeline', 'forecast'] as const;
export type BuiltInId = (typeof builtInIds)[number];

export interface BuiltInDashboard {
  readonly id: BuiltInId;
  readonly period: MetricPeriod;
  /** Filters by whoever looks. */
  readonly isOwn: boolean;
  readonly tiles: readonly Tile[];
}

type Unplaced = Tile extends infer One ? (One extends Tile ? Omit<One, 'id' | 'x' | 'y' | 'w' | 'h'> : never) : never;

/** Tiles from left to right in rows of one height; widths of a row add up to twelve. */
function inRows(...rows: readonly { readonly h: number; readonly tiles: readonly (readonly [number, Unplaced])[] }[]) {
  const placed: Tile[] = [];
  let y = 0;
  for (const { h, tiles } of rows) {
    let x = 0;
    for (const [w, tile] of tiles) {
      placed.push({ ...tile, id: `t${String(placed.length + 1)}`, x, y, w, h });
      x += w;
    }
    y += h;
  }
  return placed;
}

const NUMBER_HEIGHT = 2;
const CHART_HEIGHT = 5;
const numbers = (...metrics: readonly Extract<Unplaced, { kind: 'number' }>['metric'][]) => ({
  h: NUMBER_HEIGHT,
  tiles: metrics.map((metric) => [12 / metrics.length, { kind: 'number', metric }] as const),
});
const row = (...tiles: readonly (readonly [number, Unplaced])[]) => ({ h: CHART_HEIGHT, tiles });

const wonByMonth = { kind: 'chart', metric: 'wonByMonth', chart: 'bar' } as const;
const byStage = { kind: 'chart', metric: 'pipelineByStage', chart: 'bar', columns: ['value', 'weighted'] } as const;
const funnel = { kind: 'chart', metric: 'stageFunnel', chart: 'funnel' } as const;
const closing = { kind: 'chart', metric: 'closingByMonth', chart: 'bar', columns: ['value', 'weighted'] } as const;

const dashboards: Readonly<Record<BuiltInId, Omit<BuiltInDashboard, 'id'>>> = {
  rep: {
    period: 'thisQuarter',
    isOwn: true,
    tiles: inRows(
      numbers('wonValue', 'pipelineValue', 'weightedPipeline', 'winRate'),
      row([8, wonByMonth], [4, funnel]),
      row([4, { kind: 'list', list: 'closingSoon' }], [4, { kind: 'list', list: 'dueTasks' }], [4, { kind: 'feed' }]),
    ),
  },
  manager: {
    period: 'thisQuarter',
    isOwn: false,
    tiles: inRows(
      numbers('wonValue', 'winRate', 'pipelineValue', 'stalledDeals'),
      row([8, { kind: 'table', metric: 'repPerformance' }], [4, byStage]),
      row(
        [4, { kind: 'chart', metric: 'activityByType', chart: 'bar' }],
        [4, { kind: 'chart', metric: 'teamPerformance', chart: 'bar', columns: ['wonValue', 'openValue'] }],
        [4, { kind: 'list', list: 'overdueDeals' }],
      ),
      numbers('salesCycle', 'pushedOften', 'activityTotal', 'tasksOverdue'),
    ),
  },
  executive: {
    period: 'thisQuarter',
    isOwn: false,
    tiles: inRows(
      numbers('wonValue', 'winRateValue', 'averageDeal', 'pipelineValue'),
      row([8, wonByMonth], [4, byStage]),
      numbers('leadTotal', 'leadConversion', 'contactsNew', 'tasksOpen'),
      row([8, { kind: 'table', metric: 'teamPerformance' }], [4, closing]),
      row([6, { kind: 'chart', metric: 'lossReasons', chart: 'pie' }], [6, { kind: 'list', list: 'largestDeals' }]),
    ),
  },
  leads: {
    period: 'last90Days',
    isOwn: false,
    tiles: inRows(
      numbers('leadTotal', 'leadScore', 'leadHighQuality', 'leadConversion'),
      row(
        [6, { kind: 'chart', metric: 'leadBySource', chart: 'bar' }],
        [6, { kind: 'chart', metric: 'leadByStatus', chart: 'pie' }],
      ),
      row([8, { kind: 'chart', metric: 'leadByMonth', chart: 'area' }], [4, { kind: 'list', list: 'newLeads' }]),
    ),
  },
  pipeline: {
    period: 'last365Days',
    isOwn: false,
    tiles: inRows(
      numbers('openDeals', 'pipelineValue', 'velocity', 'salesCycle'),
      { h: 3, tiles: [[12, { kind: 'table', metric: 'stageAnalysis' }]] },
      row([4, funnel], [4, byStage], [4, { kind: 'chart', metric: 'pipelineByCategory', chart: 'pie' }]),
      numbers('stalledDeals', 'stalledValue', 'pushes', 'pushedOften'),
    ),
  },
  forecast: {
    period: 'thisQuarter',
    isOwn: false,
    tiles: inRows(
      numbers('wonValue', 'weightedPipeline', 'pipelineValue', 'overdueDeals'),
      row([6, { kind: 'forecast' }], [6, closing]),
      row(
        [4, wonByMonth],
        [4, { kind: 'chart', metric: 'pipelineByCategory', chart: 'pie' }],
        [4, { kind: 'list', list: 'closingSoon' }],
      ),
    ),
  },
};

export const builtInDashboards: readonly BuiltInDashboard[] = builtInIds.map((id) => ({ id, ...dashboards[id] }));

/** The one that is shown first: by role, and for roles the organization made by what they may see. */
export function firstBuiltInOf(actor: Pick<Actor, 'role' | 'permissions'>): BuiltInId {
  if (actor.role === 'org_admin' || actor.role === 'super_admin') return 'executive';
  if (actor.permissions.includes('team.view_performance')) return 'manager';
  return actor.role === 'viewer' ? 'pipeline' : 'rep';
}
