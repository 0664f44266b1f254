import { useTranslation } from 'react-i18next';
import { GoalLines } from '#renderer/blocks/goals/goal-lines.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import { goalsQueryOf } from '#renderer/features/dashboards/goals-export.ts';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';
import classes from './dashboards.module.css';

/** Goals that run now, of the person or team the dashboard is about. They have windows of their own. */
export function GoalsTile(props: { readonly filters: MetricFilter }) {
  const { t } = useTranslation();
  const { data } = useLive('goals', goalsQueryOf(props.filters));
  if (data === undefined) return null;
  if (data.goals.length === 0) return <p className={classes.message}>{t('goals.empty.current')}</p>;
  return <GoalLines goals={data.goals} />;
}
