// One signed-in person's local database with everything that is answered from it. Whatever writes goes through one
// queue. When the database turns out to be damaged it is dropped, filled with the journal again, and the missing pull
// token tells the main process to fetch the rest.
import type { ImportToKeep } from '#shared/import/import-steps.ts';
import type { Applier } from '#renderer/data/apply.ts';
import { dropLocalDatabase, openLocalDatabase, type LocalDatabase } from '#renderer/data/database.ts';
import {
  createCommandContext,
  executeCommand,
  saveOperations,
  type ExecuteDeps,
  type ExecuteOutcome,
  type JournalPort,
} from '#renderer/data/execute.ts';
import { createReconciler, type Reconciler } from '#renderer/data/reconcile.ts';
import { openApplier } from '#renderer/data/open-applier.ts';
import { createAggregates, type Aggregates } from '#renderer/data/queries/aggregate-query.ts';
import { createBoards, type Boards } from '#renderer/data/queries/board-query.ts';
import { createForecasts, type Forecasts } from '#shared/analytics/forecast/answer-forecast.ts';
import { createDealHistories } from '#shared/analytics/metrics/deal-histories.ts';
import { createFieldIndex } from '#renderer/data/queries/field-index.ts';
import { createGoals, type Goals } from '#shared/analytics/goals/answer-goals.ts';
import { createDealFacts } from '#shared/analytics/metrics/deal-facts.ts';
import { createMetrics, type Metrics } from '#shared/analytics/metrics/answer-metrics.ts';
import type { QueryContext } from '#renderer/data/queries/query-context.ts';
import { createLiveQueries, type LiveQueryRunner } from '#renderer/data/queries/live-queries.ts';
import { createPipelineChanges, type PipelineChanges } from '#shared/analytics/past/answer-change.ts';
import { createDealPast } from '#shared/analytics/past/deal-past.ts';
import { createPivots, type Pivots } from '#shared/analytics/pivots.ts';
import { createSearchIndex } from '#renderer/data/queries/search-index.ts';
import { createSortedViews } from '#renderer/data/queries/sorted-views.ts';
import { createStageDurations } from '#shared/analytics/metrics/stage-durations.ts';
import { createAskedOn } from '#shared/query/asked-on.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import type { CommandContext } from '#shared/entities/command.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';
import type { Actor } from '#shared/access/actor.ts';
import { createInbox, type Inbox } from '#shared/notifications/inbox.ts';
import { createBell, type BellDeps } from '#renderer/data/notification-bell.ts';
import { createTimeZone, isTimeZone } from '#shared/analytics/time-zone.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { CreateId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { TimeZone } from '#shared/analytics/time-zone.ts';

export type LocalStorage = Parameters<typeof openLocalDatabase>[1];

export interface SessionDeps {
  /** Storage sealed with a key (256 bits as base64); without one, records are stored readable. */
  readonly openStorage: (storageKey: string | undefined) => Promise<LocalStorage>;
  readonly journal: JournalPort;
  readonly clock: Clock;
  readonly createId: CreateId;
  readonly sinceStartMs: () => number;
  readonly today: () => Day;
  /** Time zone of this computer. */
  readonly zone: TimeZone;
  readonly after: (delayMs: number, task: () => void) => void;
  /** On the disk when it resolves; the import is asked for batch by batch from then on. */
  readonly keepImport: (work: ImportToKeep) => Promise<void>;
  /** How things are said outside the windows, and to whom they are handed; absent where nobody listens. */
  readonly bell?: Pick<BellDeps, 'language' | 'tell'>;
  /** Something is saved that the view does not show; called inside the queue. */
  readonly onSavedUnseen?: (error: unknown) => Promise<void>;
  /** Takes what went wrong and is not told to whoever asked. */
  readonly noteError?: (error: unknown) => void;
  /** A damaged database was dropped; what is open now holds the journal alone. Absent where nobody fetches the rest. */
  readonly onRebuilt?: () => void;
}

export interface ProfileToOpen {
  readonly profileId: string;
  readonly actor: Actor;
  readonly storageKey?: string;
}

/** Everything that answers questions about one set of records. */
export interface Answers {
  readonly context: QueryContext;
  readonly live: LiveQueryRunner;
  readonly boards: Boards;
  readonly aggregates: Aggregates;
  readonly pivots: Pivots;
  readonly changes: PipelineChanges;
  readonly forecasts: Forecasts;
  readonly metrics: Metrics;
  readonly goals: Goals;
  stop(): void;
}

export function createAnswers(deps: SessionDeps, source: RecordSource): Answers {
  const index = createFieldIndex(source);
  const search = createSearchIndex(source, (task, delayMs) => deps.after(delayMs, task));
  const askedOn = createAskedOn(source, deps.today);
  const views = createSortedViews(source, search, askedOn);
  const context: QueryContext = { source, views, index, search, today: deps.today, askedOn };
  const past = createDealPast(source, deps.zone.dayOf);
  const pivots = createPivots(context, deps.zone.dayOf, past);
  const changes = createPipelineChanges({ source, today: deps.today, dayOf: deps.zone.dayOf, past });
  const live = createLiveQueries({ source, nowMs: deps.sinceStartMs, after: deps.after });
  const histories = createDealHistories(source);
  const durations = createStageDurations(source, histories, deps.clock);
  const dealFacts = createDealFacts(source);
  return {
    context,
    live,
    boards: createBoards(context, durations, deps.clock),
    aggregates: createAggregates(context),
    pivots,
    changes,
    forecasts: createForecasts(context),
    metrics: createMetrics(context, histories, durations, deps.clock, deps.zone, dealFacts),
    goals: createGoals(context, deps.zone),
    stop() {
      pivots.stop();
      changes.stop();
      past.stop();
      live.stop();
      search.stop();
    },
  };
}

export interface ProfileSession extends Omit<Answers, 'stop'> {
  readonly profileId: string;
  readonly storageKey: string | undefined;
  readonly inbox: Inbox;
  nowMs(): number;
  /** The time went on by more than a timer saw. */
  lookAtTime(): void;
  actor(): Actor;
  /** The same person with other rights. */
  changeActor(actor: Actor): void;
  readonly database: LocalDatabase;
  readonly applier: Applier;
  readonly reconciler: Reconciler;
  /** Runs a command; call inside the queue. */
  execute(command: string, input: unknown): Promise<ExecuteOutcome>;
  /** For work that runs many commands at once. */
  createContext(): CommandContext;
  /** Saves what such work has collected; call inside the queue. */
  save(operations: readonly OperationDraft[]): Promise<void>;
  close(): Promise<void>;
  wipe(): Promise<void>;
  /** Deletes what cannot be used any more; close first. */
  drop(): Promise<void>;
}

/** What answers that rest on the time are marked by. */
export const INBOX_CLOCK = 'inbox clock';

export function isDamage(error: unknown): boolean {
  return error instanceof OutpostError && error.code === 'local_database_damaged';
}

interface OpenDatabase {
  readonly database: LocalDatabase;
  readonly applier: Applier;
}

async function openDatabase(
  profile: ProfileToOpen,
  storage: LocalStorage,
  journal: JournalPort,
): Promise<OpenDatabase> {
  const database = await openLocalDatabase(profile.profileId, storage);
  try {
    return { database, applier: await openApplier(database, await journal.pending(), profile.actor.userId) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openOrRebuild(
  profile: ProfileToOpen,
  storage: LocalStorage,
  journal: JournalPort,
): Promise<OpenDatabase> {
  try {
    return await openDatabase(profile, storage, journal);
  } catch (error) {
    if (!isDamage(error)) throw error;
    await dropLocalDatabase(profile.profileId, storage);
    return openDatabase(profile, storage, journal);
  }
}

/** Opens the profile's database, or a new one when it is damaged, and folds in what the journal holds. */
export async function openProfileSession(deps: SessionDeps, profile: ProfileToOpen): Promise<ProfileSession> {
  const { profileId, actor } = profile;
  const storage = await deps.openStorage(profile.storageKey);
  const { database, applier } = await openOrRebuild(profile, storage, deps.journal);
  const reconciler = createReconciler(database, applier);
  const source = database.mirror;
  const answers = createAnswers(deps, source);
  const { context, live } = answers;
  // When its year begins decides what this quarter is, in any question.
  source.subscribe((changes) => {
    if (changes.some(({ entity }) => entity === 'organization')) live.markAll();
  });
  let currentActor = actor;
  const zones = new Map<string, TimeZone>();
  function ownZone(): TimeZone {
    const named = source.get('user', currentActor.userId)?.['timeZone'];
    if (typeof named !== 'string') return deps.zone;
    const zone = zones.get(named) ?? (isTimeZone(named) ? createTimeZone(named) : deps.zone);
    zones.set(named, zone);
    return zone;
  }
  const inbox = createInbox({
    source,
    actor: () => currentActor,
    zone: ownZone,
    goals: () => answers.goals.answer(currentActor, { time: 'current' }).value.goals,
    today: deps.today,
    nowMs: () => deps.clock.now(),
  });
  const bell =
    deps.bell === undefined
      ? null
      : createBell({
          ...deps.bell,
          inbox,
          source,
          userId: actor.userId,
          zone: ownZone,
          clock: deps.clock,
          after: deps.after,
          onTime: () => live.markId(INBOX_CLOCK),
        });
  function stopAll(): void {
    bell?.stop();
    inbox.stop();
    answers.stop();
  }
  const executeDeps = (): ExecuteDeps => ({ ...deps, actor: currentActor, source, index: context.index, applier });
  return {
    profileId,
    storageKey: profile.storageKey,
    actor: () => currentActor,
    changeActor(next) {
      currentActor = next;
    },
    database,
    applier,
    reconciler,
    ...answers,
    inbox,
    nowMs: () => deps.clock.now(),
    lookAtTime: () => bell?.lookNow(),
    async execute(command, input) {
      const outcome = await executeCommand(executeDeps(), command, input);
      live.flush();
      return outcome;
    },
    createContext: () => createCommandContext(executeDeps()),
    async save(operations) {
      await saveOperations(executeDeps(), operations);
      live.flush();
    },
    async close() {
      stopAll();
      await database.close();
    },
    drop: () => dropLocalDatabase(profileId, storage),
    async wipe() {
      stopAll();
      await database.remove();
    },
  };
}
