import { IconEyeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useGoalWords } from '#renderer/blocks/goals/use-goal-words.ts';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import type { GoalView } from '#shared/analytics/goals/goal-question.ts';
import type { PaceState } from '#shared/analytics/quota-attainment.ts';

const tones: Readonly<Record<PaceState, PillTone>> = {
  achieved: 'good',
  ahead: 'good',
  onTrack: 'accent',
  behind: 'warn',
  missed: 'danger',
};

/** How a goal stands, in a word; for whoever is told no standing, why. */
export function GoalState(props: { readonly goal: GoalView }) {
  const { t } = useTranslation();
  const words = useGoalWords();
  const { figure } = props.goal;
  const reason = words.reason(props.goal);
  if (figure.kind !== 'ready') {
    const word = t(`goals.untold.${figure.kind}`);
    return (
      <Pill icon={<IconEyeOff size={12} aria-hidden />} title={reason ?? word}>
        {word}
      </Pill>
    );
  }
  if (figure.state === null) return <Pill>{t('goals.notBegun')}</Pill>;
  const pace = figure.pace === null ? '' : t('goals.paceText', { pace: words.percent(figure.pace) });
  return (
    <Pill tone={tones[figure.state]} title={pace}>
      {t(`forecast.pace.${figure.state}`)}
    </Pill>
  );
}
