// A provider, new or there already. What it has to be told stands above what it tells.
import { Alert, Button, Group, Modal, PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { CopyValue } from '#renderer/features/settings/sso/copy-value.tsx';
import { MappingFields } from '#renderer/features/settings/sso/mapping-fields.tsx';
import {
  draftOf,
  providerTypes,
  startDraft,
  typeNames,
  typeOf,
  type ProviderDraft,
} from '#renderer/features/settings/sso/provider-draft.ts';
import { LdapFields, OidcFields } from '#renderer/features/settings/sso/provider-fields.tsx';
import { SamlFields } from '#renderer/features/settings/sso/saml-fields.tsx';
import { useSsoErrorText } from '#renderer/features/settings/sso/use-sso.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { Provider, SsoOverview } from '#shared/sync/sso-messages.ts';

interface DialogProps {
  readonly actor: Actor;
  /** Null: a new one. */
  readonly provider: Provider | null;
  readonly addresses: SsoOverview['addresses'];
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

export function ProviderDialog(props: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      size="lg"
      onClose={props.onClose}
      title={props.provider === null ? t('sso.add') : t('sso.editOf', { name: props.provider.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      // Typed work is not lost to a click beside the dialog.
      closeOnClickOutside={false}
    >
      <ProviderForm {...props} />
    </Modal>
  );
}

function ProviderForm({ actor, provider, addresses, onSaved, onClose }: DialogProps) {
  const { t } = useTranslation();
  const errorText = useSsoErrorText();
  const [draft, setDraft] = useState(() => (provider === null ? startDraft('google') : draftOf(provider)));
  const [secret, setSecret] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function save(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      const input = secret === '' ? draft : { ...draft, secret };
      await invokeMain(getBridge(), 'sso.save', { id: provider?.id ?? null, input });
      onSaved();
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="md">
        {provider === null ? (
          <Select
            label={t('sso.type')}
            data-autofocus
            allowDeselect={false}
            data={providerTypes.map((value) => ({ value, label: typeNames[value] }))}
            value={typeOf(draft)}
            onChange={(value) => {
              setDraft(startDraft(providerTypes.find((known) => known === value) ?? 'generic'));
              setError(null);
            }}
          />
        ) : null}
        <TextInput
          label={t('sso.name')}
          description={t('sso.nameText')}
          required
          maxLength={80}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <ToldToProvider draft={draft} addresses={addresses} />
        <KindFields provider={provider} draft={draft} onChange={setDraft} />
        {draft.kind === 'saml' ? null : (
          <PasswordInput
            label={t(`sso.secret.${draft.kind}`)}
            description={provider?.hasSecret === true ? t('sso.secret.kept') : undefined}
            autoComplete="new-password"
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('welcome.showPassword') }}
          />
        )}
        <MappingFields actor={actor} mapping={draft.mapping} onChange={(mapping) => setDraft({ ...draft, mapping })} />
        <Switch
          label={t('sso.isActive')}
          description={t('sso.isActiveText')}
          checked={draft.isActive}
          onChange={(event) => setDraft({ ...draft, isActive: event.currentTarget.checked })}
        />
        {error === null ? null : (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function KindFields(props: {
  readonly provider: Provider | null;
  readonly draft: ProviderDraft;
  readonly onChange: (draft: ProviderDraft) => void;
}) {
  const { draft, onChange } = props;
  if (draft.kind === 'oidc')
    return (
      <OidcFields
        settings={draft.settings}
        onChange={(change) => onChange({ ...draft, settings: { ...draft.settings, ...change } })}
      />
    );
  if (draft.kind === 'saml')
    return (
      <SamlFields
        saved={props.provider?.kind === 'saml' ? props.provider : null}
        settings={draft.settings}
        onChange={(change) => onChange({ ...draft, settings: { ...draft.settings, ...change } })}
      />
    );
  return (
    <LdapFields
      settings={draft.settings}
      onChange={(change) => onChange({ ...draft, settings: { ...draft.settings, ...change } })}
    />
  );
}

function ToldToProvider(props: { readonly draft: ProviderDraft; readonly addresses: SsoOverview['addresses'] }) {
  const { t } = useTranslation();
  const { draft, addresses } = props;
  if (addresses === null || draft.kind === 'ldap') return null;
  return (
    <Stack gap={6} component="section" aria-label={t('sso.toldToProvider')}>
      {draft.kind === 'oidc' ? <CopyValue label={t('sso.redirectUri')} value={addresses.oidcRedirect} /> : null}
      {draft.kind === 'saml' ? <CopyValue label={t('sso.entityId')} value={addresses.samlEntityId} /> : null}
      {draft.kind === 'saml' ? <CopyValue label={t('sso.replyAddress')} value={addresses.samlReply} /> : null}
      {draft.kind === 'saml' ? (
        <CopyValue
          label={t('sso.ownCertificate')}
          value={addresses.samlCertificate}
          shown={addresses.samlFingerprint}
        />
      ) : null}
    </Stack>
  );
}
