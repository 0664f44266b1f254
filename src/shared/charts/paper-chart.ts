// A chart for a file: always in the light colors, standing still, with its numbers where they fit, because nobody can point
// at paper.
import { paperLook, type FormatChartNumber } from '#shared/charts/chart-look.ts';
import type { ChartDrawing } from '#shared/charts/chart-parts.ts';
import type { ChartData } from '#shared/analytics/chart-data.ts';
import type { ChartSpec } from '#shared/analytics/chart-spec.ts';
import type { ExportChart, ExportFormat } from '#shared/export/export-table.ts';
import type { Translate } from '#shared/words/names.ts';

export interface PaperSize {
  readonly width: number;
  readonly height: number;
}

export interface PaperChart {
  readonly title: string;
  readonly spec: ChartSpec;
  readonly data: ChartData;
  readonly format: FormatChartNumber;
  readonly words: ChartDrawing['words'];
  readonly size?: PaperSize;
}

/** Makes dots of a drawing where there is something to draw dots with. `paper`: the colour behind it. */
export type ToPng = (svg: string, size: PaperSize, paper: string) => Promise<Uint8Array<ArrayBuffer>>;

const LARGE: PaperSize = { width: 720, height: 360 };

export function chartWords(t: Translate): ChartDrawing['words'] {
  return { total: t('charts.total'), up: t('charts.up'), down: t('charts.down') };
}

/**
 * Nothing for forms that hold no pictures, and for a chart that has nothing to show. Excel holds dots only: without `toPng`
 * it gets none.
 */
export async function drawForPaper(
  chart: PaperChart,
  format: ExportFormat,
  toPng: ToPng | null,
): Promise<readonly ExportChart[]> {
  if (format === 'csv' || format === 'json' || (format === 'xlsx' && toPng === null)) return [];
  if (!chart.data.series.some(({ numbers }) => numbers.some((number) => !Number.isNaN(number)))) return [];
  const { drawOnce } = await import('#shared/charts/draw-once.ts');
  const { title, spec, data, words, size = LARGE } = chart;
  const svg = drawOnce({ spec, data, words, look: paperLook, format: chart.format, ...size });
  const picture: ExportChart = { title, svg, ...size };
  if (format !== 'xlsx' || toPng === null) return [picture];
  return [{ ...picture, png: await toPng(svg, size, paperLook.surface) }];
}
