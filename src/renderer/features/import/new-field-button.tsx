import { ActionIcon } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { guessKind } from '#shared/import/guess-kind.ts';

/** Makes a custom field of a column that fits none: its name is the label, its values say what kind it is. */
export function NewFieldButton(props: {
  readonly entity: EntityName;
  readonly column: string;
  readonly values: readonly string[];
  readonly onField: (field: string) => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const label = t('import.newField', { column: props.column });

  async function define(): Promise<void> {
    const input = { entity: props.entity, label: props.column, ...guessKind(props.values) };
    const outcome = await run('defineField', input, { done: t('import.newFieldDone', { column: props.column }) });
    const id = outcome?.recordId ?? null;
    if (id !== null) props.onField(id.slice(id.indexOf('.') + 1));
  }

  return (
    <ActionIcon variant="default" aria-label={label} title={label} onClick={() => void define()}>
      <IconPlus size={15} />
    </ActionIcon>
  );
}
