// A new key: a name, what it may do (of what the user may), how long, and from where.
import { Alert, Button, Checkbox, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { GivenKey } from '#renderer/features/settings/api-keys/given-key.tsx';
import { usePermissionLabel } from '#renderer/features/settings/api-keys/use-permission-label.ts';
import { useProved } from '#renderer/features/settings/security/use-proved.tsx';
import { parseRange } from '#shared/access/address-rules.ts';
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { foldText } from '#shared/query/words.ts';
import { DEFAULT_KEY_DAYS, MOST_KEY_DAYS, type GivenApiKey } from '#shared/sync/access-messages.ts';
import classes from '../settings.module.css';

const splitAddresses = (text: string): readonly string[] => text.split(/[\s,;]+/).filter((part) => part !== '');

export function NewKeyDialog(props: {
  readonly actor: Actor;
  readonly onGiven: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [given, setGiven] = useState<GivenApiKey | null>(null);
  return (
    <Modal
      opened
      size="lg"
      onClose={props.onClose}
      title={<Text fw={600}>{t(given === null ? 'settings.apiKeys.newTitle' : 'settings.apiKeys.givenTitle')}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      // The key is shown once: a click beside the dialog must not be what takes it away.
      closeOnClickOutside={false}
      closeOnEscape={given === null}
    >
      {given === null ? (
        <NewKeyForm
          {...props}
          onGiven={(answer) => {
            setGiven(answer);
            props.onGiven();
          }}
        />
      ) : (
        <GivenKey given={given} onClose={props.onClose} />
      )}
    </Modal>
  );
}

function NewKeyForm(props: {
  readonly actor: Actor;
  readonly onGiven: (given: GivenApiKey) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState<readonly string[]>([]);
  const [days, setDays] = useState<number | string>(DEFAULT_KEY_DAYS);
  const [addressText, setAddressText] = useState('');
  const addresses = splitAddresses(addressText);
  const wrong = addresses.find((range) => parseRange(range) === null);
  const isReady = name.trim() !== '' && permissions.length > 0 && typeof days === 'number' && wrong === undefined;

  const problemOf = (failure: unknown): string => {
    const isForOthers = failure instanceof OutpostError && failure.details['reason'] === 'keysForAdministrators';
    return isForOthers ? t('settings.apiKeys.forAdministrators') : errorText(failure);
  };
  const { run, error, proof } = useProved(async () => {
    const wish = { name, permissions: [...permissions], expiresInDays: Number(days), addresses: [...addresses] };
    props.onGiven(await invokeMain(getBridge(), 'keys.create', wish));
  }, problemOf);

  if (proof !== null) return proof;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) run();
      }}
    >
      <Stack gap="md">
        {error === null ? null : (
          <Alert color="yellow" role="alert">
            {error}
          </Alert>
        )}
        <TextInput
          label={t('settings.apiKeys.name')}
          description={t('settings.apiKeys.nameText')}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          data-autofocus
        />
        <ScopeChoice held={props.actor.permissions} chosen={permissions} onChange={setPermissions} />
        <Group align="flex-start" grow>
          <NumberInput
            label={t('settings.apiKeys.days')}
            description={t('settings.apiKeys.daysText', { most: MOST_KEY_DAYS })}
            value={days}
            onChange={setDays}
            min={1}
            max={MOST_KEY_DAYS}
            allowDecimal={false}
          />
          <TextInput
            label={t('settings.apiKeys.addresses')}
            description={t('settings.apiKeys.addressesText')}
            value={addressText}
            placeholder="203.0.113.0/24"
            error={wrong === undefined ? undefined : t('settings.reach.notARange', { range: wrong })}
            onChange={(event) => setAddressText(event.currentTarget.value)}
          />
        </Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" disabled={!isReady}>
            {t('settings.apiKeys.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Of what the user may: what the key may. */
function ScopeChoice(props: {
  readonly held: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (permissions: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  const labelOf = usePermissionLabel();
  const [search, setSearch] = useState('');
  const { held, chosen, onChange } = props;
  const shown = held.filter((name) => foldText(`${labelOf(name)} ${name}`).includes(foldText(search)));
  return (
    <fieldset className={classes.scopes}>
      <legend>{t('settings.apiKeys.scopes')}</legend>
      <p className={classes.note}>{t('settings.apiKeys.scopesText')}</p>
      <TextInput
        size="xs"
        my={8}
        placeholder={t('settings.roles.search')}
        aria-label={t('settings.roles.search')}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <div className={classes.scopeList}>
        {shown.map((name) => (
          <Checkbox
            key={name}
            size="xs"
            label={labelOf(name)}
            title={name}
            checked={chosen.includes(name)}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? [...chosen, name] : chosen.filter((other) => other !== name))
            }
          />
        ))}
        {shown.length === 0 ? <p className={classes.note}>{t('common.nothingFound')}</p> : null}
      </div>
      <p role="status" className={classes.note}>
        {t('settings.apiKeys.chosen', { count: chosen.length })}
      </p>
    </fieldset>
  );
}
