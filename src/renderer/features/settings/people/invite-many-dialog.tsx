// Invites everybody who has no way in yet, one after another: what came of each stands beside the name, and a link that could
// not be mailed is shown there, once. Closing it in between leaves those that were not reached as they were.
import { Alert, Button, CopyButton, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { SentInvitation } from '#shared/sync/people-messages.ts';
import classes from './people.module.css';

export interface Invited {
  readonly id: string;
  readonly name: string;
}

type Outcome = { readonly sent: SentInvitation } | { readonly error: string };

export function InviteManyDialog(props: {
  readonly people: readonly Invited[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [isRunning, setRunning] = useState(false);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const isLeft = useRef(false);
  // What was asked for when the dialog opened: the list behind it gets shorter meanwhile.
  const [people] = useState(props.people);
  useEffect(
    () => () => {
      isLeft.current = true;
    },
    [],
  );

  async function run(): Promise<void> {
    setRunning(true);
    for (const { id } of people) {
      if (isLeft.current) return;
      const outcome = await invokeMain(getBridge(), 'users.invite', { userId: id, byMail: true }).then(
        (sent): Outcome => ({ sent }),
        (failure: unknown): Outcome => ({ error: errorText(failure) }),
      );
      setOutcomes((before) => new Map(before).set(id, outcome));
    }
    setRunning(false);
    props.onDone();
  }

  const isDone = outcomes.size === people.length;
  return (
    <Modal
      opened
      size="lg"
      onClose={props.onClose}
      closeOnClickOutside={outcomes.size === 0}
      title={<Text fw={600}>{t('people.inviteMany', { count: people.length })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('people.inviteManyText')}</Text>
        {outcomes.size === 0 ? null : (
          <Progress value={(outcomes.size / people.length) * 100} aria-label={t('people.inviteProgress')} />
        )}
        <ul className={classes.outcomes} aria-live="polite">
          {people.map(({ id, name }) => (
            <li key={id}>
              <span>{name}</span>
              <OutcomeText outcome={outcomes.get(id)} name={name} />
            </li>
          ))}
        </ul>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t(isDone ? 'common.close' : 'common.cancel')}
          </Button>
          {isDone ? null : (
            <Button loading={isRunning} onClick={() => void run()} data-autofocus>
              {t('people.inviteAll')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function OutcomeText(props: { readonly outcome: Outcome | undefined; readonly name: string }) {
  const { t } = useTranslation();
  const { outcome } = props;
  if (outcome === undefined) return <span className="op-muted">{t('people.waiting')}</span>;
  if ('error' in outcome) return <Alert color="red">{outcome.error}</Alert>;
  const { isMailed, email, link } = outcome.sent;
  if (isMailed || link === null) return <span className="op-muted">{t('people.mailedTo', { email })}</span>;
  return (
    <CopyButton value={link}>
      {({ copied, copy }) => (
        <Button
          size="compact-xs"
          variant="default"
          onClick={copy}
          aria-label={t('people.copyLinkOf', { name: props.name })}
        >
          {t(copied ? 'common.copied' : 'people.copyLink')}
        </Button>
      )}
    </CopyButton>
  );
}
