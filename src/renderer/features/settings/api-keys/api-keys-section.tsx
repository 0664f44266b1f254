// The user's own API keys, and how much they asked for. Programs act with them in the user's place and never beyond.
import { Alert, Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { KeyTable } from '#renderer/features/settings/api-keys/key-table.tsx';
import { NewKeyDialog } from '#renderer/features/settings/api-keys/new-key-dialog.tsx';
import { RevokeKeyDialog } from '#renderer/features/settings/api-keys/revoke-key-dialog.tsx';
import { RotateKeyDialog } from '#renderer/features/settings/api-keys/rotate-key-dialog.tsx';
import { UsageMeter } from '#renderer/features/settings/api-keys/usage-meter.tsx';
import { useApiKeys } from '#renderer/features/settings/api-keys/use-api-keys.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { ApiKey, OwnUsage } from '#shared/sync/access-messages.ts';
import classes from '../settings.module.css';

type Open = { readonly kind: 'new' } | { readonly kind: 'rotate' | 'revoke'; readonly row: ApiKey };

export function ApiKeysSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const { keys, problem, error, load, revoke } = useApiKeys(false);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const reload = (): void => void load();
  return (
    <>
      <h1>{t('settings.apiKeys.title')}</h1>
      <p className={classes.lead}>{t('settings.apiKeys.text')}</p>
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      <ServerProblem problem={problem} />
      <div className={classes.toolbar}>
        <Button size="xs" disabled={keys === null} onClick={() => setOpen({ kind: 'new' })}>
          {t('settings.apiKeys.new')}
        </Button>
      </div>
      {keys?.length === 0 ? <p className={classes.note}>{t('settings.apiKeys.none')}</p> : null}
      {keys === null || keys.length === 0 ? null : (
        <KeyTable
          keys={keys}
          showsOwner={false}
          onRevoke={(row) => setOpen({ kind: 'revoke', row })}
          onRotate={(row) => setOpen({ kind: 'rotate', row })}
        />
      )}
      <KeyUsage keys={keys} />
      {open?.kind === 'new' ? <NewKeyDialog actor={props.actor} onGiven={reload} onClose={close} /> : null}
      {open?.kind === 'rotate' ? <RotateKeyDialog row={open.row} onGiven={reload} onClose={close} /> : null}
      {open?.kind === 'revoke' ? (
        <RevokeKeyDialog row={open.row} onRevoke={() => revoke(open.row.id)} onClose={close} />
      ) : null}
    </>
  );
}

/** Says nothing where the server cannot be asked: the section above says why. */
function KeyUsage({ keys }: { readonly keys: readonly ApiKey[] | null }) {
  const { t } = useTranslation();
  const [usage, setUsage] = useState<OwnUsage | null>(null);
  // With every look at the keys: what they were used for has moved as well.
  useEffect(() => {
    if (keys === null) return undefined;
    let isWanted = true;
    invokeMain(getBridge(), 'usage.own', {}).then(
      (answer) => {
        if (isWanted) setUsage(answer);
      },
      () => setUsage(null),
    );
    return () => {
      isWanted = false;
    };
  }, [keys]);
  if (usage === null) return null;
  return (
    <section className={classes.below}>
      <h2 className={classes.subtitle}>{t('settings.apiKeys.usage')}</h2>
      <p className={classes.lead}>{t('settings.apiKeys.usageText')}</p>
      <UsageMeter title={t('settings.apiKeys.usage')} usage={usage.keys} />
    </section>
  );
}
