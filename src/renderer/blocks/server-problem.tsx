import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ReadProblem } from '#renderer/blocks/use-server-read.ts';

/** Why what the server keeps is not shown: calmly when it is only away, since it comes by itself. */
export function ServerProblem({ problem }: { readonly problem: ReadProblem | null }) {
  const { t } = useTranslation();
  if (problem === null) return null;
  if (problem.isAway)
    return (
      <p className="op-muted" role="status">
        {t('common.onServer')}
      </p>
    );
  return (
    <Alert color="yellow" mb="md" role="alert">
      {problem.text}
    </Alert>
  );
}
