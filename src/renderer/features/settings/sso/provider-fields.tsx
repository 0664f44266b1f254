// The fields that differ from one kind of provider to the next.
import { Checkbox, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ldapSecurity, type LdapSettings, type OidcSettings } from '#shared/sync/sso-messages.ts';

export interface Fields<Settings> {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
}

interface TextField<Settings> extends Fields<Settings> {
  readonly name: keyof Settings & string;
  readonly isRequired?: boolean;
  readonly lines?: number;
  /** Name of the help, where it is not that of the field. */
  readonly help?: string;
  readonly isFixed?: boolean;
}

/** Label, and help where there is one, by the name of the field. */
export function SettingText<Settings>(props: TextField<Settings>) {
  const { settings, onChange, name, isRequired = false, lines, help = name, isFixed = false } = props;
  const { t } = useTranslation();
  const value = settings[name];
  const shared = {
    label: t(`sso.fields.${name}`),
    description: t(`sso.help.${help}`, { defaultValue: '' }) || undefined,
    required: isRequired && !isFixed,
    readOnly: isFixed,
    variant: isFixed ? 'filled' : 'default',
    value: typeof value === 'string' ? value : '',
  };
  const take = (text: string): void => onChange({ [name]: text } as Partial<Settings>);
  return lines === undefined ? (
    <TextInput {...shared} autoComplete="off" onChange={(event) => take(event.currentTarget.value)} />
  ) : (
    <Textarea
      {...shared}
      autosize
      minRows={lines}
      maxRows={8}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
      onChange={(event) => take(event.currentTarget.value)}
    />
  );
}

export function OidcFields({ settings, onChange }: Fields<OidcSettings>) {
  const { t } = useTranslation();
  const field = { settings, onChange };
  return (
    <Stack gap="sm">
      <SettingText {...field} name="issuer" isRequired />
      <SettingText {...field} name="clientId" isRequired />
      <SettingText {...field} name="scopes" />
      <SettingText {...field} name="groupsClaim" />
      <Checkbox
        label={t('sso.fields.emailsAreVerified')}
        description={t('sso.help.emailsAreVerified')}
        checked={settings.emailsAreVerified}
        onChange={(event) => onChange({ emailsAreVerified: event.currentTarget.checked })}
      />
    </Stack>
  );
}

export function LdapFields({ settings, onChange }: Fields<LdapSettings>) {
  const { t } = useTranslation();
  const field = { settings, onChange };
  return (
    <Stack gap="sm">
      <SettingText {...field} name="host" isRequired />
      <Select
        label={t('sso.fields.security')}
        allowDeselect={false}
        data={ldapSecurity.map((value) => ({ value, label: t(`sso.security.${value}`) }))}
        value={settings.security}
        onChange={(value) => {
          const security = ldapSecurity.find((known) => known === value) ?? 'tls';
          onChange({ security, port: security === 'tls' ? 636 : 389 });
        }}
      />
      <NumberInput
        label={t('sso.fields.port')}
        min={1}
        max={65_535}
        hideControls
        value={settings.port}
        onChange={(value) => onChange({ port: Number(value) || 0 })}
      />
      <SettingText {...field} name="authority" lines={2} />
      <SettingText {...field} name="bindDn" />
      <SettingText {...field} name="baseDn" isRequired />
      <SettingText {...field} name="userFilter" isRequired />
      <SettingText {...field} name="idAttribute" isRequired />
      <SettingText {...field} name="emailAttribute" isRequired />
      <SettingText {...field} name="nameAttribute" isRequired />
      <SettingText {...field} name="groupBaseDn" />
      <SettingText {...field} name="groupFilter" />
    </Stack>
  );
}
