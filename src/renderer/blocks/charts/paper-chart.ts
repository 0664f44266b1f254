// A chart for a file: drawn beside the screen, always in the light colors, standing still, with its numbers where they fit,
// because nobody can point at paper.
import type { TFunction } from 'i18next';
import { readPaperLook, type FormatChartNumber } from '#renderer/blocks/charts/chart-look.ts';
import type { ChartDrawing } from '#renderer/blocks/charts/chart-parts.ts';
import type { ChartData } from '#shared/analytics/chart-data.ts';
import type { ChartSpec } from '#shared/analytics/chart-spec.ts';
import type { ExportChart, ExportFormat } from '#shared/export/export-table.ts';

export interface PaperChart {
  readonly title: string;
  readonly spec: ChartSpec;
  readonly data: ChartData;
  readonly format: FormatChartNumber;
  readonly words: ChartDrawing['words'];
  readonly size?: { readonly width: number; readonly height: number };
}

const LARGE = { width: 720, height: 360 };
/** Dots for each point of the picture: sharp on a screen of twice the density, and on paper. */
const DENSITY = 2;

async function toPng(svg: string, { width, height }: typeof LARGE, paper: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(width * DENSITY, height * DENSITY);
    const context = canvas.getContext('2d');
    if (context === null) return new Uint8Array();
    context.fillStyle = paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function chartWords(t: TFunction): ChartDrawing['words'] {
  return { total: t('charts.total'), up: t('charts.up'), down: t('charts.down') };
}

/** Nothing for forms that hold no pictures, and for a chart that has nothing to show. */
export async function drawForPaper(chart: PaperChart, format: ExportFormat): Promise<readonly ExportChart[]> {
  if (format === 'csv' || format === 'json') return [];
  if (!chart.data.series.some(({ numbers }) => numbers.some((number) => !Number.isNaN(number)))) return [];
  const { drawOnce } = await import('#renderer/blocks/charts/draw-chart.ts');
  const { title, spec, data, words, size = LARGE } = chart;
  const look = readPaperLook();
  const svg = drawOnce({ spec, data, words, look, format: chart.format, ...size });
  const picture: ExportChart = { title, svg, ...size };
  return [format === 'xlsx' ? { ...picture, png: await toPng(svg, size, look.surface) } : picture];
}
