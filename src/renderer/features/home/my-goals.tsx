import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { GoalLines } from '#renderer/blocks/goals/goal-lines.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { Actor } from '#shared/access/actor.ts';

const SHOWN = 5;

/** What is to be reached now, of oneself and of the own teams. Nothing is shown where nobody set a goal. */
export function MyGoals(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const { data } = useLive('goals', { time: 'current' });
  const { userId } = props.actor;
  const mine = (data?.goals ?? []).filter(({ subject }) => subject.kind === 'team' || subject.id === userId);
  if (mine.length === 0) return null;
  const shown = mine.toSorted((a, b) => Number(b.subject.id === userId) - Number(a.subject.id === userId));
  return (
    <Panel title={t('home.myGoals')} actions={<Link to="/goals">{t('home.allGoals')}</Link>} isFlush>
      <GoalLines goals={shown.slice(0, SHOWN)} ownId={userId} />
    </Panel>
  );
}
