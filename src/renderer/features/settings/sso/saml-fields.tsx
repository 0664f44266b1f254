// What a SAML provider publishes of itself, read by its address, from a file or typed, and what stands in its assertions.
import { Stack } from '@mantine/core';
import { useState } from 'react';
import type { SamlProvider } from '#renderer/features/settings/sso/provider-draft.ts';
import { KeyList, ReadMetadata } from '#renderer/features/settings/sso/read-metadata.tsx';
import { SettingText, type Fields } from '#renderer/features/settings/sso/provider-fields.tsx';
import type { ProviderKey, SamlSettings } from '#shared/sync/sso-messages.ts';

export function SamlFields(props: Fields<SamlSettings> & { readonly saved: SamlProvider | null }) {
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
        onFound={({ entityId, entryPoint, certificates, keys: found }, metadataAddress) => {
          setRead({ of: certificates, keys: found });
          onChange({ metadataAddress, idpIssuer: entityId, entryPoint, certificates });
        }}
        onStop={() => onChange({ metadataAddress: '' })}
      />
      <SettingText {...field} name="entryPoint" isRequired isFixed={isFollowed} />
      <SettingText {...field} name="idpIssuer" isRequired isFixed={isFollowed} />
      {isFollowed ? null : <SettingText {...field} name="certificates" isRequired lines={3} />}
      <KeyList keys={keys} />
      <SettingText {...field} name="emailAttribute" help="samlEmail" />
      <SettingText {...field} name="nameAttribute" />
      <SettingText {...field} name="groupsAttribute" />
    </Stack>
  );
}
