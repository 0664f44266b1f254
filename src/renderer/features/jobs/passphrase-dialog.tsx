import { Alert, Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { useChange } from '#renderer/blocks/use-change.ts';
import { MIN_BACKUP_PASSPHRASE } from '#shared/ipc/backup-channels.ts';

/** A passphrase for backups, typed twice. */
export function PassphraseDialog(props: { readonly onClose: () => void; readonly onSaved: () => void }) {
  const { t } = useTranslation();
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const { change, isRunning, error } = useChange(() => {
    props.onSaved();
    props.onClose();
  });
  const isShort = passphrase.length < MIN_BACKUP_PASSPHRASE;
  const differs = again !== '' && again !== passphrase;
  return (
    <FormDialog
      isOpen
      title={t('localJobs.backups.passphraseTitle')}
      isTyped={passphrase !== '' || again !== ''}
      onClose={props.onClose}
    >
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!isShort && passphrase === again) void change('backups.setPassphrase', { passphrase });
          }}
        >
          <Stack gap="sm">
            <Text size="sm">{t('localJobs.backups.passphraseHelp', { least: MIN_BACKUP_PASSPHRASE })}</Text>
            <PasswordInput
              label={t('localJobs.backups.passphrase')}
              data-autofocus
              autoComplete="new-password"
              value={passphrase}
              error={
                passphrase !== '' && isShort ? t('localJobs.backups.tooShort', { least: MIN_BACKUP_PASSPHRASE }) : null
              }
              onChange={(event) => setPassphrase(event.currentTarget.value)}
            />
            <PasswordInput
              label={t('localJobs.backups.passphraseAgain')}
              autoComplete="new-password"
              value={again}
              error={differs ? t('localJobs.backups.differs') : null}
              onChange={(event) => setAgain(event.currentTarget.value)}
            />
            {error === null ? null : (
              <Alert color="yellow" role="alert">
                {error}
              </Alert>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={isRunning} disabled={isShort || passphrase !== again}>
                {t('common.save')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
