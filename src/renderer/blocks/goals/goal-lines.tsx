import { Link } from 'react-router';
import { GoalMeter } from '#renderer/blocks/goals/goal-meter.tsx';
import { GoalState } from '#renderer/blocks/goals/goal-state.tsx';
import { useGoalWords } from '#renderer/blocks/goals/use-goal-words.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import type { GoalView } from '#shared/analytics/goals/goal-question.ts';
import classes from './goals.module.css';

/** Goals below each other, as they stand on Home and on dashboards; each opens its page. */
export function GoalLines(props: {
  readonly goals: readonly GoalView[];
  /** Whose goal this is goes without saying. */
  readonly ownId?: string;
}) {
  const words = useGoalWords();
  return (
    <ul className={classes.lines}>
      {props.goals.map((goal) => (
        <li key={goal.id} className={classes.line} data-goal={goal.id}>
          <div className={classes.lineHead}>
            <Link className={classes.lineName} to={`/goals/${goal.id}`}>
              {goal.name}
            </Link>
            {goal.subject.id === props.ownId ? null : <span className={classes.context}>{words.subject(goal)}</span>}
            <PendingMark pending={goal.isPending ? [goal.id] : []} />
            <GoalState goal={goal} />
          </div>
          <GoalMeter goal={goal} label={goal.name} />
          <div className={classes.lineFoot}>
            <span>{words.figure(goal)}</span>
            <span>{goal.figure.kind === 'ready' ? words.percent(goal.figure.attainment) : ''}</span>
          </div>
        </li>
      ))}
    </ul>
  );
}
