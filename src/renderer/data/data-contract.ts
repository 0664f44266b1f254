// What screens may ask the data host, the hidden window that owns the local database. A screen never holds a whole
// collection: it asks for the window it shows and is told when that window changes.
import type {
  PipelineChangeQuery,
  PipelineChangeResult,
  PipelineTrendQuery,
  PipelineTrendResult,
} from '#shared/analytics/past/change-question.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { RecordReference } from '#shared/access/parent-record.ts';
import type { RolePerson } from '#shared/access/actor-of-role.ts';
import type { ForecastDetail, ForecastQuery, ForecastResult } from '#shared/analytics/forecast/forecast-contract.ts';
import type { RightsPreview } from '#shared/access/preview-rights.ts';
import type { RightsChange } from '#shared/access/rights-world.ts';
import type { Sight } from '#shared/access/who-sees.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import type { OwnedKind } from '#shared/entities/user/owned-records.ts';
import type { Filter, Sort } from '#shared/query/filter.ts';
import type { ImportPlan, ImportResult, ImportRow, RowError } from '#shared/import/import-plan.ts';
import type { ErrorData } from '#shared/kernel/errors.ts';
import type { PivotCell, PivotQuery, PivotAnswer } from '#shared/analytics/pivot-question.ts';
import type { GoalDetail, GoalsQuery, GoalsResult } from '#shared/analytics/goals/goal-question.ts';
import type { MetricsQuery, MetricsResult } from '#shared/analytics/metrics/metric-question.ts';
import type { Folder, Grouping, InboxGroup } from '#shared/notifications/inbox-groups.ts';
import type { Labels } from '#shared/query/live-answer.ts';
import type { TimelineCounts, TimelineFilter } from '#shared/timeline/ask-timeline.ts';
import type { TimelineEvent } from '#shared/timeline/timeline-event.ts';

/** A record as the local database holds it: the server's projection with unsent operations folded in. */
export type LocalRecord = AnyRecord & {
  /** Ids of operations in this view that the server has not answered: "saved on this computer". */
  readonly pending: readonly string[];
};

export interface ListQuery {
  readonly entity: EntityName;
  readonly filter?: Filter;
  /** Words that must all occur (as prefixes) in searchable fields. */
  readonly search?: string;
  /** Only the records behind a cell of a pivot. */
  readonly cell?: PivotCell;
  readonly sort: readonly Sort[];
  readonly offset: number;
  /** At most 1,000. */
  readonly limit: number;
}

export interface ListResult {
  readonly rows: readonly LocalRecord[];
  /** Rows of the filter in all. */
  readonly total: number;
  readonly labels: Labels;
}

export interface RecordQuery {
  readonly entity: EntityName;
  readonly id: string;
}

export interface RecordResult {
  readonly record: LocalRecord | null;
  readonly labels: Labels;
}

export interface BoardQuery {
  readonly pipelineId: string;
  readonly filter?: Filter;
  readonly search?: string;
  readonly swimlane: 'none' | 'owner';
  /** Closed deals older than this are left out of won/lost columns; null shows all. */
  readonly closedWithinDays: number | null;
  /** Only deals that have been in their stage for too long. */
  readonly onlyStale?: boolean;
  /** Cards wanted per cell; the key is `stageId` or `stageId|laneId`. Missing: the first 30. */
  readonly ranges: Readonly<Record<string, { readonly offset: number; readonly limit: number }>>;
}

export interface BoardCard {
  readonly record: LocalRecord;
  /** Days in the current stage. */
  readonly stageDays: number;
  readonly stale: boolean;
}

export interface BoardCell {
  readonly count: number;
  /** Minor units of the tenant's currency. */
  readonly total: number;
  /** total weighted by probability, rounded to minor units. */
  readonly weighted: number;
  readonly offset: number;
  readonly cards: readonly BoardCard[];
}

export interface BoardResult {
  readonly stages: readonly {
    readonly id: string;
    readonly name: string;
    readonly type: 'open' | 'won' | 'lost';
    readonly probability: number;
  }[];
  /** One lane with id `all` when swimlane is none. */
  readonly lanes: readonly {
    readonly id: string;
    readonly label: string;
    readonly count: number;
    readonly total: number;
  }[];
  /** Key `stageId|laneId`. */
  readonly cells: Readonly<Record<string, BoardCell>>;
  readonly currency: string;
  readonly labels: Labels;
}

export interface AggregateQuery {
  readonly entity: EntityName;
  readonly filter?: Filter;
  /** Field to group by, or null for one row over everything. */
  readonly groupBy: string | null;
  /** Numeric fields to add up; `weighted` stands for amount × probability of deals. */
  readonly sums: readonly string[];
}

export interface AggregateResult {
  readonly groups: readonly {
    readonly key: string | null;
    readonly count: number;
    readonly sums: Readonly<Record<string, number>>;
  }[];
  readonly labels: Labels;
}

export interface SearchHit {
  readonly entity: EntityName;
  readonly id: string;
  readonly title: string;
  /** Second line: account, stage, company … */
  readonly subtitle: string;
  /** Where it is shown, when it has no page of its own: the record a file belongs to. */
  readonly shownAt?: RecordReference;
}

/** A part of a record's timeline, newest first. */
export interface TimelineQuery extends RecordQuery, TimelineFilter {
  readonly offset: number;
  /** At most 1,000. */
  readonly limit: number;
}

export interface TimelineResult extends TimelineCounts {
  readonly events: readonly TimelineEvent<LocalRecord>[];
  readonly offset: number;
  /** Fields, as `entity.field`, whose changes the organization does not want to read. */
  readonly hiddenFields: readonly string[];
  readonly labels: Labels;
}

export interface InboxQuery {
  readonly folder: Folder;
  readonly grouping: Grouping;
  /** So many rows, from the newest on. */
  readonly limit: number;
}

export interface InboxResult extends Pick<InboxQuery, 'folder' | 'grouping'> {
  readonly groups: readonly InboxGroup[];
  /** Rows there are in this folder. */
  readonly total: number;
  readonly unreadHere: number;
  /** What waits in the inbox, whatever folder is shown. */
  readonly unread: number;
  /** Names of the people. */
  readonly labels: Labels;
}

export interface UnreadNotification {
  readonly key: string;
  readonly cameAt: string;
}

/** One thing a colleague did. */
export interface TeamFeedEntry {
  readonly id: string;
  readonly at: string;
  readonly actorId: string;
  readonly type: 'activity' | 'stage' | 'won' | 'lost' | 'task' | 'created';
  /** The record it leads to. */
  readonly subject: RecordReference;
  readonly title: string;
  /** Type of the activity, name of the stage. */
  readonly detail: string;
}

export interface TeamFeedResult {
  readonly entries: readonly TeamFeedEntry[];
  readonly labels: Labels;
}

/** Live questions: answered at once, and again whenever the answer changed. */
export interface LiveQueries {
  list: { query: ListQuery; result: ListResult };
  record: { query: RecordQuery; result: RecordResult };
  board: { query: BoardQuery; result: BoardResult };
  aggregate: { query: AggregateQuery; result: AggregateResult };
  pivot: { query: PivotQuery; result: PivotAnswer };
  /** What became of the open deals between two days. */
  pipelineChange: { query: PipelineChangeQuery; result: PipelineChangeResult };
  /** The open deals at the end of each of the last days. */
  pipelineTrend: { query: PipelineTrendQuery; result: PipelineTrendResult };
  metrics: { query: MetricsQuery; result: MetricsResult };
  goals: { query: GoalsQuery; result: GoalsResult };
  /** One goal with its course; null for one that is not here. */
  goal: { query: { readonly id: string }; result: GoalDetail | null };
  timeline: { query: TimelineQuery; result: TimelineResult };
  /** What others changed since this device was last up to date before its current session. */
  changedSince: { query: { readonly since: string; readonly limit: number }; result: ListResult };
  /** How many of these records stand as a change left them (null: are deleted), so that undoing it has a meaning. */
  standing: {
    query: {
      readonly entity: EntityName;
      readonly ids: readonly string[];
      readonly left: Readonly<Record<string, unknown>> | null;
    };
    result: { readonly standing: number };
  };
  forecast: { query: ForecastQuery; result: ForecastResult };
  /** One line of it, explained; null for a line that is not there. */
  forecastDetail: {
    query: { readonly query: ForecastQuery; readonly nodeKey: string };
    result: ForecastDetail | null;
  };
  /** What the signed-in person is notified of, newest first. */
  inbox: { query: InboxQuery; result: InboxResult };
  inboxCount: { query: Readonly<Record<string, never>>; result: { readonly unread: number } };
  /** What colleagues did lately, as far as it is in sight. */
  teamFeed: { query: { readonly days: number; readonly limit: number }; result: TeamFeedResult };
  importProgress: { query: { readonly importId: string }; result: ImportProgress | null };
  /** Who somebody with this role is, for an administrator who looks at the application as the role; null without the right. */
  actorOfRole: { query: RolePerson; result: Actor | null };
}
export type LiveName = keyof LiveQueries;

export interface ImportProgress {
  readonly importId: string;
  readonly entity: EntityName;
  readonly state: 'running' | 'done' | 'failed' | 'undoing' | 'undone';
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly failed: number;
  readonly total: number;
  readonly rowErrors: readonly RowError[];
}

/** Single questions and actions. */
export interface DataRequests {
  execute: {
    input: { readonly command: string; readonly input: unknown };
    output: { readonly recordId: string | null; readonly operationIds: readonly string[] };
  };
  /** Freezes a line of a forecast as it stands now. */
  submitForecast: {
    input: { readonly query: ForecastQuery; readonly nodeKey: string; readonly note: string | null };
    output: { readonly recordId: string | null; readonly operationIds: readonly string[] };
  };
  search: {
    input: { readonly text: string; readonly limit: number };
    output: { readonly hits: readonly SearchHit[]; readonly tookMs: number };
  };
  /** Ids of all rows of a list, in order, for bulk edit of everything (at most 20,000). */
  listIds: { input: Omit<ListQuery, 'offset' | 'limit'>; output: readonly string[] };
  /** Ids of all rows of a list, in order, for an export; refused without the right to export. */
  exportIds: { input: Omit<ListQuery, 'offset' | 'limit'>; output: readonly string[] };
  /** Values of these fields of the records that are still there, in the order asked for (at most 1,000). */
  exportRows: {
    input: { readonly entity: EntityName; readonly ids: readonly string[]; readonly fields: readonly string[] };
    output: { readonly rows: readonly (readonly unknown[])[]; readonly labels: Labels };
  };
  /** Values of these fields of the records that are there, in the order asked for (at most 20,000). */
  readFields: {
    input: { readonly entity: EntityName; readonly ids: readonly string[]; readonly fields: readonly string[] };
    output: readonly { readonly id: string; readonly values: Readonly<Record<string, unknown>> }[];
  };
  /** Everything in a folder of the inbox that is unread. */
  listUnread: { input: { readonly folder: Folder }; output: readonly UnreadNotification[] };
  /** Who would gain and lose what by these changes; for administrators. */
  previewRights: { input: { readonly changes: readonly RightsChange[] }; output: RightsPreview };
  /** Which of these people see a record, as far as this computer can know. */
  whoSees: {
    input: { readonly entity: EntityName; readonly id: string; readonly userIds: readonly string[] };
    output: Readonly<Record<string, Sight>>;
  };
  /** What somebody holds that has to go on, by kind. */
  describeOwned: { input: { readonly userId: string }; output: readonly OwnedSummary[] };
  /** What an import would do, without doing it. */
  previewImport: { input: ImportRequest; output: ImportPreview };
  startImport: { input: ImportRequest; output: { readonly importId: string } };
  undoImport: { input: { readonly importId: string }; output: null };
  /** Kind and title of the records at these places, as far as they are held (at most 500). */
  describePlaces: {
    input: { readonly places: readonly { readonly coll: string; readonly id: string }[] };
    output: readonly {
      readonly coll: string;
      readonly id: string;
      readonly entity: EntityName;
      readonly title: string;
    }[];
  };
  databaseState: {
    input: Record<string, never>;
    output: { readonly open: boolean; readonly counts: Readonly<Record<string, number>> };
  };
}
export type RequestName = keyof DataRequests;

/** What somebody holds of one kind, and some of the names. */
export interface OwnedSummary {
  readonly kind: OwnedKind;
  readonly count: number;
  readonly names: readonly string[];
}

/** An import as the wizard hands it over (src/shared/import/ holds parsing, guessing and row building). */
export interface ImportRequest {
  readonly fileName: string;
  /** The decoded text of the file. */
  readonly text: string;
  readonly plan: ImportPlan;
}

/** What would become of each row; read = create + update + skip + failed. */
export interface ImportPreview {
  readonly read: number;
  readonly create: number;
  readonly update: number;
  readonly skip: number;
  readonly failed: number;
  /** The first 500. */
  readonly errors: readonly RowError[];
  readonly corrections: ImportResult['corrections'];
  /** The first rows that become something, as records, for the eye. */
  readonly sample: readonly ImportRow[];
  readonly labels: Labels;
}

/** Answer over the channel. */
export type DataAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ErrorData };

/** What `useData()` gives to screens; `createDataClient` implements it over the channel to the data host. */
export interface DataClient {
  /** Calls back with every new answer until the returned function is called. */
  watch<Name extends LiveName>(
    name: Name,
    query: LiveQueries[Name]['query'],
    onResult: (answer: DataAnswer<LiveQueries[Name]['result']>) => void,
  ): () => void;
  request<Name extends RequestName>(
    name: Name,
    input: DataRequests[Name]['input'],
  ): Promise<DataRequests[Name]['output']>;
}
