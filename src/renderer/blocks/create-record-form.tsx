import { Button, Group, Stack } from '@mantine/core';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { AssigneeInput } from '#renderer/blocks/assignee-input.tsx';
import { askedCustomFields } from '#renderer/blocks/asked-custom-fields.ts';
import type { CreateFormProps } from '#renderer/blocks/create-form-props.ts';
import { focusFirst } from '#renderer/blocks/focus-first.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { TimingFields, timingFieldNames } from '#renderer/blocks/tasks/timing-fields.tsx';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useIsChanged, useReportTyped } from '#renderer/blocks/use-is-changed.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';

/** Fields worth asking for when something is new; the rest waits on the record page. */
const asked: Readonly<Partial<Record<EntityName, readonly string[]>>> = {
  deal: ['name', 'accountId', 'amount', 'closeDate', 'primaryContactId', 'nextStep'],
  account: ['name', 'industry', 'website', 'phone', 'billingCity', 'billingCountry'],
  contact: ['name', 'accountId', 'jobTitle', 'email', 'phone'],
  lead: ['name', 'company', 'email', 'phone', 'leadSource', 'budget'],
  territory: ['name', 'code', 'territoryType', 'parentId', 'managerId'],
  task: ['subject', ...timingFieldNames, 'priority', 'category', 'visibility', 'dealId', 'accountId'],
};

/** Required fields that the command fills when the user does not. */
const givenByCommand = new Set(['ownerId', 'teamId', 'pipelineId', 'stageId', 'currency', 'visibility', 'status']);

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
      ...askedCustomFields(definition),
      ...required.filter((field) => !givenByCommand.has(field)),
    ]),
  ];
}

function startValues(definition: EntityDefinition, fields: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = definition.fields[field]?.defaultValue;
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

/** The form of *New …*; Enter saves. */
export function CreateRecordForm(props: CreateFormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const run = useCommand();
  const definition = useDefinitions()[props.entity];
  const fieldModes = useFieldModes();
  const fields = askedFields(definition).filter((field) => fieldModes.modeOf(definition, field) === 'edit');
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>(() => ({
    ...startValues(definition, fields),
    ...props.initial,
  }));
  const [isTried, setTried] = useState(false);
  useReportTyped(useIsChanged(values), props.onTyped);
  const missing = fields.filter(
    (field) => definition.fields[field]?.required === true && (values[field] ?? null) === null,
  );

  const isTiming = (field: string): boolean =>
    props.entity === 'task' && timingFieldNames.some((known) => known === field);
  const firstTiming = fields.find(isTiming);

  async function save(): Promise<void> {
    setTried(true);
    if (missing.length > 0) return;
    const filled = Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
    );
    const outcome = await run('createRecord', { entity: props.entity, values: filled }, { done: t('create.done') });
    if (outcome === null) return;
    if (outcome.recordId !== null) props.onMade?.(outcome.recordId);
    props.onClose();
    const path = outcome.recordId === null ? null : pathOfRecord(props.entity, outcome.recordId);
    if (props.isStaying !== true && path !== null) void navigate(path);
  }

  return (
    <form
      noValidate
      ref={focusFirst}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm">
        {fields.map((field, index) =>
          isTiming(field) ? (
            field === firstTiming ? (
              <TimingFields
                key={field}
                values={values}
                isShown={(name) => fields.includes(name)}
                isEditable={() => true}
                onChange={(change) => setValues((before) => ({ ...before, ...change }))}
              />
            ) : null
          ) : (
            <Fragment key={field}>
              <FieldInput
                definition={definition}
                field={field}
                value={values[field] ?? null}
                valueLabel={typeof values[field] === 'string' ? props.initialLabels?.[values[field]] : undefined}
                currency={typeof values['currency'] === 'string' ? values['currency'] : 'EUR'}
                error={isTried && missing.includes(field) ? t('problems.required') : undefined}
                isFirst={index === 0}
                onChange={(value) => setValues((before) => ({ ...before, [field]: value }))}
              />
              {props.entity === 'task' && index === 0 ? (
                <AssigneeInput
                  values={values}
                  onChange={(ownerId) => setValues((before) => ({ ...before, ownerId }))}
                />
              ) : null}
            </Fragment>
          ),
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit">{t('common.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
