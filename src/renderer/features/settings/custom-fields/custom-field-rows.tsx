import { ActionIcon, Button, Group, Modal, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconArchive, IconArrowDown, IconArrowUp, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useFilledCount } from '#renderer/features/settings/custom-fields/use-filled-count.ts';
import { kindOfSlot, type CustomizableEntity } from '#shared/entities/custom-field/custom-slots.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from '../settings.module.css';

const placeOf = (record: LocalRecord | undefined): number => Number(record?.['place']) || 0;

/** A place between two neighbours; behind the last one, the next number. */
function between(before: LocalRecord | undefined, after: LocalRecord | undefined): number {
  if (after === undefined) return placeOf(before) + 1;
  return before === undefined ? placeOf(after) - 1 : (placeOf(before) + placeOf(after)) / 2;
}

/** Fields in use, in their order. */
export function CustomFieldRows(props: {
  readonly entity: CustomizableEntity;
  readonly records: readonly LocalRecord[];
  readonly mayChange: boolean;
  readonly onEdit: (record: LocalRecord) => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const { records } = props;
  const [archived, setArchived] = useState<LocalRecord | null>(null);
  const update = (record: LocalRecord, values: Readonly<Record<string, unknown>>, done?: string) =>
    run('updateRecord', { entity: 'customField', id: record.id, values }, done === undefined ? {} : { done });

  function move(index: number, by: -1 | 1): void {
    const record = records[index];
    if (record === undefined) return;
    const place =
      by === -1 ? between(records[index - 2], records[index - 1]) : between(records[index + 1], records[index + 2]);
    void update(record, { place });
  }

  return (
    <>
      <table className={classes.table} data-testid="custom-fields">
        <thead>
          <tr>
            <th scope="col">{t('customFields.label')}</th>
            <th scope="col">{t('customFields.kind')}</th>
            <th scope="col">{t('customFields.section')}</th>
            <th scope="col">{t('customFields.shownAs')}</th>
            <th scope="col">
              <VisuallyHidden>{t('customFields.actions')}</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {records.map((record, index) => {
            const label = textOf(record['label']);
            return (
              <tr key={record.id} data-slot={textOf(record['slot'])}>
                <th scope="row">
                  {label} <PendingMark pending={record.pending} />
                </th>
                <td>{t(`customFields.kinds.${kindOfSlot(textOf(record['slot'])) ?? 'text'}`)}</td>
                <td>{textOf(record['section'])}</td>
                <td>
                  {[
                    record['isRequired'] === true ? t('customFields.required') : '',
                    record['isListed'] === true ? t('customFields.listed') : '',
                  ]
                    .filter((text) => text !== '')
                    .join(' · ')}
                </td>
                <td>
                  {props.mayChange ? (
                    <Group gap={4} wrap="nowrap" justify="flex-end">
                      <ActionIcon
                        aria-label={t('customFields.moveUp', { label })}
                        title={t('customFields.moveUp', { label })}
                        disabled={index === 0}
                        onClick={() => move(index, -1)}
                      >
                        <IconArrowUp size={15} />
                      </ActionIcon>
                      <ActionIcon
                        aria-label={t('customFields.moveDown', { label })}
                        title={t('customFields.moveDown', { label })}
                        disabled={index === records.length - 1}
                        onClick={() => move(index, 1)}
                      >
                        <IconArrowDown size={15} />
                      </ActionIcon>
                      <ActionIcon
                        aria-label={t('customFields.edit', { label })}
                        title={t('customFields.edit', { label })}
                        onClick={() => props.onEdit(record)}
                      >
                        <IconPencil size={15} />
                      </ActionIcon>
                      <ActionIcon
                        aria-label={t('customFields.archive', { label })}
                        title={t('customFields.archive', { label })}
                        onClick={() => setArchived(record)}
                      >
                        <IconArchive size={15} />
                      </ActionIcon>
                    </Group>
                  ) : null}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {archived === null ? null : (
        <ArchiveDialog
          entity={props.entity}
          record={archived}
          onClose={() => setArchived(null)}
          onArchive={() => {
            void update(archived, { isArchived: true }, t('customFields.archived'));
            setArchived(null);
          }}
        />
      )}
    </>
  );
}

/** Says what archiving does, and to how many records. */
function ArchiveDialog(props: {
  readonly entity: CustomizableEntity;
  readonly record: LocalRecord;
  readonly onClose: () => void;
  readonly onArchive: () => void;
}) {
  const { t } = useTranslation();
  const count = useFilledCount(props.entity, textOf(props.record['slot']));
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('customFields.archiveTitle', { label: textOf(props.record['label']) })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('customFields.archiveText')}</Text>
        <Text size="sm" role="status">
          {count === null ? ' ' : t('customFields.filled', { count })}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button onClick={props.onArchive}>{t('customFields.archiveNow')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
