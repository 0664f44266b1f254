import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useFieldText } from '#renderer/blocks/field-text.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { Filter } from '#shared/query/filter.ts';
import classes from './related-lists.module.css';
import { textOf } from '#shared/kernel/text-of.ts';

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

export function RelatedLists(props: { readonly definition: EntityDefinition; readonly record: LocalRecord }) {
  return (
    <>
      {(related[props.definition.name] ?? []).map((list) => (
        <RelatedList key={list.entity} list={list} id={props.record.id} />
      ))}
    </>
  );
}

const ROWS = 8;

function RelatedList(props: { readonly list: Related; readonly id: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const fieldText = useFieldText();
  const stageLabels = useStageLabels();
  const run = useCommand();
  const definition = entities[props.list.entity];
  const isTask = props.list.entity === 'task';
  const filter: Filter = isTask
    ? {
        and: [
          { field: props.list.field, op: 'eq', value: props.id },
          { field: 'status', op: 'ne', value: 'done' },
        ],
      }
    : { field: props.list.field, op: 'eq', value: props.id };
  const { data } = useLive('list', {
    entity: props.list.entity,
    filter,
    sort: [isTask ? { field: 'dueDate', direction: 'asc' } : { field: 'updatedAt', direction: 'desc' }],
    offset: 0,
    limit: ROWS,
  });
  if (data === undefined || data.total === 0) return null;
  const labels = { ...stageLabels, ...data.labels };
  return (
    <Panel
      title={t('record.relatedCount', {
        entities: isTask ? t('record.openTasks') : names.entities(definition),
        count: data.total,
      })}
      isFlush
    >
      <ul className={classes.list}>
        {data.rows.map((row) => (
          <li key={row.id} className={classes.row}>
            {isTask ? (
              <Checkbox
                size="xs"
                checked={false}
                aria-label={t('task.completeNamed', { name: textOf(row['subject']) })}
                onChange={() =>
                  void run(
                    'completeTask',
                    { id: row.id },
                    { done: t('task.completed'), undo: { command: 'reopenTask', input: { id: row.id } } },
                  )
                }
              />
            ) : null}
            <Link className={classes.title} to={pathOfRecord(props.list.entity, row.id) ?? '/home'}>
              {textOf(row[definition.titleField])}
            </Link>
            <PendingMark pending={row.pending} />
            {props.list.columns.map((column) => (
              <span key={column} className={classes.fact}>
                {fieldText(definition, row, column, labels)}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
