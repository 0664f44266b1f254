// Other programs that are told when something happens here: where, of what, and whether they listen.
import { Button } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { DeliveriesDialog } from '#renderer/features/settings/webhooks/deliveries-dialog.tsx';
import { RemoveWebhookDialog } from '#renderer/features/settings/webhooks/remove-webhook-dialog.tsx';
import { RotateSecretDialog } from '#renderer/features/settings/webhooks/rotate-secret-dialog.tsx';
import { WebhookDialog } from '#renderer/features/settings/webhooks/webhook-dialog.tsx';
import { WebhookTable } from '#renderer/features/settings/webhooks/webhook-table.tsx';
import type { Webhook } from '#shared/sync/webhook-messages.ts';
import classes from '../settings.module.css';

type Open =
  | { readonly kind: 'new' }
  | { readonly kind: 'edit' | 'rotate' | 'remove' | 'deliveries'; readonly row: Webhook };

export function WebhooksSection() {
  const { t } = useTranslation();
  const [webhooks, setWebhooks] = useState<readonly Webhook[] | null>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const load = useCallback(
    () => invokeMain(getBridge(), 'webhooks.list', {}).then((answer) => setWebhooks(answer.webhooks)),
    [],
  );
  const { problem, readAgain } = useServerRead(load);
  const close = (): void => setOpen(null);
  const show = (kind: Exclude<Open['kind'], 'new'>) => (row: Webhook) => setOpen({ kind, row });
  return (
    <>
      <h1>{t('settings.webhooks.title')}</h1>
      <p className={classes.lead}>{t('settings.webhooks.text')}</p>
      <ServerProblem problem={problem} />
      <div className={classes.toolbar}>
        <Button size="xs" disabled={webhooks === null} onClick={() => setOpen({ kind: 'new' })}>
          {t('settings.webhooks.new')}
        </Button>
      </div>
      {webhooks?.length === 0 ? <p className={classes.note}>{t('settings.webhooks.none')}</p> : null}
      {webhooks === null || webhooks.length === 0 ? null : (
        <WebhookTable
          webhooks={webhooks}
          onEdit={show('edit')}
          onRotate={show('rotate')}
          onRemove={show('remove')}
          onDeliveries={show('deliveries')}
        />
      )}
      {open?.kind === 'new' ? <WebhookDialog row={null} onDone={readAgain} onClose={close} /> : null}
      {open?.kind === 'edit' ? <WebhookDialog row={open.row} onDone={readAgain} onClose={close} /> : null}
      {open?.kind === 'rotate' ? <RotateSecretDialog row={open.row} onDone={readAgain} onClose={close} /> : null}
      {open?.kind === 'remove' ? <RemoveWebhookDialog row={open.row} onDone={readAgain} onClose={close} /> : null}
      {open?.kind === 'deliveries' ? <DeliveriesDialog row={open.row} onDone={readAgain} onClose={close} /> : null}
    </>
  );
}
