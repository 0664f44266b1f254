import { Alert, Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const SHORTEST = 10;

/** After a one-time password: the person chooses an own one. Nothing is opened before. */
export function OwnPasswordPanel(props: {
  readonly error: string | null;
  readonly isBusy: boolean;
  readonly onChoose: (newPassword: string) => void;
  readonly onBack: () => void;
}) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [isTried, setTried] = useState(false);
  const isShort = password.length < SHORTEST;
  const isDifferent = password !== repeated;
  const toggle = { 'aria-label': t('welcome.showPassword') };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!isShort && !isDifferent) props.onChoose(password);
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('welcome.chooseOwn')}</Text>
        {props.error === null ? null : (
          <Alert color="red" role="alert">
            {props.error}
          </Alert>
        )}
        <PasswordInput
          label={t('welcome.newPassword')}
          description={<span className="op-muted">{t('welcome.newPasswordHint')}</span>}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={isTried && isShort ? t('welcome.passwordShort') : undefined}
          autoFocus
          visibilityToggleButtonProps={toggle}
        />
        <PasswordInput
          label={t('welcome.repeatPassword')}
          autoComplete="new-password"
          value={repeated}
          onChange={(event) => setRepeated(event.currentTarget.value)}
          error={isTried && !isShort && isDifferent ? t('welcome.passwordsDiffer') : undefined}
          visibilityToggleButtonProps={toggle}
        />
        <Group justify="space-between" mt={4}>
          <Button variant="subtle" color="gray" onClick={props.onBack}>
            {t('common.back')}
          </Button>
          <Button type="submit" size="sm" loading={props.isBusy}>
            {t('welcome.saveAndSignIn')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
