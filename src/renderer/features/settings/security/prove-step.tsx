// Who one is, once more, in the middle of something else: what was typed for it stays, and goes on once that is shown.
import { Button, Group, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { ProveForm } from '#renderer/features/settings/security/prove-form.tsx';
import { useOwnFactors } from '#renderer/features/settings/security/use-own-factors.ts';

export function ProveStep(props: { readonly onProved: () => void; readonly onBack: () => void }) {
  const { t } = useTranslation();
  const { own, problem } = useOwnFactors();
  if (own !== null) return <ProveForm own={own} onProved={props.onProved} onBack={props.onBack} />;
  if (problem === null) return null;
  return (
    <Stack gap="sm">
      <ServerProblem problem={problem} />
      <Group>
        <Button variant="subtle" color="gray" onClick={props.onBack}>
          {t('common.back')}
        </Button>
      </Group>
    </Stack>
  );
}
