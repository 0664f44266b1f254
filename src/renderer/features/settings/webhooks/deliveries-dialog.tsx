// What a webhook was told lately and what became of it; a test of the address, and telling of something once more.
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useWebhookProblem } from '#renderer/features/settings/webhooks/use-webhook-problem.ts';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import type { Webhook, WebhookDelivery } from '#shared/sync/webhook-messages.ts';
import classes from '../settings.module.css';

const LOOK_MS = 5_000;
/** Of an answer; the rest is for whoever asks the receiver. */
const SHOWN_LETTERS = 160;
const tones: Readonly<Record<WebhookDelivery['state'], PillTone>> = {
  waiting: 'accent',
  delivered: 'good',
  withheld: 'neutral',
  dead: 'danger',
};

export function DeliveriesDialog(props: {
  readonly row: Webhook;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const problemOf = useWebhookProblem();
  const { row, onDone, onClose } = props;
  const { data, error: unread, refresh } = usePolled('webhooks.deliveries', { id: row.id }, LOOK_MS);
  const [tested, setTested] = useState<WebhookDelivery | null>(null);
  const [isTesting, setTesting] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function act(work: () => Promise<unknown>): Promise<void> {
    setError(null);
    try {
      await work();
      refresh();
      onDone();
    } catch (failure) {
      setError(problemOf(failure));
    }
  }
  async function test(): Promise<void> {
    setTesting(true);
    setTested(null);
    await act(async () => setTested(await invokeMain(getBridge(), 'webhooks.test', { id: row.id })));
    setTesting(false);
  }
  const replay = (deliveryId: string): Promise<void> =>
    act(() => invokeMain(getBridge(), 'webhooks.replay', { id: row.id, deliveryId }));
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={<Text fw={600}>{t('settings.webhooks.deliveriesTitle', { name: row.name })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        <Group justify="space-between" align="flex-start">
          <p className={classes.note}>{t('settings.webhooks.deliveriesText')}</p>
          <Button size="xs" variant="default" loading={isTesting} onClick={() => void test()} data-autofocus>
            {t('settings.webhooks.test')}
          </Button>
        </Group>
        {error === null ? null : (
          <Alert color="yellow" role="alert">
            {error}
          </Alert>
        )}
        {tested === null ? null : <Tested delivery={tested} />}
        <Problem unread={unread} />
        {data?.deliveries.length === 0 ? <p className={classes.note}>{t('settings.webhooks.noDeliveries')}</p> : null}
        {data === null || data.deliveries.length === 0 ? null : (
          <Deliveries
            deliveries={data.deliveries}
            mayReplay={row.state === 'active'}
            onReplay={(id) => void replay(id)}
          />
        )}
      </Stack>
    </Modal>
  );
}

function Problem({ unread }: { readonly unread: string | null }) {
  return <ServerProblem problem={unread === null ? null : { text: unread, isAway: false }} />;
}

/** What became of the test, in a sentence. */
function Tested({ delivery }: { readonly delivery: WebhookDelivery }) {
  const { t } = useTranslation();
  const isGood = delivery.state === 'delivered';
  return (
    <Alert color={isGood ? 'green' : 'yellow'} role="status" data-testid="tested">
      {isGood
        ? t('settings.webhooks.testGood', { status: delivery.status ?? 0, ms: delivery.tookMs ?? 0 })
        : `${t('settings.webhooks.testBad')} `}
      {isGood ? null : <Outcome delivery={delivery} />}
    </Alert>
  );
}

/** Why it was not delivered; what the receiver said, when it said something. */
function Outcome({ delivery }: { readonly delivery: WebhookDelivery }) {
  const { t } = useTranslation();
  const { failure, state, status } = delivery;
  if (state === 'withheld') return <>{t('settings.webhooks.withheldWhy')}</>;
  if (failure === null) return <>{status === null ? '' : t('settings.webhooks.answered', { status })}</>;
  return <>{t(`settings.webhooks.failure.${failure}`, { status: status ?? 0 })}</>;
}

function Deliveries(props: {
  readonly deliveries: readonly WebhookDelivery[];
  readonly mayReplay: boolean;
  readonly onReplay: (id: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <table className={classes.table} data-testid="deliveries">
      <thead>
        <tr>
          {['what', 'when', 'outcome'].map((column) => (
            <th key={column} scope="col">
              {t(`settings.webhooks.delivered.${column}`)}
            </th>
          ))}
          <th scope="col">
            <span hidden>{t('settings.apiKeys.columns.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.deliveries.map((delivery) => (
          <DeliveryRow key={delivery.id} {...props} delivery={delivery} />
        ))}
      </tbody>
    </table>
  );
}

function DeliveryRow(props: {
  readonly delivery: WebhookDelivery;
  readonly mayReplay: boolean;
  readonly onReplay: (id: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { delivery, mayReplay, onReplay } = props;
  const { id, event, entity, recordId, state, attempts, nextAt, answer } = delivery;
  const what = t(`settings.webhooks.event.${event}`);
  return (
    <tr>
      <td>
        {what}
        {recordId === null || entity === null ? null : <code className={classes.address}>{recordId}</code>}
      </td>
      <td className={classes.nowrap}>{format.instant(delivery.at)}</td>
      <td>
        <Pill tone={tones[state]}>{t(`settings.webhooks.deliveryState.${state}`)}</Pill> <Outcome delivery={delivery} />
        <span className={classes.address}>
          {[
            ...(attempts > 1 ? [t('settings.webhooks.attempts', { count: attempts })] : []),
            ...(nextAt === null || attempts === 0
              ? []
              : [t('settings.webhooks.nextAt', { at: format.instant(nextAt) })]),
          ].join(' · ')}
        </span>
        {answer === '' || state === 'delivered' ? null : (
          <code className={classes.address}>{answer.slice(0, SHOWN_LETTERS)}</code>
        )}
      </td>
      <td>
        {mayReplay && state !== 'waiting' && recordId !== null ? (
          <Group justify="flex-end">
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('settings.webhooks.replayNamed', { what })}
              onClick={() => onReplay(id)}
            >
              {t('settings.webhooks.replay')}
            </Button>
          </Group>
        ) : null}
      </td>
    </tr>
  );
}
