// A pivot as a grid: rows fold, columns stand in groups, totals stay in sight, every cell leads to its records.
import { useComputedColorScheme } from '@mantine/core';
import {
  CellStyleModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  LocaleModule,
  ModuleRegistry,
  PinnedRowModule,
  RenderApiModule,
  RowApiModule,
  ScrollApiModule,
  type ColDef,
  type ColGroupDef,
  type GridApi,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { gridLocale } from '#renderer/blocks/grid-locale.ts';
import { gridTheme } from '#renderer/blocks/grid-theme.ts';
import {
  cellAt,
  columnTree,
  rangesOf,
  shownRows,
  type ColumnNode,
  type ShownRow,
} from '#shared/analytics/pivot-axis.ts';
import { paintOf } from '#renderer/features/pivot/paint-cell.ts';
import type { PivotLook } from '#shared/analytics/pivot-look.ts';
import { RowHeader } from '#renderer/features/pivot/row-header.tsx';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { PivotAnswer } from '#shared/analytics/pivot-question.ts';
import classes from './pivot.module.css';

ModuleRegistry.registerModules([
  ClientSideRowModelModule,
  PinnedRowModule,
  CellStyleModule,
  LocaleModule,
  ColumnApiModule,
  RowApiModule,
  RenderApiModule,
  ScrollApiModule,
]);

export type GridRow = ShownRow;

type Path = readonly (string | null)[];

export interface PivotGridProps {
  readonly spec: PivotSpec;
  readonly look: PivotLook;
  readonly answer: PivotAnswer;
  readonly names: PivotNames;
  readonly onFold: (row: ShownRow) => void;
  /** A cell was opened. */
  readonly onDrill: (row: Path, column: Path) => void;
  /** The header of a total was chosen: rows are sorted by this value. */
  readonly onSortBy: (measure: string) => void;
  readonly onCopy: () => void;
  readonly label: string;
}

const TREE = 'tree';
// Room for a total of nine digits with its currency.
const LEAST_WIDTH = 128;
const MOST_WIDTH = 220;
const LETTER_PX = 7.4;
const TITLE_MARGIN_PX = 26;
const MOST_PINNED = 2;

/** Everything a cell needs to be drawn; always of the newest answer. */
interface Shown {
  readonly props: PivotGridProps;
  readonly ranges: readonly [number, number][];
}

function columnIdOf(column: number, value: number): string {
  return `${String(column)}:${String(value)}`;
}

export function PivotGrid(props: PivotGridProps) {
  const { t, i18n } = useTranslation();
  const scheme = useComputedColorScheme('light');
  const [grid, setGrid] = useState<GridApi<GridRow> | null>(null);
  const { spec, answer } = props;
  const { result } = answer;
  const ranges = useMemo(
    () => rangesOf(result, { rows: spec.rows.length, columns: spec.columns.length }),
    [result, spec.rows.length, spec.columns.length],
  );
  const latest = useRef<Shown>({ props, ranges });
  latest.current = { props, ranges };

  const rows = useMemo(() => shownRows(result.rows, new Set(props.look.folded)), [result.rows, props.look.folded]);
  const total = useMemo(
    (): GridRow[] =>
      result.rows[0] === undefined
        ? []
        : [{ index: 0, member: result.rows[0], level: 0, hasChildren: false, isFolded: false }],
    [result.rows],
  );
  // Columns stay what they are while only numbers move.
  const columnKey = JSON.stringify([spec, result.columns, answer.labels, i18n.language]);
  const columnDefs = useMemo(
    () => toColumns(latest, t('analytics.pivot.total'), t('analytics.pivot.rows')),
    // oxlint-disable-next-line react/exhaustive-deps
    [columnKey],
  );

  useEffect(() => {
    grid?.refreshCells({ force: true });
  }, [grid, answer, props.look]);

  return (
    <div className={classes.grid} data-ag-theme-mode={scheme} data-testid="pivot-grid">
      <AgGridReact<GridRow>
        theme={gridTheme}
        localeText={gridLocale(i18n.language)}
        rowData={rows as GridRow[]}
        pinnedBottomRowData={total}
        columnDefs={columnDefs}
        defaultColDef={defaultColumn}
        getRowId={({ data }) => JSON.stringify(data.member.path)}
        suppressFieldDotNotation
        animateRows={false}
        processUnpinnedColumns={({ api }) => pinnedTotals(api)}
        onGridReady={(event) => setGrid(event.api)}
        onCellKeyDown={({ event }) => {
          const isCopy = event instanceof KeyboardEvent && event.key === 'c' && (event.ctrlKey || event.metaKey);
          if (isCopy) latest.current.props.onCopy();
        }}
        onCellDoubleClicked={({ data, colDef }) => open(latest.current.props, data, colDef)}
        onColumnHeaderClicked={({ column }) => {
          const [at, value] = 'getColId' in column ? column.getColId().split(':') : [];
          const measure = at === '0' ? spec.values[Number(value)] : undefined;
          if (measure !== undefined) props.onSortBy(measure.id);
        }}
        aria-label={props.label}
      />
    </div>
  );
}

const defaultColumn: ColDef<GridRow> = {
  sortable: false,
  resizable: true,
  suppressHeaderMenuButton: true,
  suppressMovable: true,
};

/** What scrolls where room is short: the totals, so that the names of the rows stay in front. Left alone, the grid lets the names go. */
function pinnedTotals(api: GridApi<GridRow>) {
  return api.getAllGridColumns().filter((column) => column.isPinned() && column.getColId() !== TREE);
}

function open(props: PivotGridProps, data: GridRow | undefined, colDef: ColDef<GridRow>): void {
  if (data === undefined) return;
  if (colDef.colId === TREE) {
    if (data.hasChildren) props.onFold(data);
    return;
  }
  const column = props.answer.result.columns[Number(colDef.colId?.split(':')[0])];
  if (column !== undefined) props.onDrill(data.member.path, column.path);
}

function toColumns(
  latest: { readonly current: Shown },
  total: string,
  rowsTitle: string,
): (ColDef<GridRow> | ColGroupDef<GridRow>)[] {
  const { spec, names, answer } = latest.current.props;
  const treeTitle = spec.rows.map((dimension) => names.dimension(spec.source, dimension)).join(' › ');
  const tree: ColDef<GridRow> = {
    colId: TREE,
    headerName: treeTitle === '' ? rowsTitle : treeTitle,
    pinned: 'left',
    width: 250,
    valueGetter: ({ data }) => (data === undefined ? '' : rowText(latest.current.props, data, total)),
    cellRenderer: RowHeader,
    cellRendererParams: { isFlat: spec.rows.length < 2, onFold: (row: ShownRow) => latest.current.props.onFold(row) },
    suppressKeyboardEvent: (params) => onKey(latest, params),
  };
  const root = columnTree(answer.result.columns);
  if (root === null) return [tree];
  const leaves = (node: ColumnNode, isTotal: boolean): ColDef<GridRow>[] =>
    spec.values.map((measure, value) => ({
      ...valueColumn(latest, node.index, value),
      ...titled(names.measure(spec, measure) + sortMark(spec, measure.id, isTotal && node.index === 0)),
    }));
  const toDef = (node: ColumnNode): ColGroupDef<GridRow> | ColDef<GridRow> => {
    const dimension = spec.columns[node.member.path.length - 1];
    const key = node.member.path.at(-1) ?? null;
    const title = dimension === undefined ? total : names.member(spec.source, dimension, key, answer);
    const own = leaves(node, node.children.length > 0);
    const [sole] = own;
    if (node.children.length === 0) {
      return own.length === 1 && sole !== undefined
        ? { ...sole, ...titled(title) }
        : { headerName: title, children: own, marryChildren: true };
    }
    return {
      // The grid keeps what was folded by this name. Given by itself, it is that of a group without parts, which is never open.
      groupId: `parts of ${JSON.stringify(node.member.path)}`,
      headerName: title,
      marryChildren: true,
      openByDefault: true,
      children: [
        ...node.children.map((child) => ({ ...toDef(child), columnGroupShow: 'open' as const })),
        { headerName: total, children: own, marryChildren: true },
      ],
    };
  };
  if (root.children.length === 0) return [tree, ...leaves(root, true)];
  // Beside the names of the rows, in sight while columns scroll, as long as that leaves room for them.
  const isPinned = spec.values.length <= MOST_PINNED;
  // Said either way: what is left out stays as it was with fewer values.
  const totals = leaves(root, true).map((leaf): ColDef<GridRow> => ({ ...leaf, pinned: isPinned ? 'left' : null }));
  const whole = { headerName: total, children: totals, marryChildren: true };
  const parts = root.children.map(toDef);
  return isPinned ? [tree, whole, ...parts] : [tree, ...parts, whole];
}

/** A title that has room. */
function titled(headerName: string): Pick<ColDef<GridRow>, 'headerName' | 'width'> {
  const width = Math.round(headerName.length * LETTER_PX) + TITLE_MARGIN_PX;
  return { headerName, width: Math.min(Math.max(width, LEAST_WIDTH), MOST_WIDTH) };
}

function sortMark(spec: PivotSpec, measure: string, isTotal: boolean): string {
  const sort = spec.rows.at(-1)?.sort;
  if (!isTotal || sort?.by !== 'measure' || sort.measure !== measure) return '';
  return sort.direction === 'desc' ? ' ↓' : ' ↑';
}

function rowText({ spec, names, answer }: PivotGridProps, { member }: GridRow, total: string): string {
  const dimension = spec.rows[member.path.length - 1];
  if (dimension === undefined) return total;
  return names.member(spec.source, dimension, member.path.at(-1) ?? null, answer);
}

function valueColumn(latest: { readonly current: Shown }, column: number, value: number): ColDef<GridRow> {
  const numberOf = (data: GridRow | undefined): number =>
    data === undefined ? NaN : cellAt(latest.current.props.answer.result, data.index, column, value);
  return {
    colId: columnIdOf(column, value),
    cellClass: 'op-number',
    cellClassRules: { 'op-subtotal': ({ data }) => data?.hasChildren === true },
    headerClass: 'ag-right-aligned-header',
    valueGetter: ({ data }) => numberOf(data),
    valueFormatter: ({ value: number }) => {
      const { spec, names, answer } = latest.current.props;
      const measure = spec.values[value];
      return measure === undefined ? '' : names.cell(spec, measure, Number(number), answer.currency);
    },
    cellStyle: ({ data }) => {
      const { props, ranges } = latest.current;
      const measure = props.spec.values[value];
      const { result } = props.answer;
      const isLeaf =
        data?.member.path.length === props.spec.rows.length &&
        result.columns[column]?.path.length === props.spec.columns.length;
      if (measure === undefined || !isLeaf) return paintOf('none', NaN, undefined, undefined);
      return paintOf(
        props.look.paints[measure.id] ?? 'none',
        numberOf(data),
        ranges[value],
        props.look.limits[measure.id],
      );
    },
    suppressKeyboardEvent: (params) => onKey(latest, params),
  };
}

function onKey(
  latest: { readonly current: Shown },
  params: { readonly event: KeyboardEvent; readonly data: GridRow | undefined; readonly colDef: ColDef<GridRow> },
): boolean {
  const { event, data, colDef } = params;
  const isTree = colDef.colId === TREE;
  const isOpen = event.key === 'Enter' || (isTree && event.key === ' ');
  const isFold = isTree && data?.hasChildren === true && event.key === (data.isFolded ? 'ArrowRight' : 'ArrowLeft');
  if (!isOpen && !isFold) return false;
  if (event.type === 'keydown') open(latest.current.props, data, colDef);
  event.preventDefault();
  return true;
}
