// What an export asks for, whole: whoever has it, the records of now and the rights of now can make the file, with no screen
// open. The jobs of this computer keep it.
import type { ListQuery } from '#renderer/data/data-contract.ts';
import type { ExportSubject } from '#shared/access/export-rights.ts';
import type { ChartSpec } from '#shared/analytics/chart-spec.ts';
import type { ForecastQuery } from '#shared/analytics/forecast/forecast-contract.ts';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';
import type { PipelineChangeQuery } from '#shared/analytics/past/change-question.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { Tile } from '#shared/entities/dashboard/tiles.ts';
import { exportFormats, type ExportFormat } from '#shared/export/export-table.ts';

/** The number that stands, as on the screen, or how it came about as well. */
export type ForecastNumbers = 'standing' | 'all';

export interface ExportQuestions {
  readonly list: {
    readonly query: Omit<ListQuery, 'offset' | 'limit'>;
    readonly fields: readonly string[];
    /** All there are: those that nobody shows this person are missed, too. */
    readonly isWhole: boolean;
    /** Only these, in this order; default: all rows of the list. */
    readonly ids?: readonly string[];
  };
  readonly pivot: {
    readonly spec: PivotSpec;
    /** Rows that are folded in, as JSON of their path. */
    readonly folded: readonly string[];
    /** Drawn beside the table. */
    readonly chart: ChartSpec | null;
  };
  readonly dashboard: { readonly tiles: readonly Tile[]; readonly filters: MetricFilter };
  readonly forecast: { readonly query: ForecastQuery; readonly numbers: ForecastNumbers };
  /** The deals of a submitted forecast, which stands at this line. */
  readonly submission: { readonly query: ForecastQuery; readonly nodeKey: string; readonly id: string };
  readonly changes: {
    readonly query: Omit<PipelineChangeQuery, 'limit'>;
    /** Compared with the day it is when the file is made. */
    readonly isUntilNow: boolean;
  };
}

export type ExportKind = keyof ExportQuestions;

export type ExportQuestion<Kind extends ExportKind = ExportKind> = {
  readonly [Each in Kind]: { readonly kind: Each; readonly asked: ExportQuestions[Each] };
}[Kind];

/** The languages files are written in. */
export type ExportLanguage = 'en' | 'de';

export interface KeptExport {
  /** Which shape this has: those of former versions are told apart by it. */
  readonly version: 2;
  /** Name of the file without day and ending, and what the audit calls it. */
  readonly title: string;
  readonly subject: ExportSubject;
  readonly format: ExportFormat;
  readonly language: ExportLanguage;
  readonly question: ExportQuestion;
}

export const keepExport = (kept: KeptExport): string => JSON.stringify(kept);

/** Null for one of a former version, which cannot be made without its screen. */
export function readKeptExport(text: string): KeptExport | null {
  const kept = JSON.parse(text) as Partial<KeptExport>;
  const isKnown = kept.version === 2 && kept.question !== undefined && exportFormats.some((one) => one === kept.format);
  return isKnown ? (kept as KeptExport) : null;
}
