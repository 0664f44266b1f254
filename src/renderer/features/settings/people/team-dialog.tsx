import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { focusFirst } from '#renderer/blocks/focus-first.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { useRightsGate } from '#renderer/blocks/rights/rights-gate.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useIsChanged } from '#renderer/blocks/use-is-changed.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';

const fields = ['name', 'parentId', 'leadId', 'territoryId', 'description'] as const;

/** A new team, or what is known about one. Who leads it or stands above it decides who sees what. */
export function TeamDialog(props: {
  /** Null makes one. */
  readonly team: LocalRecord | null;
  readonly labels: Labels;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const askRights = useRightsGate();
  const { team } = props;
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>(() =>
    Object.fromEntries(fields.map((field) => [field, team?.[field] ?? null])),
  );
  const [isTried, setTried] = useState(false);
  const isTyped = useIsChanged(values);
  const isMissing = textOf(values['name']).trim() === '';

  async function save(): Promise<void> {
    setTried(true);
    if (isMissing) return;
    if (team === null) {
      const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
      const made = await run('createRecord', { entity: 'team', values: filled }, { done: t('people.teams.added') });
      if (made !== null) props.onClose();
      return;
    }
    if (!(await askRights([{ entity: 'team', id: team.id, values }]))) return;
    const saved = await run('updateRecord', { entity: 'team', id: team.id, values }, { done: t('settings.saved') });
    if (saved !== null) props.onClose();
  }

  return (
    <FormDialog
      isOpen
      isTyped={isTyped}
      onClose={props.onClose}
      title={team === null ? t('people.teams.add') : t('people.teams.edit', { name: textOf(team['name']) })}
    >
      {(cancel) => (
        <form
          noValidate
          ref={focusFirst}
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack gap="sm">
            {fields.map((field) => (
              <FieldInput
                key={field}
                definition={entities.team}
                field={field}
                value={values[field]}
                valueLabel={props.labels[textOf(values[field])]}
                currency="EUR"
                isFirst={field === 'name'}
                error={field === 'name' && isTried && isMissing ? t('problems.required') : undefined}
                onChange={(value) => setValues((before) => ({ ...before, [field]: value }))}
              />
            ))}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit">{t('common.save')}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
