// Who may have API keys, and the keys of everybody: an administrator sees what programs can do here, and ends it.
import { Alert, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { KeyTable } from '#renderer/features/settings/api-keys/key-table.tsx';
import { RevokeKeyDialog } from '#renderer/features/settings/api-keys/revoke-key-dialog.tsx';
import { useApiKeys } from '#renderer/features/settings/api-keys/use-api-keys.ts';
import type { AccessRulesBook } from '#renderer/features/settings/reach/use-access-rules.ts';
import type { AccessRulesState, ApiKey } from '#shared/sync/access-messages.ts';
import classes from '../settings.module.css';

export function AllKeys(props: { readonly state: AccessRulesState; readonly save: AccessRulesBook['save'] }) {
  const { t } = useTranslation();
  const { keys, problem, error, revoke } = useApiKeys(true);
  const [open, setOpen] = useState<ApiKey | null>(null);
  const [saveError, setSaveError] = useState<string | null>(null);
  const shownError = error ?? saveError;
  return (
    <section className={classes.below}>
      <h2 className={classes.subtitle}>{t('settings.reach.allKeys')}</h2>
      <p className={classes.lead}>{t('settings.reach.allKeysText')}</p>
      {shownError === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {shownError}
        </Alert>
      )}
      <ServerProblem problem={problem} />
      <Select
        label={t('settings.reach.keysFor')}
        w={320}
        mb="md"
        allowDeselect={false}
        data={(['everyone', 'administrators'] as const).map((value) => ({
          value,
          label: t(`settings.reach.keysForWhom.${value}`),
        }))}
        value={props.state.rules.keysFor}
        onChange={(value) => {
          const keysFor = value === 'administrators' ? 'administrators' : 'everyone';
          void props.save({ keysFor }).then((saved) => setSaveError(saved.error));
        }}
      />
      {keys?.length === 0 ? <p className={classes.note}>{t('settings.reach.noKeys')}</p> : null}
      {keys === null || keys.length === 0 ? null : <KeyTable keys={keys} showsOwner onRevoke={setOpen} />}
      {open === null ? null : (
        <RevokeKeyDialog row={open} onRevoke={() => revoke(open.id)} onClose={() => setOpen(null)} />
      )}
    </section>
  );
}
