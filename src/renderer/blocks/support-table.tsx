// Accesses of support staff, for those who run the installation and for the administrators of an organization.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import type { SupportAccess } from '#shared/platform/platform-messages.ts';
import classes from './support-table.module.css';

const tones: Readonly<Record<SupportAccess['state'], PillTone>> = {
  asked: 'warn',
  open: 'accent',
  ended: 'neutral',
  refused: 'neutral',
};

export function AccessTable(props: {
  readonly accesses: readonly SupportAccess[];
  readonly showsOrganization?: boolean;
  readonly renderActions: (access: SupportAccess) => ReactNode;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  if (props.accesses.length === 0) return <p className="op-muted">{t('support.none')}</p>;
  return (
    <table className={classes.table} data-testid="support-accesses">
      <thead>
        <tr>
          <th>{t('support.state')}</th>
          <th>{t('support.who')}</th>
          {props.showsOrganization === true ? <th>{t('support.where')}</th> : null}
          <th>{t('support.reason')}</th>
          <th>{t('support.role')}</th>
          <th>{t('support.time')}</th>
          <th aria-label={t('support.decide')} />
        </tr>
      </thead>
      <tbody>
        {props.accesses.map((access) => (
          <tr key={access.id}>
            <td>
              <Pill tone={tones[access.state]}>{t(`support.states.${access.state}`)}</Pill>
            </td>
            <td>{access.staffName}</td>
            {props.showsOrganization === true ? <td>{access.name}</td> : null}
            <td>{access.reason}</td>
            <td>{t(`support.roles.${access.role}`)}</td>
            <td>{timeOf(access)}</td>
            <td>{props.renderActions(access)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );

  function timeOf({ state, hours, until, endedAt }: SupportAccess): string {
    if (state === 'open') return t('support.until', { until: format.instant(until) });
    if (state === 'asked') return t('support.forHours', { count: hours });
    return t('support.endedAt', { at: format.instant(endedAt) });
  }
}
