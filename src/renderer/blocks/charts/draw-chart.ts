// Draws charts into the page and follows its size; loaded when the first chart is shown.
import { init } from '#shared/charts/draw-once.ts';
import { chartOption, markAtPlace } from '#shared/charts/chart-option.ts';
import type { ChartDrawing } from '#shared/charts/chart-parts.ts';
import type { ChartMark } from '#shared/analytics/chart-data.ts';

export interface DrawnChart {
  show(drawing: Omit<ChartDrawing, 'width' | 'height'>): void;
  /** The picture as it stands, a complete SVG document. */
  toSvg(): string;
  stop(): void;
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
