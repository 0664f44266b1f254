import { IconCircle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useGoalWords } from '#renderer/blocks/goals/use-goal-words.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { GoalDetail, GoalView } from '#shared/analytics/goals/goal-question.ts';
import { fractionDigits } from '#shared/words/currency-digits.ts';
import classes from './goals.module.css';

/** Hundredths of what is only worked out would pretend to be exact. */
function toWhole(minorUnits: number, currency: string): number {
  const unit = 10 ** fractionDigits(currency);
  return minorUnits < 100 * unit ? minorUnits : Math.round(minorUnits / unit) * unit;
}

/** The formula with its numbers, and what follows from it. */
export function GoalExplained(props: { readonly detail: GoalDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useGoalWords();
  const { goal, currency } = props.detail;
  const { figure, isMoney, target, metric } = goal;
  if (figure.kind !== 'ready') return null;
  const amount = (value: number): string => words.amount(value, isMoney);
  const about = (value: number): string => amount(isMoney ? toWhole(value, currency) : value);
  const days = { elapsed: format.number(figure.elapsedDays), all: format.number(figure.workingDays) };
  const numbers = { actual: amount(figure.actual), target: amount(target), ...days };
  return (
    <Panel title={t('goals.explained')}>
      <div className={classes.formula} data-explained>
        <p>{t(`goals.counts.${metric}`, { what: words.measure(goal) })}</p>
        {figure.expected === null ? (
          <p>{t('goals.noPaceYet')}</p>
        ) : (
          <>
            <p>{t('goals.expectedBy', { ...numbers, expected: about(figure.expected) })}</p>
            <p>
              {t('goals.formula', { ...numbers, expected: about(figure.expected), pace: words.percent(figure.pace) })}
            </p>
          </>
        )}
        {figure.projected === null ? null : <p>{t('goals.projected', { amount: about(figure.projected) })}</p>}
        {figure.neededPerDay === null ? null : (
          <p>{t('goals.needed', { amount: about(figure.neededPerDay), missing: amount(target - figure.actual) })}</p>
        )}
        <p className="op-muted">{t('goals.thresholds')}</p>
        {figure.withoutRate === 0 ? null : (
          <p className={classes.notice}>{t('dashboards.withoutRate', { count: figure.withoutRate, currency })}</p>
        )}
      </div>
    </Panel>
  );
}

export function GoalMilestones(props: { readonly goal: GoalView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useGoalWords();
  const { milestones, isMoney, figure } = props.goal;
  if (figure.kind !== 'ready') return null;
  return (
    <Panel title={t('goals.milestones')} isFlush>
      <ul className={classes.milestones}>
        {milestones.map(({ percent, amount, reachedOn }) => (
          <li key={percent} data-milestone={percent} data-reached={reachedOn !== null}>
            {reachedOn === null ? <IconCircle size={16} aria-hidden /> : <IconCircleCheck size={16} aria-hidden />}
            <span>{format.percent(percent)}</span>
            <span className="op-muted">{words.amount(amount, isMoney, 'short')}</span>
            <span className={classes.grow} />
            <span>{reachedOn === null ? t('goals.notReached') : format.day(reachedOn)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
