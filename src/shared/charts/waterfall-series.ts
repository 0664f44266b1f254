// A waterfall: each bar begins where the one before ended. Drawn as bars that stand on invisible ones; a level that
// crosses zero is cut there, because stacked bars do not.
import type { SeriesOption } from 'echarts';
import { finite, type ChartDrawing } from '#shared/charts/chart-parts.ts';

export interface WaterfallStep {
  readonly from: number;
  readonly to: number;
  readonly kind: 'up' | 'down' | 'total';
}

/** Where every bar begins and ends. A total shows the level itself: its own number, or what was reached where it is empty. */
export function waterfallSteps(
  numbers: readonly number[],
  isTotal: (index: number) => boolean,
): readonly WaterfallStep[] {
  let level = 0;
  return numbers.map((number, index) => {
    if (isTotal(index)) {
      level = Number.isNaN(number) ? level : number;
      return { from: 0, to: level, kind: 'total' };
    }
    const from = level;
    level += finite(number);
    return { from, to: level, kind: level < from ? 'down' : 'up' };
  });
}

export function waterfallSeries({ data, look, format, words }: ChartDrawing): readonly SeriesOption[] {
  const [one] = data.series;
  if (one === undefined) return [];
  const steps = waterfallSteps(one.numbers, (index) => data.categories[index]?.isTotal === true);
  const colours = { up: look.good, down: look.bad, total: look.palette[0] ?? look.text };
  const colourAt = ({ kind }: WaterfallStep, index: number): string => {
    const isGood = data.categories[index]?.isGood;
    return kind === 'total' || isGood === undefined ? colours[kind] : isGood ? look.good : look.bad;
  };
  // Two stacks, above and below zero: the invisible foot and the visible bar of each.
  const stackOf = (sign: 1 | -1): readonly SeriesOption[] => {
    const part = ({ from, to }: WaterfallStep) => {
      const [a, b] = [from * sign, to * sign].map((end) => Math.max(0, end)).toSorted((x, y) => x - y);
      return { foot: (a ?? 0) * sign, height: ((b ?? 0) - (a ?? 0)) * sign };
    };
    const stack = sign === 1 ? 'above' : 'below';
    const common = { type: 'bar' as const, stack, barMaxWidth: 44, barGap: '-100%' };
    return [
      {
        ...common,
        id: `${stack}-foot`,
        silent: true,
        itemStyle: { color: 'transparent' },
        tooltip: { show: false },
        data: steps.map((step) => part(step).foot),
      },
      {
        ...common,
        id: stack,
        name: one.label,
        cursor: 'pointer',
        data: steps.map((step, index) => ({ value: part(step).height, itemStyle: { color: colourAt(step, index) } })),
        tooltip: {
          valueFormatter: (_drawn: unknown, index: number) => {
            const step = steps[index];
            if (step === undefined) return '';
            const number = step.kind === 'total' ? step.to : step.to - step.from;
            return `${words[step.kind]}: ${format(number, one.value, 'full')}`;
          },
        },
      },
    ];
  };
  return [...stackOf(1), ...(steps.some(({ from, to }) => from < 0 || to < 0) ? stackOf(-1) : [])];
}
