import { CloseButton } from '@mantine/core';
import { IconTool } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useMaintenance } from '#renderer/blocks/use-maintenance.ts';
import classes from './role-banner.module.css';

/** Says when the server will not answer, and that one can work on; until it is over or the person has read it. */
export function MaintenanceBanner() {
  const { t } = useTranslation();
  const format = useFormat();
  const planned = useMaintenance();
  const [read, setRead] = useState('');
  if (planned === null) return null;
  const { from, until, text } = planned;
  const key = `${from} ${until} ${text}`;
  if (read === key) return null;
  return (
    <div className={`${classes.banner} ${classes.unbroken}`} role="status" data-testid="maintenance-banner">
      <IconTool size={16} aria-hidden />
      <span>
        {t('maintenance.planned', { from: format.instant(from), until: format.instant(until) })} {text}{' '}
        <span className="op-muted">{t('maintenance.goOn')}</span>
      </span>
      <CloseButton size="sm" aria-label={t('common.close')} onClick={() => setRead(key)} />
    </div>
  );
}
