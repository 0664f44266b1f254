import { ActionIcon, Button, Checkbox, Popover, ScrollArea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconColumns3, IconPlus, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppDispatch, useAppSelector } from '#renderer/app/store/store.ts';
import { listViewChanged, type ListView } from '#renderer/app/store/view-slice.ts';
import { CreateRecordDialog } from '#renderer/blocks/create-record-dialog.tsx';
import { ExportButton } from '#renderer/blocks/export/export-button.tsx';
import { useListOffer } from '#renderer/blocks/export/use-list-offer.ts';
import { ListMenu } from '#renderer/blocks/list-menu.tsx';
import { RecordGrid } from '#renderer/blocks/record-grid.tsx';
import { QuickAddTask } from '#renderer/blocks/tasks/quick-add.tsx';
import { TaskViews } from '#renderer/blocks/tasks/task-views.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { CellMark } from '#renderer/features/records/cell-mark.tsx';
import { BulkBar } from '#renderer/features/records/bulk-bar.tsx';
import { FilterBar } from '#renderer/features/records/filter-bar.tsx';
import {
  allColumnsOf,
  defaultColumnsOf,
  defaultSortOf,
  isColumn,
  isInlineEditable,
  isNumericField,
  isStartFilter,
  startViewOf,
} from '#renderer/features/records/list-config.ts';
import { SavedViews } from '#renderer/features/records/saved-views.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { isExportable } from '#shared/access/export-rights.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { finishedPart } from '#shared/query/unfinished.ts';

interface Selection {
  readonly filterKey: string;
  readonly ids: ReadonlySet<string>;
  readonly shown: readonly LocalRecord[];
}

const nothing: Selection = { filterKey: '', ids: new Set(), shown: [] };

export function RecordList(props: { readonly list: string; readonly definition: EntityDefinition }) {
  const { t } = useTranslation();
  const { definition } = props;
  const names = useNames();
  const format = useFormat();
  const navigate = useNavigate();
  const dispatch = useAppDispatch();
  const run = useCommand();
  const errorText = useErrorText();
  const startView = startViewOf(definition);
  const view = useAppSelector((state) => state.view.lists[props.list] ?? startView);
  const [search] = useDebouncedValue(view.search, 120);
  const [total, setTotal] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // Views that were kept before there were pivots have no cell.
  const cell = view.cell ?? null;
  const filter = useMemo(() => finishedPart(view.filter), [view.filter]);
  const filterKey = JSON.stringify([filter, search, cell]);
  const [held, setHeld] = useState<Selection>(nothing);
  // What was chosen under another filter may not be on the screen any more: it must not be changed unseen.
  const selection = held.filterKey === filterKey ? held : nothing;
  const [isCreating, setCreating] = useState(false);

  const isFirstSync = useIsFirstSync();
  const can = useCan();
  const canCreate = can('create', definition);
  const newLabel =
    definition.name === 'activity'
      ? t('record.logActivity')
      : t(`create.titles.${definition.name}`, { defaultValue: t('list.new', { entity: names.entity(definition) }) });
  const change = (part: Partial<ListView>): void => {
    dispatch(listViewChanged({ list: props.list, change: { ...view, ...part } }));
  };
  const fieldModes = useFieldModes();
  const columns = (view.columns ?? defaultColumnsOf(definition)).filter(
    (field) =>
      isColumn(definition, field) && (field === definition.titleField || fieldModes.isShown(definition, field)),
  );
  const sort = fieldModes.sortable(definition, view.sort.length > 0 ? view.sort : defaultSortOf(definition));
  const isFiltered = filter !== null || view.search.trim() !== '' || cell !== null;
  // Nobody has asked for less than the list shows by itself: there is nothing to take off, but something to begin with.
  const isAsFromStart = isFiltered && isStartFilter(definition, filter) && view.search.trim() === '' && cell === null;
  const query = {
    entity: definition.name,
    sort,
    ...(filter === null ? {} : { filter }),
    ...(search.trim() === '' ? {} : { search }),
    ...(cell === null ? {} : { cell }),
  };
  const offer = useListOffer({
    definition,
    query,
    shown: columns,
    all: allColumnsOf(definition),
    chosenIds: selection.ids,
    total,
  });

  return (
    <Page
      title={names.entities(definition)}
      subtitle={problem ?? (total === null ? ' ' : t('list.count', { count: total, formatted: format.number(total) }))}
      isFilled
      actions={
        canCreate ? (
          <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
            {newLabel}
          </Button>
        ) : null
      }
      toolbar={
        <>
          {definition.name === 'task' ? <TaskViews view="list" /> : null}
          <TextInput
            size="xs"
            w={220}
            leftSection={<IconSearch size={14} />}
            placeholder={t('list.search')}
            aria-label={t('list.search')}
            value={view.search}
            onChange={(event) => change({ search: event.currentTarget.value, savedViewId: null })}
          />
          <FilterBar
            definition={definition}
            filter={view.filter}
            onChange={(filter) => change({ filter, savedViewId: null })}
          />
          {cell === null ? null : <CellMark cell={cell} onClear={() => change({ cell: null })} />}
          <div style={{ flex: 1 }} />
          <SavedViews definition={definition} view={view} onChange={change} />
          <ColumnChooser definition={definition} columns={columns} onChange={(next) => change({ columns: next })} />
          {isExportable(definition.name) ? <ExportButton offer={offer} /> : null}
          <ListMenu entity={definition.name} />
        </>
      }
    >
      {definition.name === 'task' ? <QuickAddTask /> : null}
      {selection.shown.some((record) => can('update', definition, record)) ? (
        <BulkBar
          definition={definition}
          ids={[...selection.ids]}
          total={total ?? selection.ids.size}
          shown={selection.shown}
          canDelete={selection.shown.every((record) => can('delete', definition, record))}
          onClear={() => setHeld(nothing)}
        />
      ) : null}
      <div style={{ position: 'relative', flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' }}>
        <RecordGrid
          definition={definition}
          query={query}
          columns={columns}
          isEditable={(field, record) =>
            isInlineEditable(definition, field) &&
            fieldModes.modeOf(definition, field) === 'edit' &&
            can('update', definition, record)
          }
          isSortable={(field) => fieldModes.isKnown(definition, field)}
          isNumeric={(field) => isNumericField(definition, field)}
          onEdit={async (record, field, value) =>
            (await run('updateRecord', { entity: definition.name, id: record.id, values: { [field]: value } })) !== null
          }
          onOpen={(record) => void navigate(pathOfRecord(definition.name, record.id) ?? '/home')}
          onSort={(next) => change({ sort: next })}
          selected={selection.ids}
          total={total}
          onSelect={(ids, shown) => setHeld({ filterKey, ids, shown })}
          onTotal={(count) => {
            setTotal(count);
            setProblem(null);
          }}
          onError={(error) => setProblem(errorText(error))}
          label={names.entities(definition)}
        />
        {total === 0 && !isFirstSync ? (
          <div style={{ position: 'absolute', inset: '60px 0 0', background: 'var(--op-surface)' }}>
            <EmptyState
              icon={<IconSearch size={30} stroke={1.4} />}
              title={
                isAsFromStart
                  ? t('list.noneOpen')
                  : isFiltered
                    ? t('list.noneMatch')
                    : t('list.empty', { entities: names.entities(definition) })
              }
              text={isAsFromStart ? t('list.noneOpenText') : isFiltered ? t('list.noneMatchText') : t('list.emptyText')}
              action={
                isFiltered && !(isAsFromStart && canCreate)
                  ? {
                      label: t('list.clearFilter'),
                      onClick: () => change({ filter: null, search: '', savedViewId: null, cell: null }),
                    }
                  : canCreate
                    ? { label: newLabel, onClick: () => setCreating(true) }
                    : undefined
              }
            />
          </div>
        ) : null}
      </div>
      <CreateRecordDialog entity={definition.name} isOpen={isCreating} onClose={() => setCreating(false)} />
    </Page>
  );
}

function ColumnChooser(props: {
  readonly definition: EntityDefinition;
  readonly columns: readonly string[];
  readonly onChange: (columns: readonly string[] | null) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const fieldModes = useFieldModes();
  const all = allColumnsOf(props.definition).filter((field) => fieldModes.isShown(props.definition, field));
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon variant="default" aria-label={t('list.columns')} title={t('list.columns')}>
          <IconColumns3 size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <ScrollArea.Autosize mah={380} type="auto">
          {all.map((field) => (
            <Checkbox
              key={field}
              size="xs"
              my={6}
              label={names.field(props.definition, field)}
              checked={props.columns.includes(field)}
              disabled={field === props.definition.titleField}
              onChange={(event) =>
                props.onChange(
                  event.currentTarget.checked
                    ? [...props.columns, field]
                    : props.columns.filter((column) => column !== field),
                )
              }
            />
          ))}
        </ScrollArea.Autosize>
        <Button variant="subtle" fullWidth mt={6} onClick={() => props.onChange(null)}>
          {t('list.resetColumns')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
