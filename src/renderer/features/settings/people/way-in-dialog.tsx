import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { WayInStep } from '#renderer/features/settings/people/way-in-step.tsx';

/** A way in for somebody who is a user already. What it ends is said before it is done. */
export function WayInDialog(props: {
  readonly user: { readonly id: string; readonly name: string; readonly hasPassword: boolean };
  readonly onGiven: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { id, name, hasPassword } = props.user;
  const [isConfirmed, setConfirmed] = useState(!hasPassword);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={<Text fw={600}>{t(hasPassword ? 'settings.users.renewTitle' : 'people.inviteTitle', { name })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      // The password is shown once: a click beside the dialog must not be what takes it away.
      closeOnClickOutside={false}
    >
      {isConfirmed ? (
        <WayInStep
          userId={id}
          name={name}
          isInvitation={!hasPassword}
          onGiven={props.onGiven}
          onClose={props.onClose}
        />
      ) : (
        <Stack gap="md">
          <Text size="sm">{t('settings.users.renewText', { name })}</Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose} data-autofocus>
              {t('common.cancel')}
            </Button>
            <Button onClick={() => setConfirmed(true)}>{t('settings.users.renew')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
