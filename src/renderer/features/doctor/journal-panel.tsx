import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { Fact, Facts } from '#renderer/features/doctor/facts.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import type { JournalStanding } from '#shared/doctor/snapshot.ts';
import classes from './doctor.module.css';

const states = ['waiting', 'sending', 'retrying', 'answered', 'refused'] as const;

/** What was typed on this computer and has not gone its whole way. */
export function JournalPanel(props: { readonly journal: JournalStanding }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { journal } = props;
  return (
    <Panel title={t('doctor.journal.title')}>
      <dl className={classes.tiles}>
        {states.map((state) => (
          <div
            key={state}
            className={classes.tile}
            data-state={state}
            data-some={journal[state] > 0}
            title={t(`doctor.state.${state}Hint`)}
          >
            <dt>{t(`doctor.state.${state}`)}</dt>
            <dd data-testid={`journal-${state}`}>{format.number(journal[state])}</dd>
          </div>
        ))}
      </dl>
      <Facts>
        <Fact name={t('doctor.journal.lastCommit')}>
          {journal.lastCommitAt === null ? t('doctor.never') : format.seconds(journal.lastCommitAt)}
        </Fact>
        <Fact name={t('doctor.journal.size')}>{format.bytes(journal.sizeBytes)}</Fact>
        <Fact name={t('doctor.journal.damage')}>
          {journal.damagedRows === 0
            ? t('doctor.journal.noDamage')
            : t('doctor.journal.damaged', { count: journal.damagedRows })}
        </Fact>
      </Facts>
    </Panel>
  );
}
