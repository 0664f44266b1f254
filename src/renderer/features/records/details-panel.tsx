// All fields of a record, each edited where it stands: Enter or leaving the field saves, also by leaving the page; Escape
// takes it back. A field whose change was refused stays open with what was typed.
import { ActionIcon, Group, Switch, UnstyledButton } from '@mantine/core';
import { IconCheck, IconPencil, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { FieldLock } from '#renderer/blocks/field-lock.tsx';
import { FieldLink } from '#renderer/blocks/field-link.tsx';
import { useFieldText } from '#renderer/blocks/field-text.ts';
import { MaskedText } from '#renderer/blocks/masked-text.tsx';
import { timingFieldNames } from '#renderer/blocks/tasks/timing-fields.tsx';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { isOverdue } from '#renderer/blocks/overdue.ts';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import { groupOfField, type EntityDefinition } from '#shared/entities/define-entity.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import classes from './details-panel.module.css';
import type { Labels } from '#shared/query/live-answer.ts';

/** Said elsewhere on the page or of interest to few: shown with all fields only. */
const quiet = new Set(['currency', 'externalId', 'firstName', 'lastName', 'pipelineId']);

/** Written by Outpost, and what one looks for afterwards: the way from a lead to what became of it. */
const outcome = new Set(['convertedAccountId', 'convertedContactId', 'convertedDealId']);

/** Of a task: they have a panel of their own. */
const ownPanel = new Set<string>(timingFieldNames);

/** Changed through their own commands (stage path, reassign), so never typed here. */
const ownCommand = new Set(['stageId', 'pipelineId', 'wonLostReason', 'wonLostNotes', 'ownerId', 'teamId', 'status']);

export function DetailsPanel(props: {
  readonly definition: EntityDefinition;
  readonly record: LocalRecord;
  readonly labels: Labels;
}) {
  const { t } = useTranslation();
  const [isShowingAll, setShowingAll] = useState(false);
  const [editing, setEditing] = useState<ReadonlySet<string>>(new Set());
  const { definition, record } = props;
  const fieldModes = useFieldModes();
  const shown = Object.keys(definition.fields).filter((field) => {
    const found = definition.fields[field];
    if (found === undefined || found.type === 'json' || found.type === 'references') return false;
    if (!fieldModes.isShown(definition, field)) return false;
    if (definition.name === 'task' && ownPanel.has(field) && fieldModes.isKnown(definition, field)) return false;
    const value = record[field];
    // What an organization asks for by itself is there to be filled in.
    if (isShowingAll || found.isCustom === true) return true;
    if (quiet.has(field) || (found.system === true && found.listed !== true && !outcome.has(field))) return false;
    const isEmpty =
      value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
    return !isEmpty || found.listed === true;
  });
  const sectionOf = (field: string): string => definition.fields[field]?.section ?? '';
  const sections = [...new Set(shown.map(sectionOf))].filter((section) => section !== '');
  const row = (field: string) => (
    <DetailRow
      key={field}
      {...props}
      field={field}
      isEditing={editing.has(field)}
      onEdit={() => setEditing((before) => new Set([...before, field]))}
      onDone={() => setEditing((before) => new Set([...before].filter((other) => other !== field)))}
    />
  );
  return (
    <Panel
      title={t('record.details')}
      actions={
        <Switch
          size="xs"
          label={t('record.allFields')}
          checked={isShowingAll}
          onChange={(event) => setShowingAll(event.currentTarget.checked)}
        />
      }
    >
      <dl className={classes.list}>
        {[...shown.filter((field) => sectionOf(field) === ''), 'createdAt', 'updatedAt'].map(row)}
      </dl>
      {sections.map((section) => (
        <section key={section} aria-label={section}>
          <h3 className={classes.section}>{section}</h3>
          <dl className={classes.list}>{shown.filter((field) => sectionOf(field) === section).map(row)}</dl>
        </section>
      ))}
    </Panel>
  );
}

function DetailRow(props: {
  readonly definition: EntityDefinition;
  readonly record: LocalRecord;
  readonly labels: Labels;
  readonly field: string;
  readonly isEditing: boolean;
  readonly onEdit: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const fieldText = useFieldText();
  const can = useCan();
  const pencil = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  const { definition, record, field, isEditing } = props;
  const fieldModes = useFieldModes();
  const isMaskedHere = maskedTextOf(record[field]) !== null;
  useEffect(() => {
    // The field that was edited keeps the focus, as its pencil.
    if (wasEditing.current && !isEditing && document.activeElement === document.body) pencil.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  const found = definition.fields[field];
  const isEditable =
    found !== undefined &&
    found.system !== true &&
    can('update', definition, record) &&
    fieldModes.modeOf(definition, field) === 'edit' &&
    !(definition.name === 'deal' ? ownCommand.has(field) : ['ownerId', 'teamId'].includes(field));
  const label = names.field(definition, field);
  const text = fieldText(definition, record, field, props.labels);
  const id = record[field];
  const path =
    found?.to === undefined || typeof id !== 'string' || props.labels[id] === undefined
      ? null
      : pathOfRecord(found.to, id);
  return (
    <div className={classes.row}>
      <dt>{label}</dt>
      <dd data-field={field}>
        {isEditing ? <DetailEditor {...props} /> : null}
        <span
          className={classes.value}
          data-selectable
          data-overdue={isOverdue(record, field) || undefined}
          hidden={isEditing}
        >
          {text === '' ? <span className="op-muted">–</span> : null}
          {isMaskedHere ? (
            <MaskedText text={text} />
          ) : path === null ? (
            <FieldLink type={found?.type} text={text} />
          ) : (
            <Link to={path}>{text}</Link>
          )}
        </span>
        <FieldLock definition={definition} record={record} field={field} />
        {isEditable && !isEditing ? (
          <UnstyledButton
            ref={pencil}
            className={classes.edit}
            aria-label={t('record.editField', { field: label })}
            onClick={props.onEdit}
          >
            <IconPencil size={13} />
          </UnstyledButton>
        ) : null}
      </dd>
    </div>
  );
}

function DetailEditor(props: {
  readonly definition: EntityDefinition;
  readonly record: LocalRecord;
  readonly labels: Labels;
  readonly field: string;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const { definition, record, field } = props;
  // The value seen when editing began is the base of the change, whatever arrives meanwhile.
  const [before] = useState<unknown>(record[field] ?? null);
  const [base] = useState<Readonly<Record<string, unknown>>>(() => groupValues(definition, record, field));
  const [value, setValue] = useState<unknown>(before);
  const currency = typeof record['currency'] === 'string' ? record['currency'] : 'EUR';
  const form = useRef<HTMLFormElement>(null);
  const isClosed = useRef(false);
  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea')?.focus(), []);

  async function save(): Promise<void> {
    if (isClosed.current) return;
    isClosed.current = true;
    if (isJsonEqual(value, before)) {
      props.onDone();
      return;
    }
    const outcome = await run('updateRecord', {
      entity: definition.name,
      id: record.id,
      values: { [field]: value },
      base,
    });
    isClosed.current = outcome !== null;
    if (outcome !== null) props.onDone();
  }

  function cancel(): void {
    isClosed.current = true;
    props.onDone();
  }

  const latestSave = useRef(save);
  latestSave.current = save;
  // The palette and the keys of navigation leave the page without leaving the field first.
  useEffect(() => () => void latestSave.current(), []);

  /** Decided when the focus has arrived: a list or calendar of the field itself is not outside. */
  function saveWhenLeft(): void {
    setTimeout(() => {
      const { activeElement } = document;
      if (form.current === null || form.current.contains(activeElement)) return;
      if (activeElement?.closest('[data-portal]') && activeElement.closest('[role="dialog"][aria-modal]') === null)
        return;
      // A day that cannot be read stays and says so; saving would drop it.
      if (form.current.querySelector('[data-unread]') !== null) return;
      void latestSave.current();
    });
  }

  return (
    // Escape in any field of the form takes the edit back.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') cancel();
      }}
      onBlur={saveWhenLeft}
      ref={form}
    >
      <div className={classes.input}>
        <FieldInput
          definition={definition}
          field={field}
          value={value}
          valueLabel={typeof value === 'string' ? props.labels[value] : undefined}
          currency={currency}
          isLabelHidden
          onChange={setValue}
        />
      </div>
      <Group gap={4} wrap="nowrap" pt={3}>
        <ActionIcon
          type="submit"
          variant="filled"
          color="accent"
          aria-label={t('common.save')}
          title={t('common.save')}
        >
          <IconCheck size={15} />
        </ActionIcon>
        <ActionIcon aria-label={t('common.cancel')} title={t('common.cancel')} onClick={cancel}>
          <IconX size={15} />
        </ActionIcon>
      </Group>
    </form>
  );
}

function groupValues(
  definition: EntityDefinition,
  record: LocalRecord,
  field: string,
): Readonly<Record<string, unknown>> {
  const group = groupOfField(definition, field);
  return Object.fromEntries(
    Object.keys(definition.fields)
      .filter((name) => groupOfField(definition, name) === group && Object.hasOwn(record, name))
      .map((name) => [name, record[name] ?? null]),
  );
}
