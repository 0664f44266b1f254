// A new webhook, or another address, other events or a pause for one that is there. The secret of a new one is shown once.
import { Alert, Button, Checkbox, Group, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useProved } from '#renderer/features/settings/security/use-proved.tsx';
import { GivenSecret } from '#renderer/features/settings/webhooks/given-secret.tsx';
import { useWebhookProblem } from '#renderer/features/settings/webhooks/use-webhook-problem.ts';
import { MOST_URL_LETTERS, type GivenWebhook, type Webhook } from '#shared/sync/webhook-messages.ts';
import { webhookEvents } from '#shared/webhooks/webhook-events.ts';
import classes from '../settings.module.css';

interface DialogProps {
  /** Null: a new one. */
  readonly row: Webhook | null;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function WebhookDialog(props: DialogProps) {
  const { t } = useTranslation();
  const [given, setGiven] = useState<GivenWebhook | null>(null);
  const { row, onDone, onClose } = props;
  const title = given !== null ? 'givenTitle' : row === null ? 'newTitle' : 'editTitle';
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={<Text fw={600}>{t(`settings.webhooks.${title}`, { name: row?.name ?? '' })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      // The secret is shown once: a click beside the dialog must not be what takes it away.
      closeOnClickOutside={false}
      closeOnEscape={given === null}
    >
      {given === null ? (
        <WebhookForm
          {...props}
          onGiven={(answer) => {
            setGiven(answer);
            onDone();
          }}
        />
      ) : (
        <GivenSecret given={given} onClose={onClose} />
      )}
    </Modal>
  );
}

function WebhookForm({
  row,
  onDone,
  onClose,
  onGiven,
}: DialogProps & { readonly onGiven: (given: GivenWebhook) => void }) {
  const { t } = useTranslation();
  const problemOf = useWebhookProblem();
  const [name, setName] = useState(row?.name ?? '');
  const [url, setUrl] = useState(row?.url ?? '');
  const [events, setEvents] = useState<readonly string[]>(row?.events ?? []);
  const [isOn, setOn] = useState(row === null || row.state === 'active');
  const isReady = name.trim() !== '' && url.trim() !== '' && events.length > 0;
  useTypedForm(name !== (row?.name ?? '') || url !== (row?.url ?? ''));

  const { run, error, proof } = useProved(async () => {
    const wish = { name: name.trim(), url: url.trim(), events: [...events] };
    if (row === null) {
      onGiven(await invokeMain(getBridge(), 'webhooks.create', wish));
      return;
    }
    await invokeMain(getBridge(), 'webhooks.change', { id: row.id, ...wish, isPaused: !isOn });
    onDone();
    onClose();
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
        {row?.state === 'failing' || row?.state === 'gone' ? (
          <Alert color="yellow">{t(`settings.webhooks.why.${row.state}`)}</Alert>
        ) : null}
        <TextInput
          label={t('settings.webhooks.name')}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          data-autofocus
        />
        <TextInput
          label={t('settings.webhooks.url')}
          description={t('settings.webhooks.urlText')}
          placeholder="https://example.com/outpost"
          value={url}
          maxLength={MOST_URL_LETTERS}
          onChange={(event) => setUrl(event.currentTarget.value)}
          required
        />
        <EventChoice chosen={events} onChange={setEvents} />
        {row === null ? null : (
          <Switch
            label={t('settings.webhooks.isOn')}
            description={t('settings.webhooks.isOnText')}
            checked={isOn}
            onChange={(event) => setOn(event.currentTarget.checked)}
          />
        )}
        <p className={classes.note}>{t(row === null ? 'settings.webhooks.asYou' : 'settings.webhooks.becomesYours')}</p>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" disabled={!isReady}>
            {t(row === null ? 'settings.webhooks.create' : 'common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function EventChoice(props: {
  readonly chosen: readonly string[];
  readonly onChange: (events: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  const { chosen, onChange } = props;
  return (
    <fieldset className={classes.scopes}>
      <legend>{t('settings.webhooks.events')}</legend>
      <div className={classes.scopeList}>
        {webhookEvents.map((event) => (
          <Checkbox
            key={event}
            size="xs"
            label={t(`settings.webhooks.event.${event}`)}
            title={event}
            checked={chosen.includes(event)}
            onChange={({ currentTarget }) =>
              onChange(currentTarget.checked ? [...chosen, event] : chosen.filter((other) => other !== event))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
