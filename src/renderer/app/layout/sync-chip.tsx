import { Button, Popover, Progress, Switch, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCloudOff, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useAttentionCount } from '#renderer/blocks/use-attention-count.ts';
import classes from './sync-chip.module.css';

type Tone = 'good' | 'busy' | 'warn' | 'off';

/** Which of the four things the chip says. Being offline goes first: it decides what the rest of the screen means, and
 * attention has its mark in the navigation as well; attention goes before work that ends by itself. */
function toneOf(status: SyncStatus, attentionCount: number): Tone {
  if (status.workOffline || status.phase === 'offline' || status.phase === 'backingOff') return 'off';
  if (attentionCount > 0) return 'warn';
  // Signed out behind a signed-in screen: the profile is still being opened, nothing is known yet.
  if (status.phase === 'pulling' || status.phase === 'pushing' || status.phase === 'signedOut') return 'busy';
  return status.phase === 'blocked' ? 'warn' : 'good';
}

const icons = { good: IconCheck, busy: IconRefresh, warn: IconAlertTriangle, off: IconCloudOff } as const;

export function SyncChip(props: { readonly onCommand: (command: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const status = useAppSelector((state) => state.device.sync);
  const attentionCount = useAttentionCount();
  if (status === null) return null;
  const tone = toneOf(status, attentionCount);
  const Icon = icons[tone];
  const label = chipLabel();

  function chipLabel(): string {
    if (status === null) return '';
    if (tone === 'warn') {
      return attentionCount > 0 ? t('sync.attention', { count: attentionCount }) : t('sync.blocked');
    }
    if (tone === 'off')
      return status.pendingCount > 0 ? t('sync.offlinePending', { count: status.pendingRecords }) : t('sync.offline');
    if (status.progress !== null) return t('sync.firstSync', { percent: percentOf(status.progress) });
    if (tone === 'busy')
      return status.pendingCount > 0 ? t('sync.syncing', { count: status.pendingRecords }) : t('sync.checking');
    return status.upToDateAt === null
      ? t('sync.upToDate')
      : t('sync.upToDateAt', { time: format.time(status.upToDateAt) });
  }

  return (
    <Popover position="bottom-end" width={300} shadow="md" trapFocus>
      <Popover.Target>
        <UnstyledButton className={classes.chip} data-tone={tone} data-testid="sync-chip" aria-live="polite">
          <Icon size={14} aria-hidden className={tone === 'busy' ? classes.spin : undefined} />
          {label}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes.details}>
          <strong>{label}</strong>
          {status.progress === null ? null : (
            <Progress value={percentOf(status.progress)} aria-label={t('sync.progress')} size="sm" />
          )}
          <p className={classes.line}>
            {status.pendingCount > 0 ? t('sync.savedHere', { count: status.pendingRecords }) : t('sync.allSent')}
          </p>
          {status.error === null ? null : (
            <p className={classes.line}>{t(`errors.${status.error.code}`, { defaultValue: status.error.message })}</p>
          )}
          <Switch
            size="sm"
            label={t('sync.workOffline')}
            checked={status.workOffline}
            onChange={(event) => void window.outpost.invoke('sync.workOffline', { on: event.currentTarget.checked })}
          />
          <div className={classes.buttons}>
            <Button variant="default" onClick={() => props.onCommand('syncNow')} disabled={status.workOffline}>
              {t('sync.now')}
            </Button>
            {attentionCount > 0 ? (
              <Button onClick={() => props.onCommand('go:/attention')}>{t('sync.openAttention')}</Button>
            ) : null}
            <Button variant="subtle" onClick={() => props.onCommand('syncDoctor')}>
              {t('sync.openDoctor')}
            </Button>
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function percentOf(progress: { readonly done: number; readonly total: number }): number {
  return progress.total === 0 ? 100 : Math.min(100, Math.floor((progress.done / progress.total) * 100));
}
