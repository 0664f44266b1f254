import { Button, Group } from '@mantine/core';
import { IconFileAlert } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import classes from './attention.module.css';

/** A change whose stored form could not be read any more: there is nothing to show of it, only that it was there. */
export function DamageCard(props: { readonly item: AttentionItem }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { id, createdAt } = props.item;
  return (
    <Panel
      title={
        <span className={classes.title}>
          <IconFileAlert size={16} aria-hidden />
          <span>{t('attention.damageTitle')}</span>
        </span>
      }
      actions={<span className="op-muted">{format.instant(createdAt)}</span>}
    >
      <div data-testid="damage">
        <p className={classes.reason}>{t('attention.damageText')}</p>
        <Group gap={8} mt={12}>
          <Button variant="default" onClick={() => void invokeMain(getBridge(), 'attention.discard', { id })}>
            {t('attention.damageSeen')}
          </Button>
        </Group>
      </div>
    </Panel>
  );
}
