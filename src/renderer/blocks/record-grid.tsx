// The grid of every list: rows come from the data host as they scroll into view, cells are edited in place, and each
// edit is the same command as everywhere else. Knows entities, knows no screen.
import { useMantineColorScheme, useComputedColorScheme } from '@mantine/core';
import {
  CellApiModule,
  CellStyleModule,
  CheckboxEditorModule,
  ColumnApiModule,
  DateEditorModule,
  InfiniteRowModelModule,
  LocaleModule,
  ModuleRegistry,
  NumberEditorModule,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  ScrollApiModule,
  SelectEditorModule,
  TextEditorModule,
  type CellValueChangedEvent,
  type ColDef,
  type GridApi,
  type SortChangedEvent,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavigationType, useNavigationType } from 'react-router';
import { readAmount } from '#renderer/app/format/read-number.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useFieldText } from '#renderer/blocks/field-text.ts';
import { gridLocale } from '#renderer/blocks/grid-locale.ts';
import { gridTheme } from '#renderer/blocks/grid-theme.ts';
import { focusRow, rememberPlace, returnToPlace } from '#renderer/blocks/grid-place.ts';
import { SelectAllContext, SelectAllHeader, useGridSelection } from '#renderer/blocks/grid-selection.tsx';
import { createLiveSource } from '#renderer/blocks/live-source.ts';
import { isOverdue } from '#renderer/blocks/overdue.ts';
import { MaskedText } from '#renderer/blocks/masked-text.tsx';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import type { ListQuery, LocalRecord } from '#renderer/data/data-contract.ts';
import { useDataClient } from '#renderer/data/use-data.ts';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import type { EntityDefinition, FieldType } from '#shared/entities/define-entity.ts';
import type { Sort } from '#shared/query/filter.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';
import classes from './record-grid.module.css';

// Only what the lists use: the whole grid is twice as large, and a list is often the second thing opened.
ModuleRegistry.registerModules([
  InfiniteRowModelModule,
  RowSelectionModule,
  ScrollApiModule,
  TextEditorModule,
  NumberEditorModule,
  DateEditorModule,
  SelectEditorModule,
  CheckboxEditorModule,
  CellStyleModule,
  LocaleModule,
  ColumnApiModule,
  RowApiModule,
  CellApiModule,
  RenderApiModule,
]);

const defaultColumn: ColDef<LocalRecord> = {
  sortable: true,
  resizable: true,
  suppressHeaderMenuButton: true,
  minWidth: 90,
  flex: 1,
};

export interface RecordGridProps {
  readonly definition: EntityDefinition;
  readonly query: Omit<ListQuery, 'offset' | 'limit'>;
  readonly columns: readonly string[];
  readonly isEditable: (field: string, record: LocalRecord) => boolean;
  readonly isNumeric: (field: string) => boolean;
  readonly isSortable: (field: string) => boolean;
  readonly onEdit: (record: LocalRecord, field: string, value: unknown) => Promise<boolean>;
  readonly onOpen: (record: LocalRecord) => void;
  readonly onSort: (sort: readonly Sort[]) => void;
  readonly selected: ReadonlySet<string>;
  /** How many rows there are, as far as known. */
  readonly total: number | null;
  /** `shown`: the chosen rows the grid holds. */
  readonly onSelect: (ids: ReadonlySet<string>, shown: readonly LocalRecord[]) => void;
  readonly onTotal: (total: number) => void;
  readonly onError: (error: unknown) => void;
  readonly label: string;
}

export function RecordGrid(props: RecordGridProps) {
  const { i18n, t } = useTranslation();
  const client = useDataClient();
  const names = useNames();
  const fieldText = useFieldText();
  const stageLabels = useStageLabels();
  const scheme = useComputedColorScheme('light');
  useMantineColorScheme();
  const [grid, setGrid] = useState<GridApi<LocalRecord> | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const labels = useRef<Labels>({});
  const latest = useRef(props);
  latest.current = props;

  const selection = useGridSelection(grid, props, (row) => {
    if (grid !== null && root.current !== null) focusRow(row, props.definition.titleField, grid, root.current);
  });
  const isReturning = useRef(useNavigationType() === NavigationType.Pop);
  const queryKey = JSON.stringify(props.query);
  const open = useRef(props.onOpen);
  open.current = (record) => {
    if (grid !== null) rememberPlace(queryKey, grid);
    props.onOpen(record);
  };

  const [columnDefaults] = useState<ColDef<LocalRecord>>(() => ({
    ...defaultColumn,
    // Enter opens the record, F2 edits the cell; within an editor Enter is left to the grid, which saves.
    suppressKeyboardEvent: ({ event, editing, data }) => {
      if (event.key !== 'Enter' || editing) return false;
      if (event.type === 'keydown' && data !== undefined) open.current(data);
      return true;
    },
  }));

  useEffect(() => {
    if (grid === null) return;
    const source = createLiveSource(
      client,
      JSON.parse(queryKey) as RecordGridProps['query'],
      grid,
      (answer) => {
        labels.current = { ...labels.current, ...answer.labels };
        latest.current.onTotal(answer.total);
        if (!isReturning.current) return;
        isReturning.current = false;
        // The grid learns the number of rows from this very answer.
        requestAnimationFrame(() => {
          if (root.current !== null) returnToPlace(queryKey, grid, root.current);
        });
      },
      (error) => latest.current.onError(error),
    );
    grid.setGridOption('datasource', source);
    return () => source.stop();
  }, [grid, client, queryKey]);

  useEffect(() => {
    labels.current = { ...labels.current, ...stageLabels };
    grid?.refreshCells({ force: true });
  }, [grid, stageLabels]);

  const columnDefs = useMemo<ColDef<LocalRecord>[]>(
    () =>
      props.columns.map((field, index) =>
        toColumn(props, field, index === 0, {
          open: (record) => open.current(record),
          names,
          fieldText,
          labels: () => labels.current,
          pendingText: t('sync.savedOnThisComputer'),
        }),
      ),
    // The definition and the columns decide; the rest is read through refs.
    // oxlint-disable-next-line react/exhaustive-deps
    [props.definition, props.columns.join(), names, fieldText, t],
  );

  function onSortChanged(event: SortChangedEvent<LocalRecord>): void {
    const sorted = event.api
      .getColumnState()
      .filter((column) => column.sort !== null && column.sort !== undefined)
      .sort((a, b) => (a.sortIndex ?? 0) - (b.sortIndex ?? 0))
      .map((column): Sort => ({ field: column.colId, direction: column.sort === 'desc' ? 'desc' : 'asc' }));
    if (JSON.stringify(sorted) !== JSON.stringify(latest.current.query.sort)) latest.current.onSort(sorted);
  }

  async function onCellValueChanged(event: CellValueChangedEvent<LocalRecord>): Promise<void> {
    const field = event.colDef.colId;
    if (field === undefined || event.oldValue === event.newValue) return;
    const isKept = await latest.current.onEdit(event.data, field, event.newValue ?? null);
    if (isKept) return;
    // The row is the one the list holds: what was refused must not come back with its next change.
    (event.data as Record<string, unknown>)[field] = event.oldValue;
    event.api.refreshCells({ rowNodes: [event.node], columns: [field], force: true });
  }

  return (
    <div ref={root} style={{ flex: 1, minHeight: 0 }} data-ag-theme-mode={scheme} data-testid="record-grid">
      <SelectAllContext value={selection.all}>
        <AgGridReact<LocalRecord>
          theme={gridTheme}
          localeText={gridLocale(i18n.language)}
          rowModelType="infinite"
          cacheBlockSize={100}
          maxBlocksInCache={12}
          infiniteInitialRowCount={1}
          blockLoadDebounceMillis={20}
          columnDefs={columnDefs}
          defaultColDef={columnDefaults}
          getRowId={({ data }) => data.id}
          rowSelection={{ mode: 'multiRow', headerCheckbox: false, enableClickSelection: false }}
          selectionColumnDef={{
            width: 40,
            minWidth: 40,
            maxWidth: 40,
            flex: 0,
            pinned: 'left',
            headerName: t('list.choice'),
            headerComponent: SelectAllHeader,
          }}
          stopEditingWhenCellsLoseFocus
          singleClickEdit={false}
          multiSortKey="ctrl"
          suppressCellFocus={false}
          onGridReady={(event) => setGrid(event.api)}
          onSortChanged={onSortChanged}
          onSelectionChanged={selection.onChanged}
          onModelUpdated={selection.show}
          onCellValueChanged={(event) => void onCellValueChanged(event)}
          onCellDoubleClicked={(event) => {
            // A double click on an editable cell edits it; whether the editor is open yet must not decide.
            if (event.data !== undefined && !event.column.isCellEditable(event.node)) open.current(event.data);
          }}
          suppressNoRowsOverlay
          animateRows={false}
          aria-label={props.label}
        />
      </SelectAllContext>
    </div>
  );
}

interface ColumnContext {
  readonly open: (record: LocalRecord) => void;
  readonly names: ReturnType<typeof useNames>;
  readonly fieldText: ReturnType<typeof useFieldText>;
  readonly labels: () => Labels;
  readonly pendingText: string;
}

function toColumn(
  props: RecordGridProps,
  field: string,
  isTitle: boolean,
  context: ColumnContext,
): ColDef<LocalRecord> {
  const { definition } = props;
  const isNumeric = props.isNumeric(field);
  const type = definition.fields[field]?.type;
  const sorted = props.query.sort.findIndex((sort) => sort.field === field);
  const hasEditor = isEditorType(type);
  return {
    colId: field,
    headerName: context.names.field(definition, field),
    valueGetter: ({ data }) => data?.[field] ?? null,
    valueSetter: ({ data, newValue }) => {
      (data as Record<string, unknown>)[field] = newValue;
      return true;
    },
    valueFormatter: ({ data, value }) => {
      // The list of a select editor asks for the text of each option, without a row.
      if (data === null && typeof value === 'string') return context.names.option(definition, field, value);
      return data === undefined || data === null ? '' : context.fieldText(definition, data, field, context.labels());
    },
    editable: ({ data }) => hasEditor && data !== undefined && props.isEditable(field, data),
    ...(hasEditor ? editorOf(definition, field) : {}),
    cellClassRules: { 'op-overdue': ({ data }) => data !== undefined && isOverdue(data, field) },
    sortable: props.isSortable(field),
    ...(isTitle ? {} : { cellRenderer: ValueCell }),
    ...(isNumeric ? { cellClass: 'op-number', headerClass: 'ag-right-aligned-header' } : {}),
    ...(isTitle
      ? {
          pinned: 'left',
          minWidth: 220,
          flex: 2,
          cellRenderer: TitleCell,
          cellRendererParams: { onOpen: context.open, pendingText: context.pendingText },
        }
      : {}),
    ...(isTitle ? {} : widthOf(field, type)),
    ...(sorted < 0 ? {} : { initialSort: props.query.sort[sorted]?.direction ?? 'asc', initialSortIndex: sorted }),
  };
}

/** Short values take what they need; names and texts share the rest. */
function widthOf(field: string, type: FieldType | undefined): ColDef<LocalRecord> {
  if (field === 'createdAt' || field === 'updatedAt' || type === 'dateTime') return { flex: 0, width: 188 };
  // A task is due on a day, or at an hour of it.
  if (field === 'dueDate') return { flex: 0, width: 172 };
  if (type === 'percent' || type === 'integer' || type === 'boolean') return { flex: 0, width: 104 };
  if (type === 'date' || type === 'currency') return { flex: 0, width: 112 };
  if (type === 'money' || type === 'number') return { flex: 0, width: field === 'amount' ? 124 : 136 };
  if (field === 'ownerId' || type === 'phone') return { flex: 0, width: 140 };
  if (type === 'select' || field === 'stageId') return { flex: 0, width: 120 };
  return { flex: 1, minWidth: 130 };
}

const typesWithEditor: ReadonlySet<FieldType | undefined> = new Set<FieldType>([
  'text',
  'email',
  'phone',
  'url',
  'number',
  'integer',
  'money',
  'percent',
  'date',
  'select',
  'boolean',
]);

const isEditorType = (type: FieldType | undefined): boolean => typesWithEditor.has(type);

function editorOf(definition: EntityDefinition, field: string): ColDef<LocalRecord> {
  const found = definition.fields[field];
  if (found?.type === 'select') {
    const options = (found.options ?? []).filter(({ isArchived }) => isArchived !== true).map(({ value }) => value);
    return {
      cellEditor: 'agSelectCellEditor',
      cellEditorParams: { values: found.required === true ? options : [null, ...options] },
    };
  }
  if (found?.type === 'money') {
    // People type major units; the record stores minor units of its currency. What is no amount stays text, which the
    // command refuses with its reason.
    return {
      cellEditor: 'agTextCellEditor',
      cellEditorParams: { useFormatter: true },
      valueParser: ({ data, newValue }) => readAmount(textOf(newValue), textOf(data['currency']) || 'EUR'),
    };
  }
  if (found?.type === 'number' || found?.type === 'integer' || found?.type === 'percent') {
    return {
      cellEditor: 'agNumberCellEditor',
      ...(found.type === 'percent' ? { cellEditorParams: { min: 0, max: 100 } } : {}),
    };
  }
  if (found?.type === 'date') return { cellEditor: 'agDateStringCellEditor', cellDataType: 'dateString' };
  if (found?.type === 'boolean') return { cellEditor: 'agCheckboxCellEditor' };
  return { cellEditor: 'agTextCellEditor', cellEditorParams: { maxLength: found?.maxLength ?? 500 } };
}

/** A value as text; a masked one so that it is not taken for the value. */
function ValueCell(props: { readonly value: unknown; readonly valueFormatted: string | null }) {
  const masked = maskedTextOf(props.value);
  return masked === null ? props.valueFormatted : <MaskedText text={masked} />;
}

function TitleCell(props: {
  readonly data: LocalRecord | undefined;
  readonly valueFormatted: string | null;
  readonly onOpen: (record: LocalRecord) => void;
  readonly pendingText: string;
}) {
  const { data } = props;
  if (data === undefined) return null;
  return (
    <span style={{ display: 'flex', alignItems: 'center', gap: 6 }}>
      <button type="button" tabIndex={-1} onClick={() => props.onOpen(data)} className={classes.title}>
        {props.valueFormatted}
      </button>
      {data.pending.length > 0 ? (
        <span
          title={props.pendingText}
          data-testid="pending-mark"
          aria-label={props.pendingText}
          role="img"
          style={{
            width: 7,
            height: 7,
            borderRadius: 4,
            background: 'var(--mantine-primary-color-filled)',
            flex: 'none',
          }}
        />
      ) : null}
    </span>
  );
}
