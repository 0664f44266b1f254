// The own domains: named, verified by the DNS, and whether people of them may use passwords.
import { Badge, Button, Group, Stack, Switch, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { ConfirmButton } from '#renderer/features/settings/sso/confirm-button.tsx';
import { CopyValue } from '#renderer/features/settings/sso/copy-value.tsx';
import type { SsoSetup } from '#renderer/features/settings/sso/use-sso.ts';
import type { OwnDomain, SsoOverview } from '#shared/sync/sso-messages.ts';
import classes from '../settings.module.css';

export function DomainList(props: { readonly setup: SsoOverview; readonly sso: SsoSetup }) {
  const { t } = useTranslation();
  const [domain, setDomain] = useState('');
  const { setup, sso } = props;

  async function add(): Promise<void> {
    if (await sso.run(() => invokeMain(getBridge(), 'sso.addDomain', { domain }))) setDomain('');
  }

  return (
    <section aria-labelledby="sso-domains">
      <h2 id="sso-domains" className={classes.subtitle}>
        {t('sso.domains')}
      </h2>
      <p className={classes.lead}>{t('sso.domainsText')}</p>
      {setup.domains.length === 0 ? null : (
        <table className={classes.table} aria-labelledby="sso-domains">
          <thead>
            <tr>
              <th scope="col">{t('sso.domain')}</th>
              <th scope="col">{t('sso.state')}</th>
              <th scope="col">{t('sso.passwords')}</th>
              <th scope="col">{t('sso.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {setup.domains.map((own) => (
              <DomainRow key={own.domain} own={own} sso={sso} />
            ))}
          </tbody>
        </table>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <Group gap="xs" align="flex-end" mt="sm" mb="lg">
          <TextInput
            label={t('sso.newDomain')}
            placeholder="example.com"
            required
            maxLength={253}
            value={domain}
            onChange={(event) => setDomain(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={sso.isBusy}>
            {t('sso.addDomain')}
          </Button>
        </Group>
      </form>
    </section>
  );
}

function DomainRow({ own, sso }: { readonly own: OwnDomain; readonly sso: SsoSetup }) {
  const { t } = useTranslation();
  const { domain } = own;
  return (
    <tr>
      <td>{domain}</td>
      <td>
        {own.verifiedAt === null ? (
          <Stack gap={6} py={6}>
            <CopyValue label={t('sso.recordName')} value={own.recordName} />
            <CopyValue label={t('sso.recordText')} value={own.recordText} />
            <Button
              size="xs"
              variant="default"
              style={{ alignSelf: 'flex-start' }}
              aria-label={t('sso.verifyOf', { domain })}
              onClick={() => void sso.run(() => invokeMain(getBridge(), 'sso.verifyDomain', { domain }))}
            >
              {t('sso.verify')}
            </Button>
          </Stack>
        ) : (
          <Badge variant="default" size="sm" tt="none" fw={500}>
            {t('sso.verified')}
          </Badge>
        )}
      </td>
      <td>
        <Switch
          aria-label={t('sso.passwordsOf', { domain })}
          label={own.passwordOff ? t('sso.passwordsOff') : t('sso.passwordsOn')}
          checked={!own.passwordOff}
          disabled={own.verifiedAt === null}
          onChange={(event) => {
            const passwordOff = !event.currentTarget.checked;
            void sso.run(() => invokeMain(getBridge(), 'sso.switchPassword', { domain, passwordOff }));
          }}
        />
      </td>
      <td>
        <ConfirmButton
          label={t('sso.removeOf', { name: domain })}
          text={t('sso.removeDomainText', { domain })}
          icon={<IconTrash size={14} aria-hidden />}
          onConfirm={() => void sso.run(() => invokeMain(getBridge(), 'sso.removeDomain', { domain }))}
        />
      </td>
    </tr>
  );
}
