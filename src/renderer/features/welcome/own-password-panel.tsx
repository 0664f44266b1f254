import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { NewPasswordFields, useNewPassword } from '#renderer/blocks/new-password-fields.tsx';

/** After a one-time password, or one that is not good enough: the person chooses an own one. Nothing is opened before. */
export function OwnPasswordPanel(props: {
  /** Why another one is chosen; by default because it was a one-time one. */
  readonly text?: string;
  readonly error: string | null;
  readonly isBusy: boolean;
  readonly onChoose: (newPassword: string) => void;
  readonly onBack: () => void;
}) {
  const { t } = useTranslation();
  const chosen = useNewPassword();
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.check()) props.onChoose(chosen.value);
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{props.text ?? t('welcome.chooseOwn')}</Text>
        {props.error === null ? null : (
          <Alert color="red" role="alert">
            {props.error}
          </Alert>
        )}
        <NewPasswordFields {...chosen.fields} isFirst />
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
