// Before anything is brought back: when the backup was made, what it holds, what is here already, and what will happen.
import { Alert, Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { BackupPreview } from '#shared/ipc/backup-channels.ts';
import classes from './jobs.module.css';

export type OpenedBackup =
  | { readonly is: 'open'; readonly preview: BackupPreview }
  /** It was made on another computer and opens with its passphrase. */
  | { readonly is: 'closed' };

export function RestoreDialog(props: {
  readonly opened: OpenedBackup;
  readonly onOpened: (opened: OpenedBackup) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { opened, onOpened, onClose } = props;
  return (
    <Modal
      opened
      onClose={onClose}
      size="md"
      title={<Text fw={600}>{t('localJobs.backups.restoreTitle')}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {opened.is === 'open' ? (
        <Preview key={opened.preview.id} preview={opened.preview} onClose={onClose} />
      ) : (
        <AskPassphrase onPreview={(preview) => onOpened({ is: 'open', preview })} onClose={onClose} />
      )}
    </Modal>
  );
}

function useWork() {
  const errorText = useErrorText();
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  async function work(task: () => Promise<void>): Promise<void> {
    setRunning(true);
    setError(null);
    try {
      await task();
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setRunning(false);
    }
  }
  return { work, isRunning, error };
}

function AskPassphrase(props: { readonly onPreview: (preview: BackupPreview) => void; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [passphrase, setPassphrase] = useState('');
  const { work, isRunning, error } = useWork();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void work(async () => props.onPreview(await invokeMain(getBridge(), 'backups.open', { passphrase })));
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('errors.backup_passphrase')}</Text>
        <PasswordInput
          label={t('localJobs.backups.passphrase')}
          data-autofocus
          autoComplete="off"
          value={passphrase}
          error={error}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={isRunning} disabled={passphrase === ''}>
            {t('localJobs.backups.open')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Preview(props: { readonly preview: BackupPreview; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const { id, at, changes, items, here, sent, back, kinds } = props.preview;
  const { work, isRunning, error } = useWork();
  const [came, setCame] = useState<number | null>(null);
  if (came !== null)
    return (
      <Stack gap="sm">
        <Text size="sm" role="status">
          {t('localJobs.backups.came', { count: came })}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('common.close')}
          </Button>
          <Button
            data-autofocus
            onClick={() => {
              void invokeMain(getBridge(), 'window.showRecord', { path: '/attention' });
              props.onClose();
            }}
          >
            {t('localJobs.backups.lookAtThem')}
          </Button>
        </Group>
      </Stack>
    );
  const facts = [
    ['made', format.instant(at)],
    ['holds', t('localJobs.backups.holdsText', { changes, items })],
    ['here', format.number(here)],
    ['sent', format.number(sent)],
    ['back', format.number(back)],
  ] as const;
  return (
    <Stack gap="sm">
      <dl className={classes.facts}>
        {facts.map(([key, value]) => (
          <div key={key} data-fact={key}>
            <dt>{t(`localJobs.backups.facts.${key}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {kinds.length === 0 ? null : (
        <ul className={classes.kinds}>
          {kinds.slice(0, 6).map(({ entity, command, count }) => {
            const found = entityOf(entity);
            const subject = found === undefined ? entity : names.entities(found);
            return (
              <li key={`${entity} ${command}`}>
                {format.number(count)} × {subject}: {t(`commands.${command}`, { defaultValue: command })}
              </li>
            );
          })}
        </ul>
      )}
      <Text size="sm">{t(back === 0 ? 'localJobs.backups.nothingBack' : 'localJobs.backups.happens')}</Text>
      {error === null ? null : (
        <Alert color="yellow" role="alert">
          {error}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={props.onClose}>
          {t(back === 0 ? 'common.close' : 'common.cancel')}
        </Button>
        {back === 0 ? null : (
          <Button
            loading={isRunning}
            onClick={() =>
              void work(async () => setCame((await invokeMain(getBridge(), 'backups.restore', { id })).back))
            }
          >
            {t('localJobs.backups.bringBack', { count: back })}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
