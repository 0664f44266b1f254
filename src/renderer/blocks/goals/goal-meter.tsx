import { useGoalWords } from '#renderer/blocks/goals/use-goal-words.ts';
import type { GoalView } from '#shared/analytics/goals/goal-question.ts';
import classes from './goals.module.css';

const asPercent = (share: number): string => `${String(Math.max(0, Math.min(1, share)) * 100)}%`;

/** How far a goal is, with a mark where it should be by today and a notch for each milestone. */
export function GoalMeter(props: { readonly goal: GoalView; readonly label: string; readonly isLarge?: boolean }) {
  const words = useGoalWords();
  const { figure, target, milestones } = props.goal;
  if (figure.kind === 'unseen' || figure.kind === 'noRate') {
    return <div className={classes.meter} data-state="unseen" data-large={props.isLarge === true} aria-hidden />;
  }
  const share = figure.actual / target;
  const state = figure.kind === 'ready' ? (figure.state ?? 'none') : 'part';
  const expected = figure.kind === 'ready' && figure.state !== 'missed' ? figure.expected : null;
  return (
    <div
      className={classes.meter}
      data-state={state}
      data-large={props.isLarge === true}
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.max(0, Math.min(100, Math.round(share * 100)))}
      aria-valuetext={`${words.figure(props.goal)}, ${words.percent(share)}`}
    >
      <div className={classes.fill} style={{ width: asPercent(share) }} />
      {milestones
        .filter(({ percent }) => percent < 100)
        .map(({ percent }) => (
          <span key={percent} className={classes.notch} style={{ left: `${String(percent)}%` }} />
        ))}
      {expected === null || expected <= 0 || expected >= target ? null : (
        <span className={classes.expected} style={{ left: asPercent(expected / target) }} />
      )}
    </div>
  );
}
