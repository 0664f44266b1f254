// The part of echarts that is drawn with, and nothing else of it: this file is loaded when the first chart is shown.
// SVG, so that a saved picture is a drawing and not dots.
import { BarChart, FunnelChart, GaugeChart, HeatmapChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  LegendScrollComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import { chartOption, markAtPlace } from '#renderer/blocks/charts/chart-option.ts';
import type { ChartDrawing } from '#renderer/blocks/charts/chart-parts.ts';
import type { ChartMark } from '#shared/analytics/chart-data.ts';

use([
  BarChart,
  FunnelChart,
  GaugeChart,
  HeatmapChart,
  LineChart,
  PieChart,
  ScatterChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  LegendScrollComponent,
  TooltipComponent,
  VisualMapComponent,
  LabelLayout,
  SVGRenderer,
]);

export interface DrawnChart {
  show(drawing: Omit<ChartDrawing, 'width' | 'height'>): void;
  /** The picture as it stands, a complete SVG document. */
  toSvg(): string;
  stop(): void;
}

/** A drawing that is nowhere on the screen, as a complete SVG document. */
export function drawOnce(drawing: ChartDrawing): string {
  const { width, height } = drawing;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(chartOption(drawing));
    return chart.renderToSVGString({ useViewBox: true });
  } finally {
    chart.dispose();
  }
}

/** Draws into an element and follows its size. */
export function drawChart(element: HTMLElement, onMark: (mark: ChartMark) => void): DrawnChart {
  const chart = init(element, null, { renderer: 'svg' });
  let shown: Omit<ChartDrawing, 'width' | 'height'> | null = null;

  function redraw(): void {
    if (shown !== null)
      chart.setOption(chartOption({ ...shown, width: chart.getWidth(), height: chart.getHeight() }), {
        notMerge: true,
      });
  }

  chart.on('click', (event) => {
    if (shown === null) return;
    const { seriesIndex = 0, dataIndex, data } = event;
    const mark = markAtPlace(shown, { seriesIndex, dataIndex, data });
    if (mark !== null) onMark(mark);
  });
  const observer = new ResizeObserver(() => {
    const { clientWidth, clientHeight } = element;
    if (clientWidth === chart.getWidth() && clientHeight === chart.getHeight()) return;
    chart.resize({ animation: { duration: 0 } });
    redraw();
  });
  observer.observe(element);

  return {
    show(drawing) {
      shown = drawing;
      redraw();
    },
    toSvg: () => chart.renderToSVGString({ useViewBox: true }),
    stop() {
      observer.disconnect();
      chart.dispose();
    },
  };
}
