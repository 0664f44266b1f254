// What a SAML provider publishes of itself, read by its address, from a file or typed, and what stands in its assertions.
import { Stack, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SamlProvider } from '#renderer/features/settings/sso/provider-draft.ts';
import { KeyList, ReadMetadata } from '#renderer/features/settings/sso/read-metadata.tsx';
import { SettingText, type Fields } from '#renderer/features/settings/sso/provider-fields.tsx';
import type { ProviderKey, SamlSettings } from '#shared/sync/sso-messages.ts';

export function SamlFields(props: Fields<SamlSettings> & { readonly saved: SamlProvider | null }) {
  const { t } = useTranslation();
  const { saved, settings, onChange } = props;
  const field = { settings, onChange };
  const isFollowed = settings.metadataAddress !== '';
  /** Of certificates that were read and not saved yet. */
  const [read, setRead] = useState<{ readonly of: string; readonly keys: readonly ProviderKey[] } | null>(null);
  const known = saved === null ? [] : [{ of: saved.settings.certificates, keys: saved.keys }];
  const keys =
    [...(read === null ? [] : [read]), ...known].find((each) => each.of === settings.certificates)?.keys ?? [];
  return (
    <Stack gap="sm">
      <ReadMetadata
        settings={settings}
        saved={saved}
        onFound={({ entityId, entryPoint, certificates, keys: found, wantsSignedRequests }, metadataAddress) => {
          setRead({ of: certificates, keys: found });
          const signsRequests = settings.signsRequests || wantsSignedRequests;
          onChange({ metadataAddress, idpIssuer: entityId, entryPoint, certificates, signsRequests });
        }}
        onStop={() => onChange({ metadataAddress: '' })}
      />
      <SettingText {...field} name="entryPoint" isRequired isFixed={isFollowed} />
      <SettingText {...field} name="idpIssuer" isRequired isFixed={isFollowed} />
      {isFollowed ? null : <SettingText {...field} name="certificates" isRequired lines={3} />}
      <KeyList keys={keys} />
      {(['encryptedOnly', 'signsRequests'] as const).map((name) => (
        <Switch
          key={name}
          label={t(`sso.fields.${name}`)}
          description={t(`sso.help.${name}`)}
          checked={settings[name]}
          onChange={(event) => onChange({ [name]: event.currentTarget.checked })}
        />
      ))}
      <SettingText {...field} name="emailAttribute" help="samlEmail" />
      <SettingText {...field} name="nameAttribute" />
      <SettingText {...field} name="groupsAttribute" />
    </Stack>
  );
}
