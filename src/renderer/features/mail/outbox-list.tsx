// What was written here and what became of it: each letter with its state, the reason, and what can be done.
import { Button } from '@mantine/core';
import { IconMailForward } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { DamagedOutbox } from '#renderer/blocks/mail/damaged-outbox.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import type { OutboxDamage, OutboxItem, OutboxState } from '#shared/mail/mail-types.ts';
import classes from './mail.module.css';

const tones: Readonly<Record<OutboxState, PillTone>> = {
  draft: 'neutral',
  queued: 'accent',
  sending: 'accent',
  unknown: 'warn',
  sent: 'good',
  failed: 'danger',
};

type Call = 'mailbox.retry' | 'mailbox.recall' | 'mailbox.discard';

export function OutboxList(props: {
  readonly items: readonly OutboxItem[];
  readonly damage: OutboxDamage | null;
  readonly onEdit: (item: OutboxItem) => void;
}) {
  const { t } = useTranslation();
  const damage = props.damage === null ? null : <DamagedOutbox damage={props.damage} />;
  if (props.items.length === 0)
    return (
      <div className={classes.reader}>
        {damage}
        <EmptyState
          icon={<IconMailForward size={34} stroke={1.4} />}
          title={t('mailbox.outboxEmpty')}
          text={t('mailbox.outboxEmptyText')}
        />
      </div>
    );
  return (
    <div className={classes.outbox}>
      {damage}
      <ul className={classes.letters} aria-label={t('mailbox.outbox')}>
        {props.items.toReversed().map((item) => (
          <OutboxRow key={item.id} item={item} onEdit={() => props.onEdit(item)} />
        ))}
      </ul>
    </div>
  );
}

function OutboxRow(props: { readonly item: OutboxItem; readonly onEdit: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const [error, setError] = useState<string | null>(null);
  const { item } = props;
  const { draft, state } = item;

  async function ask(call: Call): Promise<void> {
    try {
      setError(null);
      await invokeMain(getBridge(), call, { id: item.id });
    } catch (failure) {
      setError(errorText(failure));
    }
  }
  const decide = (was: 'sent' | 'notSent'): void =>
    void invokeMain(getBridge(), 'mailbox.decide', { id: item.id, was });
  const isLater = state === 'queued' && draft.sendAt !== null && item.attempts === 0;
  const isKeptBack = useAppSelector(({ device }) => device.sync?.workOffline === true);
  return (
    <li className={classes.outgoing} data-testid="outgoing" data-state={state}>
      <div className={classes.line}>
        <strong className={classes.subject}>{draft.subject === '' ? t('mailbox.noSubject') : draft.subject}</strong>
        <Pill tone={tones[state]}>{t(isLater ? 'mailbox.state.later' : `mailbox.state.${state}`)}</Pill>
      </div>
      <span className={classes.address}>
        {t('mailbox.to', { people: draft.to.map(({ name, address }) => name || address).join(', ') })}
      </span>
      <span className={classes.note}>
        {isLater && item.nextAt !== null ? t('mailbox.sendsAt', { at: format.instant(item.nextAt) }) : null}
        {state === 'queued' && !isLater && isKeptBack ? t('mailbox.keptBack') : null}
        {state === 'queued' && !isLater && !isKeptBack && !navigator.onLine ? t('mailbox.waitsForNetwork') : null}
        {state === 'sent' && item.sentAt !== null ? format.instant(item.sentAt) : null}
        {state === 'unknown' ? t(item.nextAt === null ? 'mailbox.unknownText' : 'mailbox.asking') : null}
        {item.followUp === 'none' ? null : ` · ${t(`mailbox.followUp.${item.followUp}`)}`}
      </span>
      {item.failure === null || state === 'unknown' ? null : (
        <span className={classes.problem} role="status">
          {t(`mailbox.failure.${item.failure.kind}`)} {item.failure.detail === '' ? '' : `“${item.failure.detail}”`}
        </span>
      )}
      {error === null ? null : (
        <span className={classes.problem} role="alert">
          {error}
        </span>
      )}
      <div className={classes.buttons}>
        {state === 'draft' ? (
          <Button size="compact-xs" variant="default" onClick={props.onEdit}>
            {t('mailbox.edit')}
          </Button>
        ) : null}
        {state === 'failed' || (state === 'queued' && item.failure !== null) ? (
          <Button size="compact-xs" variant="default" onClick={() => void ask('mailbox.retry')}>
            {t('mailbox.retry')}
          </Button>
        ) : null}
        {state === 'queued' || state === 'failed' ? (
          <Button size="compact-xs" variant="default" onClick={() => void ask('mailbox.recall')}>
            {t('mailbox.recall')}
          </Button>
        ) : null}
        {state === 'unknown' && item.nextAt === null ? (
          <>
            <Button size="compact-xs" variant="default" onClick={() => decide('sent')}>
              {t('mailbox.wasSent')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => decide('notSent')}>
              {t('mailbox.sendAgain')}
            </Button>
          </>
        ) : null}
        {state === 'draft' || state === 'failed' ? (
          <Button size="compact-xs" variant="subtle" color="red" onClick={() => void ask('mailbox.discard')}>
            {t('mailbox.discard')}
          </Button>
        ) : null}
      </div>
    </li>
  );
}
