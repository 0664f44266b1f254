import { Button, Group, Select, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { OwnerInput } from '#renderer/blocks/owner-input.tsx';
import { useMayReassign } from '#renderer/blocks/use-can.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { isInlineEditable } from '#renderer/features/records/list-config.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useRequest } from '#renderer/data/use-data.ts';
import { cleanValues } from '#shared/entities/clean-values.ts';
import { fieldsOfGroup, groupOfField, mergePolicyOf, type EntityDefinition } from '#shared/entities/define-entity.ts';

/** Most rows of one bulk edit. */
const MOST = 20_000;

/** Lists that merge by what was added and taken away. */
function isSet(definition: EntityDefinition, field: string): boolean {
  return (
    field === 'tags' || (definition.fields[field]?.isCustom === true && mergePolicyOf(definition, field) === 'set')
  );
}

/** One change for all chosen rows, as one transaction of the same commands; one click takes it back. */
export function BulkBar(props: {
  readonly definition: EntityDefinition;
  readonly ids: readonly string[];
  /** Rows of the list in all. */
  readonly total: number;
  /** Those of the chosen rows that are on the screen: they stand for the others when it comes to what is offered. */
  readonly shown: readonly LocalRecord[];
  readonly canDelete: boolean;
  readonly onClear: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const request = useRequest();
  const mayReassign = useMayReassign();
  const fieldModes = useFieldModes();
  const [field, setField] = useState<string | null>(null);
  // Undefined until a value was chosen: emptying a field of many records must be meant.
  const [value, setValue] = useState<unknown>(undefined);
  const { canDelete, definition } = props;
  const entity = definition.name;
  const fields = Object.keys(definition.fields).filter(
    (name) =>
      fieldModes.modeOf(definition, name) === 'edit' &&
      ((name === 'ownerId' && mayReassign) || isSet(definition, name) || isInlineEditable(definition, name)),
  );
  const isLimited = props.ids.length === MOST && props.total > MOST;

  async function apply(): Promise<void> {
    if (field === null || value === undefined) return;
    const group = fieldsOfGroup(definition, groupOfField(definition, field));
    const before = await request('readFields', { entity, ids: props.ids, fields: group });
    // Rows that are gone by now are not part of it.
    const ids = before.map(({ id }) => id);
    const left = cleanValues(definition, { [field]: value }).values;
    const changes = before.map(({ id, values }) => ({ id, values, left }));
    await run(
      'bulkUpdate',
      { entity, ids, values: { [field]: value } },
      {
        done: t('bulk.done', { count: ids.length }),
        undo: { command: 'updateRecords', input: { entity, changes }, entity, ids, left },
      },
    );
  }

  async function remove(): Promise<void> {
    const ids = (await request('readFields', { entity, ids: props.ids, fields: [] })).map(({ id }) => id);
    const input = { entity, ids };
    const outcome = await run('deleteRecords', input, {
      done: t('bulk.deleted', { count: ids.length }),
      undo: { command: 'restoreRecords', input, entity, ids, left: null },
    });
    if (outcome !== null) props.onClear();
  }

  return (
    <Group gap={8} px={20} pb={8} role="region" aria-label={t('bulk.label')} data-testid="bulk-bar" align="end">
      <Text size="sm" fw={560} pb={6} role="status">
        {isLimited
          ? t('bulk.selectedMost', { most: MOST, total: props.total })
          : t('bulk.selected', { count: props.ids.length })}
      </Text>
      <Select
        size="xs"
        w={170}
        searchable
        aria-label={t('bulk.field')}
        placeholder={t('bulk.field')}
        data={fields.map((name) => ({ value: name, label: names.field(definition, name) }))}
        value={field}
        onChange={(next) => {
          setField(next);
          setValue(undefined);
        }}
      />
      {field === null ? null : (
        <div style={{ minWidth: 200 }}>
          {field === 'ownerId' ? (
            <OwnerInput
              definition={definition}
              records={props.shown}
              ariaLabel={names.field(definition, field)}
              value={typeof value === 'string' ? value : null}
              onChange={setValue}
            />
          ) : (
            <FieldInput
              definition={definition}
              field={field}
              value={value ?? null}
              currency="EUR"
              isLabelHidden
              onChange={setValue}
            />
          )}
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
