// Tiles of a dashboard as parts of a file: each asked once, as it stands on the screen, with what it is made of told to the
// audit. What somebody does not see or may not export is not there, and the part says so.
import type { ExportContext } from '#renderer/blocks/export/export-context.ts';
import type { HeldPart } from '#renderer/blocks/export/export-messages.ts';
import type { PlacesBelow } from '#renderer/features/dashboards/places-below.ts';
import type { MetricWords } from '#renderer/features/dashboards/metric-words.ts';
import type { ExportedField } from '#shared/access/exported-fields.ts';
import { mayExport } from '#shared/access/export-rights.ts';
import { metricCatalogue, type MetricId, type MetricUnit } from '#shared/analytics/metrics/metric-catalogue.ts';
import type { MetricFilter, MetricsResult } from '#shared/analytics/metrics/metric-question.ts';
import { GRID_COLUMNS } from '#shared/analytics/dashboard-layout.ts';
import type { Tile } from '#shared/entities/dashboard/tiles.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { ExportColumn, ExportFormat, ExportRow, ExportType } from '#shared/export/export-table.ts';

/** What every tile is asked and told with. */
export interface PartContext extends Omit<ExportContext, 'by' | 'style' | 'stages'> {
  readonly words: MetricWords;
  readonly filters: MetricFilter;
  readonly places: PlacesBelow;
  readonly result: MetricsResult;
  readonly today: string;
  readonly form: ExportFormat;
}

export interface TilePart {
  readonly part: HeldPart;
  readonly fields: readonly ExportedField[];
  /** What would be there for somebody who sees more. */
  readonly leftOut: readonly ExportedField[];
}

/** Numbers of a figure as a file has them. */
export const typeOfUnit: Readonly<Record<MetricUnit, ExportType>> = {
  money: 'money',
  moneyPerDay: 'money',
  percent: 'percent',
  days: 'number',
  score: 'number',
  count: 'number',
};

const PAGE_WIDTH = 750;
const NARROWEST = 300;

/** As much of a page as the tile is wide on the board, so that words are of one size. */
export function chartSize({ w }: Tile): { readonly width: number; readonly height: number } {
  return { width: Math.max(NARROWEST, Math.round((PAGE_WIDTH * w) / GRID_COLUMNS)), height: 260 };
}

export function heldPart(
  { w }: Tile,
  title: string,
  columns: readonly ExportColumn[],
  rows: readonly ExportRow[],
  more: Partial<Omit<HeldPart, 'rows' | 'columns' | 'title'>> = {},
): HeldPart {
  return { title, subtitle: [], columns, rows: [rows], rowCount: rows.length, span: w, ...more };
}

/** A part that has only a reason. */
export function emptyPart(tile: Tile, title: string, reason: string): HeldPart {
  return heldPart(tile, title, [], [], { subtitle: [reason] });
}

export function fieldsOfMetric(metric: MetricId): readonly ExportedField[] {
  const { needs, keys } = metricCatalogue[metric];
  const named = needs.flatMap((path) => {
    const [entity, field = ''] = path.split('.');
    return Object.hasOwn(entities, entity ?? '') ? [{ entity: entity as EntityName, field }] : [];
  });
  return keys?.kind === 'option' ? [...named, { entity: keys.entity, field: keys.field }] : named;
}

/** Why this person may not take records of this kind out of Outpost; null: may. */
export function exportRefusal({ actor, t }: PartContext, source: EntityName): string | null {
  const allowed = mayExport(actor, { kind: 'analytics', what: 'dashboard', source }, entities[source]);
  return allowed.ok ? null : t('dashboards.export.notAllowed');
}
