import { Button, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppDispatch } from '#renderer/app/store/store.ts';
import { emptyListView, listViewChanged } from '#renderer/app/store/view-slice.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useFieldText } from '#renderer/blocks/field-text.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { isOverdue } from '#renderer/blocks/overdue.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { CreateRecordDialog } from '#renderer/blocks/create-record-dialog.tsx';
import { pathOfList, pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { TaskCheckbox } from '#renderer/blocks/task-checkbox.tsx';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { Filter } from '#shared/query/filter.ts';
import classes from './related-lists.module.css';
import type { Labels } from '#shared/query/live-answer.ts';

interface Related {
  readonly entity: EntityName;
  readonly field: string;
  /** Facts beside the title. */
  readonly columns: readonly string[];
}

const related: Readonly<Partial<Record<EntityName, readonly Related[]>>> = {
  account: [
    { entity: 'deal', field: 'accountId', columns: ['stageId', 'amount', 'closeDate'] },
    { entity: 'contact', field: 'accountId', columns: ['jobTitle', 'phone'] },
    { entity: 'task', field: 'accountId', columns: ['dueDate'] },
  ],
  contact: [
    { entity: 'deal', field: 'primaryContactId', columns: ['stageId', 'amount', 'closeDate'] },
    { entity: 'task', field: 'contactId', columns: ['dueDate'] },
  ],
  deal: [{ entity: 'task', field: 'dealId', columns: ['dueDate'] }],
  lead: [{ entity: 'task', field: 'leadId', columns: ['dueDate'] }],
};

/** Values a new record of that list starts with: it belongs to the record whose page this is. */
function startValues(list: Related, record: LocalRecord): Readonly<Record<string, unknown>> {
  const account = typeof record['accountId'] === 'string' ? { accountId: record['accountId'] } : {};
  return { ...account, [list.field]: record.id };
}

export function RelatedLists(props: {
  readonly definition: EntityDefinition;
  readonly record: LocalRecord;
  readonly labels: Labels;
}) {
  return (
    <>
      {(related[props.definition.name] ?? []).map((list) => (
        <RelatedList
          key={list.entity}
          list={list}
          record={props.record}
          labels={{ ...props.labels, [props.record.id]: recordTitle(props.record) }}
        />
      ))}
    </>
  );
}

const ROWS = 8;

function RelatedList(props: { readonly list: Related; readonly record: LocalRecord; readonly labels: Labels }) {
  const { t } = useTranslation();
  const names = useNames();
  const fieldText = useFieldText();
  const stageLabels = useStageLabels();
  const format = useFormat();
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const definition = entities[props.list.entity];
  const isTask = props.list.entity === 'task';
  const fieldModes = useFieldModes();
  const columns = props.list.columns.filter((column) => fieldModes.isShown(definition, column));
  const filter: Filter = isTask
    ? {
        and: [
          { field: props.list.field, op: 'eq', value: props.record.id },
          { field: 'status', op: 'ne', value: 'done' },
          { field: 'status', op: 'ne', value: 'cancelled' },
        ],
      }
    : { field: props.list.field, op: 'eq', value: props.record.id };
  const { data } = useLive('list', {
    entity: props.list.entity,
    filter,
    sort: fieldModes.sortable(definition, [
      isTask ? { field: 'dueDate', direction: 'asc' } : { field: 'updatedAt', direction: 'desc' },
    ]),
    offset: 0,
    limit: ROWS,
  });
  function showAll(): void {
    const list = pathOfList(props.list.entity)?.slice(1);
    if (list === undefined) return;
    const conditions = 'and' in filter ? filter.and : [filter];
    dispatch(listViewChanged({ list, change: { ...emptyListView, filter: { and: conditions } } }));
    void navigate(`/${list}`);
  }
  // Tasks are added with the button of the page.
  const canCreate = useCan()('create', definition) && !isTask;
  const [isCreating, setCreating] = useState(false);
  if (data === undefined || (data.total === 0 && !canCreate)) return null;
  const labels = { ...stageLabels, ...data.labels };
  return (
    <Panel
      title={t('record.relatedCount', {
        entities: isTask ? t('record.openTasks') : names.entities(definition),
        count: data.total,
      })}
      actions={
        canCreate ? (
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => setCreating(true)}
          >
            {t(`create.titles.${props.list.entity}`)}
          </Button>
        ) : null
      }
      isFlush
    >
      <CreateRecordDialog
        entity={props.list.entity}
        isOpen={isCreating}
        onClose={() => setCreating(false)}
        initial={startValues(props.list, props.record)}
        initialLabels={props.labels}
        isStaying
      />
      <ul
        className={classes.list}
        style={{
          gridTemplateColumns: `${isTask ? 'max-content ' : ''}minmax(0, 1fr) repeat(${columns.length}, auto)`,
        }}
      >
        {data.rows.map((row) => (
          <li key={row.id} className={classes.row}>
            {isTask ? <TaskCheckbox task={row} /> : null}
            <span className={classes.name}>
              <Link className={classes.title} to={pathOfRecord(props.list.entity, row.id) ?? '/home'}>
                {recordTitle(row)}
              </Link>
              <PendingMark pending={row.pending} />
            </span>
            {columns.map((column) => (
              <span
                key={column}
                className={classes.fact}
                data-type={definition.fields[column]?.type}
                data-overdue={isOverdue(row, column) || undefined}
              >
                {column === 'dueDate'
                  ? format.nearDay(typeof row[column] === 'string' ? row[column] : null)
                  : fieldText(definition, row, column, labels)}
              </span>
            ))}
          </li>
        ))}
      </ul>
      {data.total > ROWS ? (
        <UnstyledButton className={classes.all} onClick={showAll}>
          {t('record.showAll', { count: data.total })}
        </UnstyledButton>
      ) : null}
    </Panel>
  );
}
