import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

/** Fields worth asking for when something is new; the rest waits on the record page. */
const asked: Readonly<Partial<Record<EntityName, readonly string[]>>> = {
  deal: ['name', 'accountId', 'amount', 'closeDate', 'primaryContactId', 'nextStep'],
  account: ['name', 'industry', 'website', 'phone', 'billingCity', 'billingCountry'],
  contact: ['name', 'accountId', 'jobTitle', 'email', 'phone'],
  lead: ['name', 'company', 'email', 'phone', 'leadSource', 'budget'],
  task: ['subject', 'dueDate', 'priority', 'category', 'dealId', 'accountId'],
  activity: ['activityType', 'subject', 'outcome', 'body', 'dealId', 'accountId', 'contactId'],
};

/** Required fields that the command fills when the user does not. */
const givenByCommand = new Set([
  'ownerId',
  'teamId',
  'pipelineId',
  'stageId',
  'currency',
  'occurredAt',
  'visibility',
  'status',
]);

function askedFields(definition: EntityDefinition): readonly string[] {
  const wanted = asked[definition.name] ?? Object.keys(definition.fields);
  const required = Object.keys(definition.fields).filter(
    (field) =>
      definition.fields[field]?.required === true &&
      definition.fields[field]?.system !== true &&
      definition.fields[field]?.defaultValue === undefined,
  );
  return [
    ...new Set([
      ...wanted.filter((field) => definition.fields[field] !== undefined),
      ...required.filter((field) => !givenByCommand.has(field)),
    ]),
  ];
}

/** A short form for a new record of any entity. Activities go through their own command, everything else is createRecord. */
export function CreateRecordDialog(props: {
  readonly entity: EntityName;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly initial?: Readonly<Record<string, unknown>>;
  readonly initialLabels?: Readonly<Record<string, string>>;
  /** Stay where the user is instead of opening the new record. */
  readonly isStaying?: boolean;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const definition = entities[props.entity];
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={<Text fw={600}>{t('create.title', { entity: names.entity(definition) })}</Text>}
      size="md"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {props.isOpen ? <CreateForm {...props} definition={definition} key={props.entity} /> : null}
    </Modal>
  );
}

function CreateForm(props: Parameters<typeof CreateRecordDialog>[0] & { readonly definition: EntityDefinition }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const run = useCommand();
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>(props.initial ?? {});
  const [isTried, setTried] = useState(false);
  const session = useAppSelector((state) => state.device.session);
  const fields = askedFields(props.definition);
  const missing = fields.filter(
    (field) => props.definition.fields[field]?.required === true && (values[field] ?? null) === null,
  );

  async function save(): Promise<void> {
    setTried(true);
    if (missing.length > 0 || session?.status !== 'signedIn') return;
    const filled = Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
    );
    const outcome =
      props.entity === 'activity'
        ? await run('logActivity', filled, { done: t('create.done') })
        : await run('createRecord', { entity: props.entity, values: filled }, { done: t('create.done') });
    if (outcome === null) return;
    props.onClose();
    const path = outcome.recordId === null ? null : pathOfRecord(props.entity, outcome.recordId);
    if (props.isStaying !== true && path !== null) void navigate(path);
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm">
        {fields.map((field) => (
          <FieldInput
            key={field}
            definition={props.definition}
            field={field}
            value={values[field] ?? null}
            valueLabel={typeof values[field] === 'string' ? props.initialLabels?.[values[field]] : undefined}
            currency={typeof values['currency'] === 'string' ? values['currency'] : 'EUR'}
            error={isTried && missing.includes(field) ? t('problems.required') : undefined}
            onChange={(value) => setValues((before) => ({ ...before, [field]: value }))}
          />
        ))}
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
