// Who one is, once more, in the middle of something else: what was typed for it stays, and goes on once that is shown.
import { Alert, Button, Group, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ProveForm } from '#renderer/features/settings/security/prove-form.tsx';
import { useOwnFactors } from '#renderer/features/settings/security/use-own-factors.ts';

export function ProveStep(props: { readonly onProved: () => void; readonly onBack: () => void }) {
  const { t } = useTranslation();
  const { own, error } = useOwnFactors();
  if (own !== null) return <ProveForm own={own} onProved={props.onProved} onBack={props.onBack} />;
  if (error === null) return null;
  return (
    <Stack gap="sm">
      <Alert color="yellow" role="alert">
        {error}
      </Alert>
      <Group>
        <Button variant="subtle" color="gray" onClick={props.onBack}>
          {t('common.back')}
        </Button>
      </Group>
    </Stack>
  );
}
