import type { TFunction } from 'i18next';
import type { FormatChartNumber } from '#shared/charts/chart-look.ts';
import type { ChartData } from '#shared/analytics/chart-data.ts';
import type { ChartSpec } from '#shared/analytics/chart-spec.ts';

/** What a chart says, in words: its kind, how much it shows, its largest and its smallest number. */
export function describeChart(t: TFunction, spec: ChartSpec, data: ChartData, format: FormatChartNumber): string {
  const marks = data.series.flatMap(({ label, numbers, value }) =>
    numbers.flatMap((number, index) =>
      Number.isNaN(number)
        ? []
        : [{ number, value, name: [data.categories[index]?.label, data.series.length > 1 ? label : undefined] }],
    ),
  );
  const [first] = marks;
  if (first === undefined) return t('charts.empty');
  const most = marks.reduce((best, mark) => (mark.number > best.number ? mark : best), first);
  const least = marks.reduce((best, mark) => (mark.number < best.number ? mark : best), first);
  const say = ({ name, number, value }: typeof first): string =>
    `${name.filter((part) => part !== undefined).join(', ')}: ${format(number, value, 'full')}`;
  return t('charts.description', {
    type: t(`charts.types.${spec.type}`),
    count: marks.length,
    most: say(most),
    least: say(least),
  });
}
