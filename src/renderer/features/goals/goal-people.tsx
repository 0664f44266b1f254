import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { GoalState } from '#renderer/blocks/goals/goal-state.tsx';
import { useGoalWords } from '#renderer/blocks/goals/use-goal-words.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { GoalDetail } from '#shared/analytics/goals/goal-question.ts';
import classes from './goals.module.css';

/** Who brought what to the goal of the team, the most first, beside the own goal of the same kind. */
export function GoalPeople(props: { readonly detail: GoalDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useGoalWords();
  const { people, goal } = props.detail;
  return (
    <Panel title={t('goals.people')} isFlush>
      <table className={classes.table} aria-label={t('goals.people')}>
        <thead>
          <tr>
            <th scope="col" className={classes.rank}>
              {t('goals.columns.rank')}
            </th>
            <th scope="col">{t('goals.columns.who')}</th>
            <th scope="col" className="op-number">
              {t('goals.columns.brought')}
            </th>
            <th scope="col" className="op-number">
              {t('goals.columns.share')}
            </th>
            <th scope="col" className="op-number">
              {t('goals.columns.ownGoal')}
            </th>
            <th scope="col">{t('goals.columns.state')}</th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ userId, name, actual, share, own }) => (
            <tr key={userId} data-person={userId}>
              <td className={classes.rank}>
                {format.number(people.filter((other) => other.actual > actual).length + 1)}
              </td>
              <th scope="row">{name ?? t('common.notAvailable')}</th>
              <td className="op-number">{words.amount(actual, goal.isMoney, 'short')}</td>
              <td className="op-number">{share === null ? '–' : format.percent(Math.round(share))}</td>
              <td className="op-number">
                {own?.figure.kind === 'ready' ? (
                  <Link to={`/goals/${own.id}`}>{words.percent(own.figure.attainment)}</Link>
                ) : (
                  '–'
                )}
              </td>
              <td>{own === null ? null : <GoalState goal={own} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
