// The dialog behind every export: which form, which rows, how far it is, where it went, and why it is refused.
import { Alert, Button, Group, Modal, Progress, Radio, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { refusalTextOf } from '#renderer/blocks/error-text.ts';
import { ExportWhen, once, planOf } from '#renderer/blocks/export/export-when.tsx';
import { refusalOfExport, type ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import { useExport, type ExportState } from '#renderer/blocks/export/use-export.ts';
import { exportFormats, type ExportFormat } from '#shared/export/export-table.ts';

/** The ways people want most, first. */
const shownFormats: readonly ExportFormat[] = ['xlsx', 'csv', 'pdf', 'html', 'json'];

/** Why the signed-in person may not export this; null: may. */
function useRefusal({ subject }: ExportOffer): string | null {
  const { t } = useTranslation();
  const names = useNames();
  const actor = useAppSelector(({ device }) => (device.session?.status === 'signedIn' ? device.session.actor : null));
  const refusal = actor === null ? null : refusalOfExport(actor, subject);
  return refusal === null ? null : (refusalTextOf(t, names, refusal) ?? refusal.message);
}

export function ExportDialog(props: { readonly offer: ExportOffer; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const refusal = useRefusal(props.offer);
  const exporting = useExport(props.offer);
  const { state } = exporting;
  const isRunning = state.step === 'running';
  return (
    <Modal
      opened
      onClose={props.onClose}
      // Escape or a click beside it must not end a long export unnoticed.
      closeOnClickOutside={!isRunning}
      closeOnEscape={!isRunning}
      withCloseButton={!isRunning}
      title={<Text fw={600}>{t('export.title', { what: props.offer.title })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div data-testid="export-dialog">
        {refusal === null ? (
          <ExportSteps offer={props.offer} exporting={exporting} onClose={props.onClose} />
        ) : (
          <Alert color="yellow" role="alert">
            {refusal}
          </Alert>
        )}
      </div>
    </Modal>
  );
}

function ExportSteps(props: {
  readonly offer: ExportOffer;
  readonly exporting: ReturnType<typeof useExport>;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { offer, exporting } = props;
  const [format, setFormat] = useState<ExportFormat>('xlsx');
  const [chosen, setChosen] = useState(offer.choices[0]?.value ?? '');
  const choice = offer.choices.find(({ value }) => value === chosen) ?? offer.choices[0];
  const { state } = exporting;
  const [when, setWhen] = useState(once);
  const plan = planOf(when);

  async function submit(event: SyntheticEvent): Promise<void> {
    event.preventDefault();
    if (choice === undefined) return;
    if (plan === null) {
      await exporting.start(choice, format);
      return;
    }
    const folder = await exporting.plan(choice, format, plan);
    if (folder === null) return;
    const message = t('export.when.planned', {
      what: offer.title,
      days: t(`export.when.${plan.days}`),
      time: when.time,
      folder,
    });
    notifications.show({ message, autoClose: 10_000, closeButtonProps: { 'aria-label': t('common.close') } });
    props.onClose();
  }

  if (state.step === 'running') return <Running state={state} onCancel={exporting.cancel} onLeave={props.onClose} />;
  if (state.step === 'done') return <Done state={state} exporting={exporting} onClose={props.onClose} />;
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        {state.step === 'failed' ? (
          <Alert color="red" role="alert">
            {state.text}
          </Alert>
        ) : null}
        <Radio.Group
          label={t('export.format')}
          value={format}
          onChange={(value) => setFormat(exportFormats.find((known) => known === value) ?? 'xlsx')}
        >
          <Stack gap={8} mt={6}>
            {shownFormats.map((name) => (
              <Radio
                key={name}
                value={name}
                size="xs"
                label={t(`export.formats.${name}`)}
                description={t(`export.formatHints.${name}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {offer.choices.length > 1 ? (
          <Radio.Group label={t('export.rows')} value={choice?.value ?? ''} onChange={setChosen}>
            <Stack gap={8} mt={6}>
              {offer.choices.map(({ value, label }) => (
                <Radio key={value} value={value} size="xs" label={label} />
              ))}
            </Stack>
          </Radio.Group>
        ) : null}
        <ExportWhen value={when} onChange={setWhen} />
        {offer.note === undefined ? null : (
          <Text size="xs" c="dimmed">
            {offer.note}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {t('export.recorded')}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" disabled={when.days !== 'once' && plan === null}>
            {t(when.days === 'once' ? 'export.start' : 'export.when.chooseFolder')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Running(props: {
  readonly state: Extract<ExportState, { step: 'running' }>;
  readonly onCancel: () => void;
  readonly onLeave: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { asking, progress, isWaiting = false } = props.state;
  const [done, total] = asking === undefined ? [progress.rows, progress.total] : [asking.done, asking.total];
  const share = total === null || total === 0 ? 0 : Math.round((done / total) * 100);
  const text = isWaiting
    ? t('export.waiting')
    : total === null
      ? t('export.rowsDone', { rows: format.number(done) })
      : asking === undefined
        ? t('export.rowsOf', { rows: format.number(done), total: format.number(total) })
        : t('export.asking', { done: format.number(done), total: format.number(total) });
  return (
    <Stack gap="sm">
      <Progress.Root>
        <Progress.Section value={share} aria-label={t('export.progress')} aria-valuetext={text} />
      </Progress.Root>
      <Text size="sm">{text}</Text>
      <Text size="xs" c="dimmed">
        {t('export.goesOn')}
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={props.onCancel}>
          {t('export.cancel')}
        </Button>
        <Button data-autofocus onClick={props.onLeave}>
          {t('export.inBackground')}
        </Button>
      </Group>
    </Stack>
  );
}

function Done(props: {
  readonly state: Extract<ExportState, { step: 'done' }>;
  readonly exporting: ReturnType<typeof useExport>;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { name, rows, saved, shortened, file } = props.state;
  return (
    <Stack gap="sm">
      <div role="status" data-saved={saved}>
        {saved === 'failed' || saved === 'cancelled' ? (
          <Alert color={saved === 'failed' ? 'red' : 'yellow'}>{t(`export.notSaved.${saved}`, { name })}</Alert>
        ) : (
          <Text size="sm">
            {t('export.done', { count: rows, rows: format.number(rows), name, size: format.bytes(file.size) })}
          </Text>
        )}
      </div>
      {shortened === 0 ? null : (
        <Alert color="yellow">{t('export.shortened', { count: shortened, formatted: format.number(shortened) })}</Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={props.exporting.saveAgain}>
          {t('export.saveAgain')}
        </Button>
        <Button data-autofocus onClick={props.onClose}>
          {t('common.close')}
        </Button>
      </Group>
    </Stack>
  );
}
