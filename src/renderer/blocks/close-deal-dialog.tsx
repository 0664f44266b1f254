import { Button, Group, Select, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { lostReasonOptions, wonReasonOptions } from '#shared/entities/deal/deal.ts';
import { entities } from '#shared/entities/registry.ts';

/** Asks why a deal was lost (required) or won (optional) before it is closed. */
export function CloseDealDialog(props: {
  readonly deal: LocalRecord | null;
  readonly outcome: 'won' | 'lost';
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const name = textOf(props.deal?.['name']);
  const [reason, setReason] = useState<string | null>(null);
  const [notes, setNotes] = useState('');
  const [isTried, setTried] = useState(false);
  const reasons =
    props.outcome === 'won' ? wonReasonOptions : lostReasonOptions.filter(({ value }) => value !== 'imported');
  const options = reasons.map(({ value }) => ({
    value,
    label: names.option(entities.deal, 'wonLostReason', value),
  }));
  const isMissing = props.outcome === 'lost' && (reason === null || reason === '');
  const isNotesMissing = reason === 'other' && notes.trim() === '';

  async function close(): Promise<void> {
    setTried(true);
    if (props.deal === null || isMissing || isNotesMissing) return;
    const outcome = await run(
      'closeDeal',
      {
        id: props.deal.id,
        outcome: props.outcome,
        ...(reason === null ? {} : { reason }),
        ...(notes.trim() === '' ? {} : { notes }),
      },
      {
        done: t(`closeDeal.done.${props.outcome}`),
        // Only what was open before can be reopened to where it was.
        ...(props.deal['status'] === 'open'
          ? {
              undo: {
                command: 'reopenDeal',
                input: { id: props.deal.id, stageId: props.deal['stageId'] },
                entity: 'deal',
                ids: [props.deal.id],
                left: { status: props.outcome },
              },
            }
          : {}),
      },
    );
    if (outcome !== null) finish();
  }

  function finish(): void {
    setReason(null);
    setNotes('');
    setTried(false);
    props.onClose();
  }

  return (
    <FormDialog
      isOpen={props.deal !== null}
      isTyped={reason !== null || notes !== ''}
      onClose={finish}
      title={t(`closeDeal.title.${props.outcome}`, { name })}
    >
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void close();
          }}
        >
          <Stack gap="sm">
            <Select
              label={t('closeDeal.reason')}
              data={options}
              value={reason}
              onChange={setReason}
              withAsterisk={props.outcome === 'lost'}
              error={isTried && isMissing ? t('problems.required') : undefined}
              data-autofocus
            />
            <Textarea
              label={t('closeDeal.notes')}
              minRows={3}
              autosize
              value={notes}
              withAsterisk={reason === 'other'}
              error={isTried && isNotesMissing ? t('problems.required') : undefined}
              onChange={(event) => setNotes(event.currentTarget.value)}
            />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" color={props.outcome === 'won' ? 'teal.9' : 'red.9'}>
                {t(`closeDeal.action.${props.outcome}`)}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
