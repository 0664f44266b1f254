import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import type { SignInHistory } from '#shared/sync/sign-in-messages.ts';
import classes from '#renderer/features/settings/settings.module.css';

/** What happened at the door of one account: when, from where, and how it ended. */
export function SignInHistoryTable(props: { readonly events: SignInHistory['events'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (props.events.length === 0) return <p className={classes.note}>{t('factors.history.none')}</p>;
  return (
    <table className={classes.table} data-testid="sign-in-history">
      <thead>
        <tr>
          <th scope="col">{t('factors.history.at')}</th>
          <th scope="col">{t('factors.history.outcome')}</th>
          <th scope="col">{t('settings.devices.device')}</th>
          <th scope="col">{t('settings.devices.address')}</th>
          <th scope="col">{t('factors.history.by')}</th>
        </tr>
      </thead>
      <tbody>
        {props.events.map(({ id, at, outcome, deviceName, address, provedBy }) => (
          <tr key={id}>
            <td>{format.instant(at)}</td>
            <td>
              <Pill tone={outcome === 'signedIn' ? 'accent' : 'warn'}>
                {t(`factors.history.outcomes.${outcome}`, { defaultValue: outcome })}
              </Pill>
            </td>
            <td>{deviceName}</td>
            <td>{address}</td>
            <td>{t(`factors.history.proofs.${provedBy}`, { defaultValue: provedBy })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
