import { Badge, Button, Group } from '@mantine/core';
import { IconFlask, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { ConfirmButton } from '#renderer/features/settings/sso/confirm-button.tsx';
import { ProviderDialog } from '#renderer/features/settings/sso/provider-dialog.tsx';
import { typeNames, typeOf } from '#renderer/features/settings/sso/provider-draft.ts';
import { ProviderTest } from '#renderer/features/settings/sso/provider-test.tsx';
import type { SsoSetup } from '#renderer/features/settings/sso/use-sso.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { Provider, SsoOverview } from '#shared/sync/sso-messages.ts';
import classes from '../settings.module.css';

type Shown =
  | { readonly kind: 'edit'; readonly provider: Provider | null }
  | { readonly kind: 'test'; readonly provider: Provider };

export function ProviderList(props: { readonly actor: Actor; readonly setup: SsoOverview; readonly sso: SsoSetup }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown | null>(null);
  const { setup, sso } = props;
  const close = (): void => {
    setShown(null);
    sso.reload();
  };
  return (
    <section aria-labelledby="sso-providers">
      <Group mb="xs">
        <h2 id="sso-providers" className={classes.subtitle}>
          {t('sso.providers')}
        </h2>
        <div style={{ flex: 1 }} />
        <Button
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => setShown({ kind: 'edit', provider: null })}
        >
          {t('sso.add')}
        </Button>
      </Group>
      {setup.providers.length === 0 ? <p className={classes.lead}>{t('sso.noProvider')}</p> : null}
      {setup.providers.length === 0 ? null : (
        <table className={classes.table} aria-labelledby="sso-providers">
          <thead>
            <tr>
              <th scope="col">{t('sso.name')}</th>
              <th scope="col">{t('sso.type')}</th>
              <th scope="col">{t('sso.state')}</th>
              <th scope="col">{t('sso.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {setup.providers.map((provider) => (
              <tr key={provider.id}>
                <td>{provider.name}</td>
                <td>{typeNames[typeOf(provider)]}</td>
                <td>
                  <States provider={provider} />
                </td>
                <td>
                  <Group gap={6} wrap="nowrap">
                    <Button
                      size="xs"
                      variant="default"
                      leftSection={<IconFlask size={14} aria-hidden />}
                      aria-label={t('sso.testOf', { name: provider.name })}
                      onClick={() => setShown({ kind: 'test', provider })}
                    >
                      {t('sso.testIt')}
                    </Button>
                    <Button
                      size="xs"
                      variant="default"
                      leftSection={<IconPencil size={14} aria-hidden />}
                      aria-label={t('sso.editOf', { name: provider.name })}
                      onClick={() => setShown({ kind: 'edit', provider })}
                    >
                      {t('sso.edit')}
                    </Button>
                    <ConfirmButton
                      label={t('sso.removeOf', { name: provider.name })}
                      text={t('sso.removeText', { name: provider.name })}
                      icon={<IconTrash size={14} aria-hidden />}
                      onConfirm={() => void sso.run(() => invokeMain(getBridge(), 'sso.remove', { id: provider.id }))}
                    />
                  </Group>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shown?.kind === 'edit' ? (
        <ProviderDialog
          actor={props.actor}
          provider={shown.provider}
          addresses={setup.addresses}
          onSaved={close}
          onClose={close}
        />
      ) : null}
      {shown?.kind === 'test' ? <ProviderTest provider={shown.provider} onClose={close} /> : null}
    </section>
  );
}

function States({ provider }: { readonly provider: Provider }) {
  const { t } = useTranslation();
  return (
    <Group gap={6}>
      <Badge variant="default" size="sm" tt="none" fw={500}>
        {provider.isActive ? t('sso.on') : t('sso.off')}
      </Badge>
      <Badge variant="default" size="sm" tt="none" fw={500}>
        {provider.testedAt === null ? t('sso.untested') : t('sso.tested')}
      </Badge>
    </Group>
  );
}
