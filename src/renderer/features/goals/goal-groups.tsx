import { Link } from 'react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { GoalMeter } from '#renderer/blocks/goals/goal-meter.tsx';
import { GoalState } from '#renderer/blocks/goals/goal-state.tsx';
import { useGoalWords } from '#renderer/blocks/goals/use-goal-words.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import type { GoalsResult, GoalView } from '#shared/analytics/goals/goal-question.ts';
import classes from './goals.module.css';

interface Group {
  readonly key: string;
  readonly title: string;
  readonly goals: readonly GoalView[];
}

/** Goals of the same measure and window stand together, furthest first: what is compared is comparable. */
export function GoalGroups(props: { readonly data: GoalsResult }) {
  const words = useGoalWords();
  const groups: Group[] = [];
  for (const [key, goals] of Map.groupBy(props.data.goals, keyOf)) {
    const [first] = goals;
    if (first === undefined) continue;
    const title = `${words.measure(first)} · ${words.window(first.windowType, first.window)}`;
    groups.push({ key, title, goals });
  }
  return (
    <div className={classes.stack}>
      {groups.map((group) => (
        <GoalTable key={group.key} group={group} />
      ))}
    </div>
  );
}

function keyOf({ metric, activityType, counted, window, windowType }: GoalView): string {
  return JSON.stringify([window, windowType, metric, activityType, counted]);
}

function GoalTable(props: { readonly group: Group }) {
  const { t } = useTranslation();
  const { title, goals } = props.group;
  const ranks = ranksOf(goals);
  return (
    <section aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      <div className={classes.frame}>
        <table className={classes.table} aria-label={title}>
          <thead>
            <tr>
              <th scope="col" className={classes.rank}>
                {t('goals.columns.rank')}
              </th>
              <th scope="col">{t('goals.columns.who')}</th>
              <th scope="col">{t('goals.columns.goal')}</th>
              <th scope="col" className={classes.wide}>
                {t('goals.columns.progress')}
              </th>
              <th scope="col" className="op-number">
                {t('goals.columns.attained')}
              </th>
              <th scope="col" className="op-number">
                {t('goals.columns.pace')}
              </th>
              <th scope="col">{t('goals.columns.state')}</th>
            </tr>
          </thead>
          <tbody>
            {goals.map((goal) => (
              <GoalRow key={goal.id} goal={goal} rank={ranks.get(goal.id) ?? null} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function GoalRow(props: { readonly goal: GoalView; readonly rank: number | null }) {
  const format = useFormat();
  const words = useGoalWords();
  const { goal, rank } = props;
  const { figure } = goal;
  return (
    <tr data-goal={goal.id} data-kind={goal.subject.kind}>
      <td className={classes.rank}>{rank === null ? '' : format.number(rank)}</td>
      <th scope="row">{words.subject(goal)}</th>
      <td>
        <span className={classes.name}>
          <Link to={`/goals/${goal.id}`}>{goal.name}</Link>
          <PendingMark pending={goal.isPending ? [goal.id] : []} />
        </span>
      </td>
      <td>
        <div className={classes.progress}>
          <GoalMeter goal={goal} label={`${words.subject(goal)}, ${goal.name}`} />
          <span className={classes.figure} title={words.reason(goal) ?? undefined}>
            {words.figure(goal)}
          </span>
        </div>
      </td>
      <td className="op-number">{figure.kind === 'ready' ? words.percent(figure.attainment) : '–'}</td>
      <td className="op-number">{figure.kind === 'ready' ? words.percent(figure.pace) : '–'}</td>
      <td>
        <GoalState goal={goal} />
      </td>
    </tr>
  );
}

/** Places of people that can be compared: by share of the target, equal shares at the same place. */
function ranksOf(goals: readonly GoalView[]): ReadonlyMap<string, number> {
  const compared = goals.flatMap(({ id, subject, figure }) =>
    subject.kind === 'user' && figure.kind === 'ready' ? [{ id, share: figure.attainment }] : [],
  );
  if (compared.length < 2) return new Map();
  return new Map(
    compared.map(({ id, share }) => [id, compared.filter((other) => other.share > share).length + 1] as const),
  );
}
