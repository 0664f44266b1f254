import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { MOST_LABEL } from '#shared/entities/custom-field/custom-field.ts';
import type { WantedOption } from '#shared/entities/custom-field/next-options.ts';

/** An option while it is edited; `key` stays while the label is typed. */
export interface EditedOption extends WantedOption {
  readonly key: string;
}

export function newOption(): EditedOption {
  return { key: crypto.randomUUID(), label: '' };
}

/** The options of a choice, one below the other. One that is taken out is archived: records that have it keep it. */
export function OptionsEditor(props: {
  readonly options: readonly EditedOption[];
  readonly error: string | undefined;
  readonly onChange: (options: readonly EditedOption[]) => void;
}) {
  const { t } = useTranslation();
  const { options, onChange } = props;

  function moveUp(index: number): void {
    const next = [...options];
    const [moved] = next.splice(index, 1);
    if (moved !== undefined) next.splice(index - 1, 0, moved);
    onChange(next);
  }

  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend style={{ padding: 0 }}>
        <Text component="span" size="sm" fw={500}>
          {t('customFields.options')}
        </Text>
      </legend>
      <Stack gap={6} mt={4}>
        {options.map((option, index) => {
          const name = { label: option.label, number: index + 1 };
          return (
            <Group key={option.key} gap={4} wrap="nowrap">
              <TextInput
                size="xs"
                style={{ flex: 1 }}
                maxLength={MOST_LABEL}
                aria-label={t('customFields.optionNumber', { number: index + 1 })}
                value={option.label}
                onChange={(event) => {
                  const label = event.currentTarget.value;
                  onChange(options.map((other) => (other.key === option.key ? { ...other, label } : other)));
                }}
              />
              <ActionIcon
                aria-label={t('customFields.optionUp', name)}
                title={t('customFields.optionUp', name)}
                disabled={index === 0}
                onClick={() => moveUp(index)}
              >
                <IconArrowUp size={14} />
              </ActionIcon>
              <ActionIcon
                aria-label={t('customFields.optionRemove', name)}
                title={t('customFields.optionRemove', name)}
                onClick={() => onChange(options.filter((other) => other.key !== option.key))}
              >
                <IconX size={14} />
              </ActionIcon>
            </Group>
          );
        })}
        {props.error === undefined ? null : (
          <Text size="xs" c="red" role="alert">
            {props.error}
          </Text>
        )}
        <div>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            onClick={() => onChange([...options, newOption()])}
          >
            {t('customFields.optionAdd')}
          </Button>
        </div>
      </Stack>
    </fieldset>
  );
}
