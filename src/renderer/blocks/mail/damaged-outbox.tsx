// The file of letters was damaged: what was written may be lost in part, and only its author can tell.
import { Button } from '@mantine/core';
import { IconFileAlert } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { OutboxDamage } from '#shared/mail/mail-types.ts';
import classes from './damaged-outbox.module.css';

export function DamagedOutbox(props: { readonly damage: OutboxDamage }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { at, saved } = props.damage;
  return (
    <Panel
      title={
        <span className={classes.title}>
          <IconFileAlert size={16} aria-hidden />
          <span>{t('mailbox.damage.title')}</span>
        </span>
      }
      actions={<span className="op-muted">{format.instant(at)}</span>}
    >
      <div data-testid="damaged-outbox">
        <p className={classes.text}>
          {t('mailbox.damage.text')}{' '}
          {saved === 0 ? t('mailbox.damage.nothingSaved') : t('mailbox.damage.saved', { count: saved })}
        </p>
        <Button mt={12} variant="default" onClick={() => void invokeMain(getBridge(), 'mailbox.damageSeen', {})}>
          {t('attention.damageSeen')}
        </Button>
      </div>
    </Panel>
  );
}
