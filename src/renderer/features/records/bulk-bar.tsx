import { Button, Group, Select, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { useMayReassign } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { isInlineEditable } from '#renderer/features/records/list-config.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';

/** One change for all chosen rows, as one transaction of the same commands; one click takes it back. */
export function BulkBar(props: {
  readonly definition: EntityDefinition;
  readonly ids: readonly string[];
  /** The chosen rows as they are on the screen: what undoing returns to. */
  readonly records: readonly LocalRecord[];
  readonly canDelete: boolean;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const mayReassign = useMayReassign();
  const [field, setField] = useState<string | null>(null);
  // Undefined until a value was chosen: emptying a field of many records must be meant.
  const [value, setValue] = useState<unknown>(undefined);
  const { canDelete, ids } = props;
  const entity = props.definition.name;
  const fields = Object.keys(props.definition.fields).filter(
    (name) => (name === 'ownerId' && mayReassign) || name === 'tags' || isInlineEditable(props.definition, name),
  );

  async function apply(): Promise<void> {
    if (field === null || value === undefined) return;
    const changes = props.records.map((record) => ({ id: record.id, values: { [field]: record[field] ?? null } }));
    const isComplete = changes.length === ids.length;
    // The first row stands for all of them when it is asked whether there is still something to take back.
    const first = { entity, id: ids[0] ?? '', left: { [field]: value } };
    await run(
      'bulkUpdate',
      { entity, ids, values: { [field]: value } },
      {
        done: t('bulk.done', { count: ids.length }),
        ...(isComplete ? { undo: { command: 'updateRecords', input: { entity, changes }, ...first } } : {}),
      },
    );
  }

  async function remove(): Promise<void> {
    const input = { entity, ids };
    await run('deleteRecords', input, {
      done: t('bulk.deleted', { count: ids.length }),
      undo: { command: 'restoreRecords', input, entity, id: ids[0] ?? '', left: null },
    });
  }

  return (
    <Group gap={8} px={20} pb={8} role="region" aria-label={t('bulk.label')} data-testid="bulk-bar" align="end">
      <Text size="sm" fw={560} pb={6}>
        {t('bulk.selected', { count: ids.length })}
      </Text>
      <Select
        size="xs"
        w={170}
        searchable
        aria-label={t('bulk.field')}
        placeholder={t('bulk.field')}
        data={fields.map((name) => ({ value: name, label: names.field(props.definition, name) }))}
        value={field}
        onChange={(next) => {
          setField(next);
          setValue(undefined);
        }}
      />
      {field === null ? null : (
        <div style={{ minWidth: 200 }}>
          <FieldInput
            definition={props.definition}
            field={field}
            value={value ?? null}
            currency="EUR"
            isLabelHidden
            onChange={setValue}
          />
        </div>
      )}
      <Button disabled={field === null || value === undefined} onClick={() => void apply()}>
        {t('bulk.apply')}
      </Button>
      {canDelete ? (
        <Button variant="default" color="red" leftSection={<IconTrash size={14} />} onClick={() => void remove()}>
          {t('common.delete')}
        </Button>
      ) : null}
    </Group>
  );
}
