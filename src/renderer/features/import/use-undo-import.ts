import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useRequest } from '#renderer/data/use-data.ts';

/** Takes an import back; says why when it cannot be. */
export function useUndoImport(): (importId: string) => void {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const request = useRequest();
  return (importId) => {
    request('undoImport', { importId }).catch((failure: unknown) =>
      notifications.show({
        color: 'red',
        title: t('import.notUndone'),
        message: errorText(failure),
        closeButtonProps: { 'aria-label': t('common.close') },
      }),
    );
  };
}
