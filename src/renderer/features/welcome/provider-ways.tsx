import { Anchor, Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AddressWays } from '#shared/sync/sso-messages.ts';

type ProviderWay = AddressWays['providers'][number];

/** The providers of the organization, and the way to a password for whoever has one. */
export function ProviderWays(props: {
  readonly ways: AddressWays;
  readonly usesPassword: boolean;
  readonly isBusy: boolean;
  readonly onBrowser: (provider: ProviderWay) => void;
  readonly onUsePassword: (uses: boolean) => void;
}) {
  const { t } = useTranslation();
  const { ways, usesPassword } = props;
  const inBrowser = usesPassword ? [] : ways.providers.filter(({ kind }) => kind !== 'ldap');
  return (
    <Stack gap="xs">
      {inBrowser.map((provider, index) => (
        <Button
          key={provider.id}
          variant={index === 0 ? 'filled' : 'default'}
          loading={props.isBusy}
          onClick={() => props.onBrowser(provider)}
          autoFocus={index === 0}
        >
          {t('welcome.signInWith', { provider: provider.name })}
        </Button>
      ))}
      <Anchor component="button" type="button" size="sm" ta="center" onClick={() => props.onUsePassword(!usesPassword)}>
        {usesPassword ? t('welcome.useProvider') : t('welcome.usePassword')}
      </Anchor>
    </Stack>
  );
}
