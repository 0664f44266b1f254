import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';

/** Takes an invitation back that nobody accepted; says what came of it. */
export function useWithdrawInvitation(onDone: () => void): (userId: string, name: string) => Promise<void> {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return useCallback(
    async (userId, name) => {
      const closeButtonProps = { 'aria-label': t('common.close') };
      try {
        await invokeMain(getBridge(), 'users.withdrawInvitation', { userId });
        notifications.show({ message: t('people.withdrawn', { name }), closeButtonProps });
        onDone();
      } catch (failure) {
        notifications.show({ color: 'red', message: errorText(failure), closeButtonProps });
      }
    },
    [t, errorText, onDone],
  );
}
