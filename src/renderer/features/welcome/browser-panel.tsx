import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The person is at the provider, in the browser of the system; this waits. */
export function BrowserPanel(props: { readonly provider: string; readonly onCancel: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md" align="center">
      <Group gap="sm" role="status" wrap="nowrap">
        <Loader size="sm" aria-hidden />
        <Text size="sm" fw={500}>
          {t('welcome.inBrowser', { provider: props.provider })}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" ta="center">
        {t('welcome.inBrowserText')}
      </Text>
      <Button variant="default" onClick={props.onCancel} autoFocus>
        {t('common.cancel')}
      </Button>
    </Stack>
  );
}
