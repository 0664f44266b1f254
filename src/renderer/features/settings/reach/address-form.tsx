// From where the organization lets people and programs in. Whoever would shut out themselves is told before it is saved.
import { Alert, Button, Checkbox, Group, Switch, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import type { AccessRulesBook } from '#renderer/features/settings/reach/use-access-rules.ts';
import { isAddressAllowed, parseRange } from '#shared/access/address-rules.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { MOST_ADDRESS_ENTRIES, type AccessRules, type AccessRulesState } from '#shared/sync/access-messages.ts';
import classes from '../settings.module.css';

type Addresses = AccessRules['addresses'];

export function AddressForm(props: { readonly state: AccessRulesState; readonly save: AccessRulesBook['save'] }) {
  const { t } = useTranslation();
  const { state, save } = props;
  const [edited, setEdited] = useState<Addresses | null>(null);
  const [isMeant, setMeant] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [isDone, setDone] = useState(false);
  const shown = edited ?? state.rules.addresses;
  const entries = shown.entries.filter(({ range }) => range.trim() !== '');
  const wished = { ...shown, entries: entries.map(({ range, note }) => ({ range: range.trim(), note })) };
  const isValid = entries.every(({ range }) => parseRange(range) !== null) && (!shown.isOn || entries.length > 0);
  const isLockOut = isValid && !isAddressAllowed(wished, 'devices', state.yourAddress);
  const isChanged = !isJsonEqual(wished, state.rules.addresses);
  useTypedForm(edited !== null && isChanged);

  function change(part: Partial<Addresses>): void {
    setEdited({ ...shown, ...part });
    setDone(false);
    setMeant(false);
  }

  async function submit(): Promise<void> {
    setDone(false);
    const saved = await save({ addresses: wished }, isMeant);
    setError(saved.error);
    if (saved.error !== null || saved.isLockOut) return;
    setEdited(null);
    setDone(true);
  }

  return (
    <form
      className={classes.below}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2 className={classes.subtitle}>{t('settings.reach.addresses')}</h2>
      <p className={classes.lead}>{t('settings.reach.addressesText')}</p>
      <YourAddress state={state} />
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      <Switch
        label={t('settings.reach.isOn')}
        checked={shown.isOn}
        onChange={(event) => change({ isOn: event.currentTarget.checked })}
        mb="sm"
      />
      <Group gap="lg" mb="sm">
        <Checkbox
          label={t('settings.reach.devices')}
          checked={shown.devices}
          onChange={(event) => change({ devices: event.currentTarget.checked })}
        />
        <Checkbox
          label={t('settings.reach.keys')}
          checked={shown.keys}
          onChange={(event) => change({ keys: event.currentTarget.checked })}
        />
      </Group>
      <Entries addresses={shown} yourAddress={state.yourAddress} onChange={(next) => change({ entries: next })} />
      {isLockOut ? <LockOutWarning address={state.yourAddress} isMeant={isMeant} onChange={setMeant} /> : null}
      <Group gap="sm" mt="md">
        <Button
          type="submit"
          size="sm"
          disabled={!isChanged || !isValid || (isLockOut && !isMeant)}
          aria-label={t('settings.offline.saveNamed', { what: t('settings.reach.addresses') })}
        >
          {t('settings.offline.save')}
        </Button>
        <span role="status">{isDone ? t('settings.reach.saved') : ''}</span>
      </Group>
    </form>
  );
}

function YourAddress({ state }: { readonly state: AccessRulesState }) {
  const { t } = useTranslation();
  return (
    <>
      <p className={classes.note}>
        {t('settings.reach.yourAddress')} <code>{state.yourAddress}</code>
      </p>
      {state.isBehindUnknownProxy ? (
        <Alert color="yellow" my="sm">
          {t('settings.reach.unknownProxy')}
        </Alert>
      ) : null}
    </>
  );
}

function LockOutWarning(props: {
  readonly address: string;
  readonly isMeant: boolean;
  readonly onChange: (isMeant: boolean) => void;
}) {
  const { t } = useTranslation();
  return (
    <Alert color="red" mt="md" role="alert" title={t('settings.reach.lockOutTitle')}>
      <p className={classes.warning}>{t('settings.reach.lockOut', { address: props.address })}</p>
      <Checkbox
        label={t('settings.reach.lockOutMeant')}
        checked={props.isMeant}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
    </Alert>
  );
}

function Entries(props: {
  readonly addresses: Addresses;
  readonly yourAddress: string;
  readonly onChange: (entries: Addresses['entries']) => void;
}) {
  const { t } = useTranslation();
  const { addresses, yourAddress, onChange } = props;
  const { entries } = addresses;
  const change = (place: number, part: Partial<Addresses['entries'][number]>) =>
    onChange(entries.map((entry, at) => (at === place ? { ...entry, ...part } : entry)));
  const isMine = entries.some(({ range }) => range.trim() === yourAddress);
  return (
    <div role="group" aria-label={t('settings.reach.list')}>
      {entries.map(({ range, note }, place) => {
        const isWrong = range.trim() !== '' && parseRange(range) === null;
        const number = place + 1;
        return (
          // Rows have no other name than their place while they are typed.
          <Group key={place} gap="xs" mb={6} align="flex-start">
            <TextInput
              w={220}
              size="xs"
              aria-label={t('settings.reach.rangeNamed', { number })}
              placeholder="203.0.113.0/24"
              value={range}
              error={isWrong ? t('settings.reach.notARange', { range }) : undefined}
              onChange={(event) => change(place, { range: event.currentTarget.value })}
            />
            <TextInput
              w={240}
              size="xs"
              maxLength={120}
              aria-label={t('settings.reach.noteNamed', { number })}
              placeholder={t('settings.reach.note')}
              value={note}
              onChange={(event) => change(place, { note: event.currentTarget.value })}
            />
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              px={8}
              aria-label={t('settings.reach.removeNamed', { range: range === '' ? String(number) : range })}
              onClick={() => onChange(entries.filter((_, at) => at !== place))}
            >
              <IconTrash size={15} />
            </Button>
          </Group>
        );
      })}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          disabled={entries.length >= MOST_ADDRESS_ENTRIES}
          onClick={() => onChange([...entries, { range: '', note: '' }])}
        >
          {t('settings.reach.add')}
        </Button>
        {isMine || yourAddress === '' ? null : (
          <Button
            size="xs"
            variant="default"
            onClick={() => onChange([...entries, { range: yourAddress, note: t('settings.reach.mine') }])}
          >
            {t('settings.reach.addMine')}
          </Button>
        )}
      </Group>
    </div>
  );
}
