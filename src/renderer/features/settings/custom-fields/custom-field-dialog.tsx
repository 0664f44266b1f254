// Defines a field or changes one. What kind it is, is settled when it is made: its values lie in a place of that kind.
import { Button, Checkbox, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import {
  newOption,
  OptionsEditor,
  type EditedOption,
} from '#renderer/features/settings/custom-fields/options-editor.tsx';
import { isChoiceKind, MOST_LABEL, optionsOfField } from '#shared/entities/custom-field/custom-field.ts';
import {
  kindOfSlot,
  kindsOf,
  type CustomizableEntity,
  type SlotKind,
} from '#shared/entities/custom-field/custom-slots.ts';
import { nextOptions } from '#shared/entities/custom-field/next-options.ts';
import { textOf } from '#shared/kernel/text-of.ts';

interface DialogProps {
  readonly entity: CustomizableEntity;
  /** Null: a new one. */
  readonly record: LocalRecord | null;
  /** All fields of the entity. */
  readonly others: readonly LocalRecord[];
  readonly onClose: () => void;
}

export function CustomFieldDialog(props: DialogProps) {
  const { t } = useTranslation();
  const label = textOf(props.record?.['label']);
  return (
    <Modal
      opened
      onClose={props.onClose}
      size="md"
      title={props.record === null ? t('customFields.new') : t('customFields.edit', { label })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <CustomFieldForm {...props} />
    </Modal>
  );
}

const fold = (text: string): string => text.trim().toLowerCase();

function startOptions(record: LocalRecord | null): readonly EditedOption[] {
  const known = record === null ? [] : optionsOfField(record).filter(({ isArchived }) => isArchived !== true);
  return known.length === 0 ? [newOption(), newOption()] : known.map((option) => ({ ...option, key: option.value }));
}

function CustomFieldForm(props: DialogProps) {
  const { t } = useTranslation();
  const run = useCommand();
  const { entity, record } = props;
  const [kind, setKind] = useState<SlotKind>(kindOfSlot(textOf(record?.['slot'])) ?? 'text');
  const [label, setLabel] = useState(textOf(record?.['label']));
  const [help, setHelp] = useState(textOf(record?.['help']));
  const [section, setSection] = useState(textOf(record?.['section']));
  const [isRequired, setRequired] = useState(record?.['isRequired'] === true);
  const [isListed, setListed] = useState(record?.['isListed'] === true);
  const [options, setOptions] = useState<readonly EditedOption[]>(() => startOptions(record));
  const [isTried, setTried] = useState(false);

  const isChoice = isChoiceKind(kind);
  const filled = options.filter((option) => option.label.trim() !== '');
  const isTwice = new Set(filled.map((option) => fold(option.label))).size < filled.length;
  const isTaken = props.others.some(
    (other) => other.id !== record?.id && other['isArchived'] !== true && fold(textOf(other['label'])) === fold(label),
  );
  const labelProblem = label.trim() === '' ? t('problems.required') : isTaken ? t('problems.sameLabel') : undefined;
  const optionsProblem = isChoice && (filled.length === 0 || isTwice) ? t('problems.customOptions') : undefined;

  async function save(): Promise<void> {
    setTried(true);
    if (labelProblem !== undefined || optionsProblem !== undefined) return;
    const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
    const values = {
      label: label.trim(),
      help: orNull(help),
      section: orNull(section),
      isRequired: kind !== 'tick' && isRequired,
      isListed,
    };
    const outcome =
      record === null
        ? await run(
            'defineField',
            { ...values, entity, kind, ...(isChoice ? { options: filled.map((option) => option.label) } : {}) },
            { done: t('customFields.defined') },
          )
        : await run(
            'updateRecord',
            {
              entity: 'customField',
              id: record.id,
              values: { ...values, ...(isChoice ? { options: nextOptions(optionsOfField(record), filled) } : {}) },
            },
            { done: t('settings.saved') },
          );
    if (outcome !== null) props.onClose();
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('customFields.label')}
          withAsterisk
          data-autofocus
          maxLength={MOST_LABEL}
          value={label}
          error={isTried ? labelProblem : undefined}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <Select
          label={t('customFields.kind')}
          allowDeselect={false}
          disabled={record !== null}
          {...(record === null ? {} : { description: t('customFields.kindStays') })}
          data={kindsOf(entity).map((value) => ({ value, label: t(`customFields.kinds.${value}`) }))}
          value={kind}
          onChange={(value) => {
            if (value !== null) setKind(value);
          }}
        />
        {isChoice ? (
          <OptionsEditor
            options={options}
            error={isTried ? optionsProblem : undefined}
            onChange={(next) => setOptions(next)}
          />
        ) : null}
        <TextInput
          label={t('customFields.help')}
          maxLength={300}
          value={help}
          onChange={(event) => setHelp(event.currentTarget.value)}
        />
        <TextInput
          label={t('customFields.section')}
          description={t('customFields.sectionText')}
          maxLength={60}
          value={section}
          onChange={(event) => setSection(event.currentTarget.value)}
        />
        {kind === 'tick' ? null : (
          <Checkbox
            label={t('customFields.required')}
            checked={isRequired}
            onChange={(event) => setRequired(event.currentTarget.checked)}
          />
        )}
        <Checkbox
          label={t('customFields.listed')}
          checked={isListed}
          onChange={(event) => setListed(event.currentTarget.checked)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit">{t('common.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
