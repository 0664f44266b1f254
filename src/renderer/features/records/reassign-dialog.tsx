import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { OwnerInput } from '#renderer/blocks/owner-input.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';

export function ReassignDialog(props: {
  readonly definition: EntityDefinition;
  readonly record: LocalRecord;
  readonly ownerLabel: string | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const [ownerId, setOwnerId] = useState<string | null>(props.record.ownerId);

  async function save(): Promise<void> {
    if (ownerId === null) return;
    const outcome = await run(
      'reassign',
      { entity: props.definition.name, id: props.record.id, ownerId },
      { done: t('record.reassigned') },
    );
    if (outcome !== null) props.onClose();
  }

  return (
    <FormDialog isOpen isTyped={ownerId !== props.record.ownerId} onClose={props.onClose} title={t('record.reassign')}>
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack gap="sm">
            <OwnerInput
              definition={props.definition}
              records={[props.record]}
              label={t('fields.common.ownerId')}
              value={ownerId}
              valueLabel={ownerId === props.record.ownerId ? props.ownerLabel : undefined}
              onChange={setOwnerId}
              autoFocus
            />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" disabled={ownerId === null || ownerId === props.record.ownerId}>
                {t('record.reassign')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
