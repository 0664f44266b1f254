import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import type { Webhook } from '#shared/sync/webhook-messages.ts';
import classes from '../settings.module.css';

interface Actions {
  readonly onEdit: (row: Webhook) => void;
  readonly onRotate: (row: Webhook) => void;
  readonly onRemove: (row: Webhook) => void;
  readonly onDeliveries: (row: Webhook) => void;
}

const tones: Readonly<Record<Webhook['state'], PillTone>> = {
  active: 'good',
  paused: 'neutral',
  failing: 'danger',
  gone: 'danger',
};
/** More of them are counted. */
const NAMED_EVENTS = 3;

export function WebhookTable({ webhooks, ...actions }: Actions & { readonly webhooks: readonly Webhook[] }) {
  const { t } = useTranslation();
  return (
    <table className={classes.table} data-testid="webhooks">
      <thead>
        <tr>
          {['name', 'events', 'owner', 'last'].map((column) => (
            <th key={column} scope="col">
              {t(`settings.webhooks.columns.${column}`)}
            </th>
          ))}
          <th scope="col">
            <span hidden>{t('settings.apiKeys.columns.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {webhooks.map((row) => (
          <WebhookRow key={row.id} row={row} {...actions} />
        ))}
      </tbody>
    </table>
  );
}

function WebhookRow({ row, onEdit, onRotate, onRemove, onDeliveries }: Actions & { readonly row: Webhook }) {
  const { t } = useTranslation();
  const { name } = row;
  const more = row.events.slice(NAMED_EVENTS).map((event) => t(`settings.webhooks.event.${event}`));
  return (
    <tr>
      <td>
        {name} <Pill tone={tones[row.state]}>{t(`settings.webhooks.state.${row.state}`)}</Pill>
        <code className={classes.address}>{row.url}</code>
        {row.formerUntil === null ? null : <FormerSecret until={row.formerUntil} />}
      </td>
      <td>
        {row.events
          .slice(0, NAMED_EVENTS)
          .map((event) => t(`settings.webhooks.event.${event}`))
          .join(', ')}
        {more.length === 0 ? null : (
          <span title={more.join('\n')}>{` ${t('settings.apiKeys.more', { count: more.length })}`}</span>
        )}
      </td>
      <td>
        <RecordName entity="user" id={row.ownerId} />
        {row.isOwnerActive ? null : (
          <span className={classes.address}>
            <Pill tone="warn">{t('settings.webhooks.ownerInactive')}</Pill>
          </span>
        )}
      </td>
      <td>
        <LastCall row={row} />
      </td>
      <td>
        <Group gap={6} wrap="nowrap" justify="flex-end">
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t('settings.webhooks.deliveriesNamed', { name })}
            onClick={() => onDeliveries(row)}
          >
            {t('settings.webhooks.deliveries')}
          </Button>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon variant="default" size="sm" aria-label={t('settings.webhooks.actionsNamed', { name })}>
                <IconDots size={14} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => onEdit(row)}>{t('settings.webhooks.edit')}</Menu.Item>
              <Menu.Item onClick={() => onRotate(row)}>{t('settings.webhooks.rotate')}</Menu.Item>
              <Menu.Item color="red" onClick={() => onRemove(row)}>
                {t('settings.webhooks.remove')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </td>
    </tr>
  );
}

function FormerSecret({ until }: { readonly until: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <span className={classes.address}>{t('settings.webhooks.formerUntil', { until: format.instant(until) })}</span>
  );
}

function LastCall({ row }: { readonly row: Webhook }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { lastAt, lastStatus, failuresInRow, waiting } = row;
  return (
    <>
      {lastAt === null ? t('settings.apiKeys.never') : format.ago(lastAt)}
      {lastAt === null ? null : (
        <span className={classes.address}>
          {lastStatus === null
            ? t('settings.webhooks.noAnswer')
            : t('settings.webhooks.answered', { status: lastStatus })}
        </span>
      )}
      {failuresInRow === 0 ? null : (
        <span className={classes.address}>{t('settings.webhooks.failures', { count: failuresInRow })}</span>
      )}
      {waiting === 0 ? null : (
        <span className={classes.address}>{t('settings.webhooks.waiting', { count: waiting })}</span>
      )}
    </>
  );
}
