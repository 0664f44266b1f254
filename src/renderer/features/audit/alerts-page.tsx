import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { LOOK_AGAIN_MS } from '#renderer/blocks/look-again.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { ScrollPage } from '#renderer/features/audit/scroll-page.tsx';
import { NOTHING, useAnswer } from '#renderer/features/audit/use-answer.ts';
import classes from './audit.module.css';

/** What policies found, and whether somebody was told. */
export function AlertsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { value: alerts, error } = useAnswer('audit.alerts', NOTHING, LOOK_AGAIN_MS);
  const { value: policies } = useAnswer('audit.policies', NOTHING);
  const names = useMemo(() => new Map((policies ?? []).map(({ id, name }) => [id, name])), [policies]);
  return (
    <ScrollPage title={t('audit.tabs.alerts')} text={t('audit.alerts.text')} error={error}>
      {alerts?.length === 0 ? <p role="status">{t('audit.alerts.none')}</p> : null}
      {alerts === null || alerts.length === 0 ? null : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('audit.columns.at')}</th>
              <th scope="col">{t('audit.alerts.policy')}</th>
              <th scope="col">{t('audit.alerts.found')}</th>
              <th scope="col">{t('audit.alerts.recipient')}</th>
              <th scope="col">{t('audit.alerts.state')}</th>
            </tr>
          </thead>
          <tbody>
            {alerts.map((alert) => (
              <tr key={alert.id}>
                <td className={classes.nowrap}>{format.instant(alert.at)}</td>
                <td>{names.get(alert.policy) ?? alert.policy}</td>
                <td>
                  <button
                    type="button"
                    className={classes.link2}
                    onClick={() => void navigate('/audit/entries?review=any')}
                  >
                    {t('audit.alerts.hits', { count: alert.hits })}
                  </button>
                </td>
                <td>{alert.recipient === null ? '' : <RecordName entity="user" id={alert.recipient} />}</td>
                <td>{t(`audit.told.${alert.told}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </ScrollPage>
  );
}
