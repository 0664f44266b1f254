// How much everybody asked for today, who asked for most first.
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { rateSpans } from '#shared/access/rate-windows.ts';
import type { UsageOfPeople } from '#shared/sync/access-messages.ts';
import classes from '../settings.module.css';

const MOST_SHOWN = 50;

export function PeopleUsage() {
  const { t } = useTranslation();
  const [people, setPeople] = useState<UsageOfPeople['people'] | null>(null);
  const read = useCallback(
    () => invokeMain(getBridge(), 'usage.people', {}).then((answer) => setPeople(answer.people)),
    [],
  );
  // What it could not be asked for, the section above says.
  useServerRead(read);
  const busiest = useMemo(
    () =>
      (people ?? [])
        .toSorted((one, other) => other.own.day.count + other.keys.day.count - one.own.day.count - one.keys.day.count)
        .slice(0, MOST_SHOWN),
    [people],
  );
  if (people === null) return null;
  return (
    <section className={classes.below}>
      <h2 className={classes.subtitle}>{t('settings.reach.usage')}</h2>
      <p className={classes.lead}>{t('settings.reach.usageText')}</p>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('settings.reach.person')}</th>
            {rateSpans.map((span) => (
              <th key={span} scope="col">
                {t(`settings.apiKeys.span.${span}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {busiest.map(({ userId, own, keys }) => (
            <tr key={userId}>
              <th scope="row">
                <RecordName entity="user" id={userId} />
              </th>
              {rateSpans.map((span) => (
                <td key={span}>{t('settings.reach.ownAndKeys', { own: own[span].count, keys: keys[span].count })}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
