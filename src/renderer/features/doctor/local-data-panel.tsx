import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { Fact, Facts } from '#renderer/features/doctor/facts.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { entityOf } from '#shared/entities/registry.ts';
import type { DatabaseStanding } from '#shared/doctor/snapshot.ts';
import classes from './doctor.module.css';

/** What is held on this computer: how many of what, and how much room it takes. */
export function LocalDataPanel(props: { readonly database: DatabaseStanding | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const { database } = props;
  if (database === null) {
    return (
      <Panel title={t('doctor.data.title')}>
        <p className="op-muted">{t('doctor.databaseAway')}</p>
      </Panel>
    );
  }
  const counts = Object.entries(database.counts).toSorted((a, b) => b[1] - a[1]);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return (
    <Panel title={t('doctor.data.title')}>
      <Facts>
        <Fact name={t('doctor.data.records')} testId="doctor-records">
          {format.number(total)}
        </Fact>
        <Fact name={t('doctor.data.unsent')}>{format.number(database.unsentCount)}</Fact>
        <Fact name={t('doctor.data.size')}>
          {database.sizeBytes === null ? t('doctor.unknown') : format.bytes(database.sizeBytes)}
        </Fact>
      </Facts>
      <details className={classes.inner}>
        <summary>{t('doctor.data.byKind')}</summary>
        <dl className={classes.counts}>
          {counts.map(([name, count]) => {
            const definition = entityOf(name);
            return (
              <div key={name}>
                <dt>{definition === undefined ? name : names.entities(definition)}</dt>
                <dd className="op-number">{format.number(count)}</dd>
              </div>
            );
          })}
        </dl>
      </details>
    </Panel>
  );
}
