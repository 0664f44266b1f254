import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { Chart } from '#renderer/blocks/charts/chart.tsx';
import { useGoalWords } from '#renderer/blocks/goals/use-goal-words.ts';
import type { ChartData } from '#shared/analytics/chart-data.ts';
import type { GoalDetail } from '#shared/analytics/goals/goal-question.ts';

const spec = { type: 'line' } as const;

/** What was reached by each day beside what should have been, as a drawing or a table. */
export function GoalCourse(props: { readonly detail: GoalDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useGoalWords();
  const { course, goal } = props.detail;
  const data = useMemo((): ChartData => {
    const series = (id: string, label: string, numbers: readonly number[]) => ({
      id,
      label,
      value: id,
      numbers,
      marks: numbers.map(() => null),
    });
    return {
      axis: t('goals.day'),
      categories: course.map(({ day }) => ({ label: format.shortDay(day) })),
      series: [
        series(
          'actual',
          words.measure(goal),
          course.map(({ actual }) => actual ?? Number.NaN),
        ),
        series(
          'expected',
          t('goals.paceLine'),
          course.map(({ expected }) => Math.round(expected)),
        ),
      ],
    };
  }, [course, goal, t, format, words]);
  const write = useMemo(
    () => (number: number, _value: string, style: 'full' | 'short') => words.amount(number, goal.isMoney, style),
    [words, goal.isMoney],
  );
  return <Chart name={t('goals.courseOf', { name: goal.name })} spec={spec} data={data} format={write} />;
}
