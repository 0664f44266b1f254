// How each screen was left: filters, sort, columns, board settings. Kept per computer, never synchronised.
import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import type { ForecastMethod, ScenarioName } from '#shared/analytics/forecast-methods.ts';
import type { ColumnMode } from '#shared/analytics/forecast-sums.ts';
import type { Hierarchy } from '#shared/analytics/forecast-tree.ts';
import { pastChoices } from '#shared/analytics/past/past-days.ts';
import type { Period } from '#shared/kernel/periods.ts';
import type { Filter, Sort } from '#shared/query/filter.ts';
import type { PivotCell } from '#shared/analytics/pivot-question.ts';

export interface ListView {
  readonly filter: Filter | null;
  readonly search: string;
  readonly sort: readonly Sort[];
  readonly columns: readonly string[] | null;
  readonly savedViewId: string | null;
  /** Only the records behind a cell of a pivot. */
  readonly cell: PivotCell | null;
}

export interface BoardView {
  readonly pipelineId: string | null;
  readonly ownerId: string | null;
  readonly search: string;
  readonly swimlane: 'none' | 'owner';
  readonly onlyStale: boolean;
}

/** A pivot that is being put together, as it was left. What it holds is checked when it is read. */
export interface PivotView {
  readonly reportId: string | null;
  readonly spec: unknown;
  readonly look: unknown;
}

/** Which forecast is looked at. Periods are kept by what they are, so that this quarter is another one next quarter. */
export interface ForecastView {
  readonly hierarchy: Hierarchy;
  readonly columnMode: ColumnMode;
  readonly periodKind: ForecastPeriodKind;
  /** A day of the month, quarter or year, null for the present one. */
  readonly day: string | null;
  readonly custom: Period | null;
  readonly method: ForecastMethod;
  readonly scenario: ScenarioName;
  /** Percent of what the method expects. */
  readonly customPercent: number;
  readonly quotaBasis: 'own' | 'sum';
}

export const forecastPeriodKinds = ['month', 'quarter', 'year', 'days30', 'days90', 'custom'] as const;
export type ForecastPeriodKind = (typeof forecastPeriodKinds)[number];

export const sinceChoices = [...pastChoices, 'custom'] as const;
export const closePeriods = ['any', 'month', 'quarter', 'nextQuarter', 'year', 'custom'] as const;

/** Which days of the pipeline are compared. Kept by what they are, so that a week ago is another day tomorrow. */
export interface ChangesView {
  readonly since: (typeof sinceChoices)[number];
  readonly from: string | null;
  /** Null for now. */
  readonly to: string | null;
  readonly closing: (typeof closePeriods)[number];
  readonly closingDays: Period | null;
  readonly owner: string | null;
  readonly team: string | null;
  readonly pipeline: string | null;
}

export interface ViewState {
  readonly lists: Readonly<Record<string, ListView>>;
  readonly board: BoardView;
  readonly pivot: PivotView | null;
  readonly forecast: ForecastView;
  readonly changes: ChangesView;
  readonly isSidebarCollapsed: boolean;
}

export const emptyListView: ListView = {
  filter: null,
  search: '',
  sort: [],
  columns: null,
  savedViewId: null,
  cell: null,
};

const initialState: ViewState = {
  lists: {},
  board: { pipelineId: null, ownerId: null, search: '', swimlane: 'none', onlyStale: false },
  pivot: null,
  forecast: {
    hierarchy: 'managers',
    columnMode: 'single',
    periodKind: 'quarter',
    day: null,
    custom: null,
    method: 'weighted',
    scenario: 'expected',
    customPercent: 90,
    quotaBasis: 'own',
  },
  changes: {
    since: 'week',
    from: null,
    to: null,
    closing: 'any',
    closingDays: null,
    owner: null,
    team: null,
    pipeline: null,
  },
  isSidebarCollapsed: false,
};

const slice = createSlice({
  name: 'view',
  initialState,
  reducers: {
    listViewChanged: (state, action: PayloadAction<{ list: string; change: Partial<ListView> }>) => ({
      ...state,
      lists: {
        ...state.lists,
        [action.payload.list]: { ...(state.lists[action.payload.list] ?? emptyListView), ...action.payload.change },
      },
    }),
    boardViewChanged: (state, action: PayloadAction<Partial<BoardView>>) => ({
      ...state,
      board: { ...state.board, ...action.payload },
    }),
    pivotViewChanged: (state, action: PayloadAction<PivotView>) => ({ ...state, pivot: action.payload }),
    forecastViewChanged: (state, action: PayloadAction<Partial<ForecastView>>) => ({
      ...state,
      forecast: { ...state.forecast, ...action.payload },
    }),
    changesViewChanged: (state, action: PayloadAction<Partial<ChangesView>>) => ({
      ...state,
      changes: { ...state.changes, ...action.payload },
    }),
    sidebarToggled: (state) => ({ ...state, isSidebarCollapsed: !state.isSidebarCollapsed }),
  },
});

export const {
  listViewChanged,
  boardViewChanged,
  pivotViewChanged,
  forecastViewChanged,
  changesViewChanged,
  sidebarToggled,
} = slice.actions;
export const viewReducer = slice.reducer;
export const initialViewState = initialState;
