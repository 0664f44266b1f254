import { Button, Group, Select, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { useMayReassign } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { isInlineEditable } from '#renderer/features/records/list-config.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';

/** One change for all chosen rows, as one transaction of the same commands. */
export function BulkBar(props: {
  readonly definition: EntityDefinition;
  readonly ids: readonly string[];
  readonly canDelete: boolean;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const mayReassign = useMayReassign();
  const [field, setField] = useState<string | null>(null);
  const [value, setValue] = useState<unknown>(null);
  const { canDelete } = props;
  const entity = props.definition.name;
  const fields = Object.keys(props.definition.fields).filter(
    (name) => (name === 'ownerId' && mayReassign) || name === 'tags' || isInlineEditable(props.definition, name),
  );

  return (
    <Group gap={8} px={20} pb={8} role="region" aria-label={t('bulk.label')} data-testid="bulk-bar" align="end">
      <Text size="sm" fw={560} pb={6}>
        {t('bulk.selected', { count: props.ids.length })}
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
          setValue(null);
        }}
      />
      {field === null ? null : (
        <div style={{ minWidth: 200 }}>
          <FieldInput
            definition={props.definition}
            field={field}
            value={value}
            currency="EUR"
            isLabelHidden
            onChange={setValue}
          />
        </div>
      )}
      <Button
        disabled={field === null}
        onClick={() => {
          if (field === null) return;
          void run(
            'bulkUpdate',
            { entity, ids: props.ids, values: { [field]: value } },
            { done: t('bulk.done', { count: props.ids.length }) },
          );
        }}
      >
        {t('bulk.apply')}
      </Button>
      {canDelete ? (
        <Button
          variant="default"
          color="red"
          leftSection={<IconTrash size={14} />}
          onClick={() => {
            for (const id of props.ids)
              void run(
                'deleteRecord',
                { entity, id },
                props.ids.length === 1
                  ? {
                      done: t('record.deleted'),
                      undo: { command: 'restoreRecord', input: { entity, id }, entity, id, left: null },
                    }
                  : {},
              );
          }}
        >
          {t('common.delete')}
        </Button>
      ) : null}
    </Group>
  );
}
