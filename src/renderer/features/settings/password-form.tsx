import { Alert, Button, PasswordInput, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NewPasswordFields, useNewPassword } from '#renderer/blocks/new-password-fields.tsx';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import classes from './settings.module.css';

/** The own password. The server decides, so it works with a connection only, and says at which field something is wrong. */
export function PasswordForm() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [current, setCurrent] = useState('');
  const chosen = useNewPassword();
  const [isBusy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useTypedForm(current !== '' || chosen.value !== '');
  const isCurrentWrong = error !== null && toOutpostError(error).code === 'wrong_credentials';

  async function change(): Promise<void> {
    setDone(false);
    setError(null);
    if (!chosen.check() || current === '') return;
    setBusy(true);
    try {
      await invokeMain(getBridge(), 'session.changePassword', {
        currentPassword: current,
        newPassword: chosen.value,
      });
      setCurrent('');
      chosen.clear();
      setDone(true);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void change();
      }}
    >
      <Text size="sm" fw={540} component="h2">
        {t('settings.password.title')}
      </Text>
      <p className={classes.note}>{t('settings.password.text')}</p>
      {error === null || isCurrentWrong ? null : (
        <Alert color="red" role="alert">
          {errorText(error)}
        </Alert>
      )}
      <PasswordInput
        label={t('settings.password.current')}
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
        error={isCurrentWrong ? t('settings.password.wrong') : undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('welcome.showPassword') }}
      />
      <NewPasswordFields {...chosen.fields} isFirst={false} />
      <div>
        <Button type="submit" variant="default" loading={isBusy} disabled={current === ''}>
          {t('settings.password.change')}
        </Button>
      </div>
      <p role="status" className={classes.note}>
        {isDone ? t('settings.password.changed') : ''}
      </p>
    </form>
  );
}
