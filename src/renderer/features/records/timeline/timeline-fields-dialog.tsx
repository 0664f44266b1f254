// Which changes the whole organization reads on timelines. What is left out here stays in the audit.
import { Checkbox, Modal, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { isOnTimeline, timelineRulesOf } from '#shared/timeline/noisy-fields.ts';

const historyEntities = ['account', 'contact', 'lead', 'deal'] as const;

export function TimelineFieldsDialog(props: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const definitions = useDefinitions();
  const run = useCommand();
  const { record, figures } = useOrganization();
  const rules = timelineRulesOf(record);
  const [text, setText] = useState('');
  const words = text.trim().toLowerCase();

  function put(name: string, isNoisy: boolean, isShown: boolean): void {
    const without = (names: ReadonlySet<string>): string[] => [...names].filter((each) => each !== name);
    const [hidden, shown] = [without(rules.hidden), without(rules.shown)];
    if (isShown && isNoisy) shown.push(name);
    if (!isShown && !isNoisy) hidden.push(name);
    const values = { timelineHidden: hidden, timelineShown: shown };
    if (record === null)
      void run('createRecord', {
        entity: 'organization',
        id: ORGANIZATION_ID,
        values: { currency: figures.currency, ...values },
      });
    else void run('updateRecord', { entity: 'organization', id: ORGANIZATION_ID, values });
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('timeline.fields')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="sm">
        <Text size="sm" className="op-muted">
          {t('timeline.fieldsText')}
        </Text>
        <TextInput
          placeholder={t('timeline.fieldSearch')}
          aria-label={t('timeline.fieldSearch')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <ScrollArea.Autosize mah="50vh" type="auto">
          {historyEntities.map((entity) => {
            const definition = definitions[entity];
            const fields = Object.entries(definition.fields)
              .filter(([, { system }]) => system !== true)
              .map(([field, { noisy }]) => ({ field, isNoisy: noisy === true, label: names.field(definition, field) }))
              .filter(({ label }) => label.toLowerCase().includes(words));
            return fields.length === 0 ? null : (
              <Stack key={entity} gap={6} mb="md" role="group" aria-label={names.entities(definition)}>
                <Text size="sm" fw={600}>
                  {names.entities(definition)}
                </Text>
                {fields.map(({ field, isNoisy, label }) => (
                  <Checkbox
                    key={field}
                    size="xs"
                    label={label}
                    checked={isOnTimeline(rules, definition, field)}
                    onChange={(event) => put(`${entity}.${field}`, isNoisy, event.currentTarget.checked)}
                  />
                ))}
              </Stack>
            );
          })}
        </ScrollArea.Autosize>
      </Stack>
    </Modal>
  );
}
