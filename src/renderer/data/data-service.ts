// What the data host does, without the wires: it obeys the main process, answers the windows, and keeps watched
// questions alive over a change of the database below them.
import type {
  DataAnswer,
  DataRequests,
  ListQuery,
  LiveName,
  LiveQueries,
  RequestName,
  SearchHit,
} from '#renderer/data/data-contract.ts';
import {
  isDamage,
  openProfileSession,
  type Answers,
  type ProfileSession,
  type ProfileToOpen,
  type SessionDeps,
} from '#renderer/data/profile-session.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import {
  answerChangedSince,
  answerList,
  answerListIds,
  answerReadFields,
  answerRecord,
  answerStanding,
} from '#renderer/data/queries/list-queries.ts';
import { answerInbox, answerUnreadCount, listUnread } from '#renderer/data/queries/inbox-query.ts';
import { answerTeamFeed } from '#renderer/data/queries/team-feed-query.ts';
import { answerTimeline } from '#renderer/data/queries/timeline-query.ts';
import { answerExportIds, answerExportRows } from '#renderer/data/queries/export-queries.ts';
import { collectEvents } from '#renderer/data/collect-events.ts';
import { describeDatabase } from '#renderer/data/describe-database.ts';
import { describeHit } from '#renderer/data/queries/describe-hit.ts';
import { dropLocalDatabase } from '#renderer/data/database.ts';
import { lookAtFiles } from '#renderer/data/look-at-files.ts';
import { keepMail, matchMails, remindOfMail } from '#renderer/data/mail-requests.ts';
import { createImportRunner, type ImportRunner } from '#renderer/data/import-runner.ts';
import { answerOwned, answerRightsPreview, answerWhoSees } from '#renderer/data/people-questions.ts';
import { answerActorOfRole, createRoleViews } from '#renderer/data/role-views.ts';
import { createSerialQueue } from '#renderer/data/serial-queue.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { RolePerson } from '#shared/access/actor-of-role.ts';
import { collectionNames, entityNames } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import type { AppliedOutcome } from '#shared/ipc/sync-status.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';
import { checkPivot } from '#shared/analytics/check-pivot.ts';
import { checkAskedFields } from '#shared/query/check-fields.ts';

export interface DataService {
  /** Does what the main process asks; resolves with the value to answer. */
  handle(request: HostRequest): Promise<unknown>;
  /** Calls back with every new answer; waits for a profile to be opened. Returns how to stop. */
  watch(
    name: LiveName,
    query: unknown,
    onAnswer: (answer: DataAnswer<unknown>) => void,
    viewAs?: RolePerson,
  ): () => void;
  request(name: RequestName, input: unknown, viewAs?: RolePerson): Promise<unknown>;
  /** Call when a new day has begun. */
  startDay(): void;
}

interface Watch {
  readonly name: LiveName;
  readonly query: unknown;
  readonly viewAs: RolePerson | undefined;
  readonly onAnswer: (answer: DataAnswer<unknown>) => void;
  stop: () => void;
}

interface OpenSession extends ProfileSession {
  readonly imports: ImportRunner;
}

/** Who asks, and what the answers are made of: the signed-in person's records, or what a role would see of them. */
interface Asking extends Omit<Answers, 'stop'> {
  readonly session: OpenSession;
  actor(): Actor;
}

type Answerers = {
  [Name in LiveName]: (asking: Asking, query: LiveQueries[Name]['query']) => LiveAnswer<LiveQueries[Name]['result']>;
};

/** The records a list is restricted to. */
function recordsOfCell(asking: Asking, { cell }: Pick<ListQuery, 'cell'>): ReadonlySet<string> | undefined {
  if (cell === undefined) return undefined;
  checkPivot(cell.spec, asking.actor().fields);
  return asking.pivots.recordsOf(cell);
}

const answerers: Answerers = {
  list: (asking, query) => {
    checkAskedFields(asking.actor().fields, entities[query.entity], query);
    return answerList(asking.context, query, recordsOfCell(asking, query));
  },
  record: (asking, query) => answerRecord(asking.context, query),
  board: (asking, query) => {
    checkAskedFields(asking.actor().fields, entities.deal, query.filter === undefined ? {} : { filter: query.filter });
    return asking.boards.answer(query);
  },
  aggregate: (asking, query) => {
    checkAskedFields(asking.actor().fields, entities[query.entity], query);
    return asking.aggregates.answer(query);
  },
  pivot: (asking, query) => {
    checkPivot(query.spec, asking.actor().fields);
    return asking.pivots.answer(query);
  },
  pipelineChange: (asking, query) => asking.changes.answer(asking.actor(), query),
  pipelineTrend: (asking, query) => asking.changes.trend(asking.actor(), query),
  forecast: (asking, query) => asking.forecasts.answer(query, asking.actor()),
  forecastDetail: (asking, query) => asking.forecasts.detail(query, asking.actor()),
  metrics: (asking, query) => asking.metrics.answer(asking.actor(), query),
  goals: (asking, query) => asking.goals.answer(asking.actor(), query),
  goal: (asking, query) => asking.goals.detail(asking.actor(), query.id),
  standing: (asking, query) => answerStanding(asking.context, query),
  timeline: (asking, query) => answerTimeline(asking.context, query),
  inbox: ({ session }, query) => answerInbox(session.context.source, session.inbox, session.nowMs(), query),
  inboxCount: ({ session }) => answerUnreadCount(session.inbox, session.nowMs()),
  teamFeed: (asking, { days, limit }) =>
    answerTeamFeed(asking.context.source, asking.actor().userId, {
      since: toInstant(asking.session.nowMs() - days * DAY_MS),
      limit,
    }),
  importProgress: (asking, query) => asking.session.imports.answerProgress(query.importId),
  changedSince: (asking, query) => answerChangedSince(asking.context, asking.actor().userId, query),
  actorOfRole: ({ session }, query) => answerActorOfRole(session.context.source, session.actor(), query),
};

const MOST_PLACES = 500;
const DAY_MS = 86_400_000;

/** What may be asked while looking as a role. */
const answeredInView: ReadonlySet<RequestName> = new Set(['search', 'listIds', 'databaseState']);

/** Questions that walk through whole collections are not asked again for every frame of a sync. */
const PATIENT_MS = 100;
const minIntervalsMs: Readonly<Partial<Record<LiveName, number>>> = {
  changedSince: 1000,
  timeline: 50,
  metrics: 250,
  goals: 250,
  goal: 250,
  inbox: 100,
  inboxCount: 100,
  teamFeed: 1000,
  pipelineChange: 100,
  pipelineTrend: 250,
  forecastDetail: 250,
};

type Requesters = {
  [Name in RequestName]: (asking: Asking, input: DataRequests[Name]['input']) => Promise<DataRequests[Name]['output']>;
};

async function search(
  { context }: Asking,
  input: DataRequests['search']['input'],
): Promise<DataRequests['search']['output']> {
  const startedMs = performance.now();
  const records = await context.search.search(input.text, Math.min(Math.max(input.limit, 1), 100));
  const hits: SearchHit[] = records.map((record) => describeHit(context.source, record));
  return { hits, tookMs: performance.now() - startedMs };
}

async function applyPage(
  session: OpenSession,
  page: Extract<HostRequest, { readonly kind: 'applyPage' }>,
): Promise<AppliedOutcome> {
  const { applier, database } = session;
  const { token, snapshot } = database.readPosition();
  const isNews = token !== null && snapshot === 'none' && !page.snapshotStart;
  const work = (): Promise<void> => applier.applyPage(page);
  if (isNews) return { events: await collectEvents(database.mirror, session.actor().userId, false, work) };
  await work();
  return { events: [] };
}

async function applyVerdicts(session: OpenSession, verdicts: readonly Verdict[]): Promise<AppliedOutcome> {
  const { applier, database } = session;
  const work = (): Promise<void> => applier.applyVerdicts(verdicts);
  return { events: await collectEvents(database.mirror, session.actor().userId, true, work) };
}

/** A disk that was full is looked at again after this time. */
const SHOW_AGAIN_MS = 2_000;

/** The first screen has the computer for itself until then. */
const UNPACK_AFTER_MS = 300;
const UNPACK_TURN_MS = 8;

export function createDataService(deps: SessionDeps): DataService {
  const queue = createSerialQueue();
  const watches = new Set<Watch>();
  let session: OpenSession | null = null;
  let isClosed = false;
  // Questions of windows that were quicker than the main process wait for the profile.
  const whenDecided = Promise.withResolvers<void>();

  function attach(watch: Watch): void {
    watch.stop();
    watch.stop = () => undefined;
    const current = session;
    if (current === null) {
      const error = toErrorData(new OutpostError('not_signed_in', 'Nobody is signed in'));
      if (isClosed) watch.onAnswer({ ok: false, error });
      return;
    }
    try {
      const table: Readonly<Record<string, ((asking: Asking, query: never) => LiveAnswer<unknown>) | undefined>> =
        answerers;
      const answerer = table[watch.name];
      if (answerer === undefined)
        throw new OutpostError('not_found', 'The data host does not know this question', { name: watch.name });
      const asking = askingOf(current, watch.viewAs);
      const answer = (): LiveAnswer<unknown> => answerer(asking, watch.query as never);
      const onValue = (value: unknown): void => watch.onAnswer({ ok: true, value });
      const onError = (error: unknown): void => watch.onAnswer({ ok: false, error: toErrorData(error) });
      watch.stop = asking.live.watch(answer, { onValue, onError }, minIntervalsMs[watch.name]);
    } catch (error) {
      watch.onAnswer({ ok: false, error: toErrorData(error) });
    }
  }

  function askingOf(current: OpenSession, viewAs: RolePerson | undefined): Asking {
    return viewAs === undefined
      ? { ...current, session: current }
      : { ...roleViews.open(current, viewAs), session: current };
  }

  const roleViews = createRoleViews(deps, () => {
    for (const watch of watches) if (watch.viewAs !== undefined) attach(watch);
  });

  function changeSession(next: OpenSession | null): void {
    roleViews.closeAll();
    session = next;
    isClosed = next === null;
    whenDecided.resolve();
    for (const watch of watches) begin(watch);
  }

  /** What is asked now and then only looks over everything: whoever asks for less is answered first. */
  function begin(watch: Watch): void {
    const isPatient = (minIntervalsMs[watch.name] ?? 0) >= PATIENT_MS;
    if (!isPatient || session === null) {
      attach(watch);
      return;
    }
    deps.after(0, () => {
      if (watches.has(watch)) attach(watch);
    });
  }

  async function open(profile: ProfileToOpen): Promise<void> {
    const { profileId, actor, storageKey } = profile;
    const isSame = session?.profileId === profileId && session.storageKey === storageKey;
    if (session !== null && isSame && session.actor().userId === actor.userId) {
      session.changeActor(actor);
      session.live.markAll();
      return;
    }
    await session?.close();
    session = null;
    const opened = await openProfileSession({ ...deps, onSavedUnseen }, profile);
    changeSession({ ...opened, imports: createImportRunner(opened, queue, deps.createId, deps.keepImport) });
    unpackLater(opened, UNPACK_AFTER_MS);
  }

  /** What the first screen did not ask for is unpacked in turns, so that the next question finds it. */
  function unpackLater(opened: ProfileSession, delayMs: number): void {
    deps.after(delayMs, () => void queue.run(() => unpackSome(opened)));
  }

  async function unpackSome(opened: ProfileSession): Promise<void> {
    if (session?.database !== opened.database) return;
    try {
      if (!opened.database.unpack(performance.now() + UNPACK_TURN_MS)) {
        unpackLater(opened, 0);
        return;
      }
      await opened.applier.mend();
      opened.live.flush();
    } catch (error) {
      if (!isDamage(error)) throw error;
      await rebuild(opened);
    }
  }

  /** Leaves an empty database with the journal on top; the missing token makes whoever hears of it fetch the rest. */
  async function rebuild(damaged: ProfileSession): Promise<void> {
    await damaged.close();
    await damaged.drop();
    session = null;
    const { profileId, storageKey } = damaged;
    await open({ profileId, actor: damaged.actor(), ...(storageKey === undefined ? {} : { storageKey }) });
    deps.onRebuilt?.();
  }

  function currentSession(): OpenSession {
    if (session === null) throw new OutpostError('not_signed_in', 'Nobody is signed in');
    return session;
  }

  async function handleNow(request: HostRequest): Promise<unknown> {
    switch (request.kind) {
      case 'openProfile':
        await open(request);
        return null;
      case 'closeProfile': {
        const closing = session;
        changeSession(null);
        await closing?.close();
        return null;
      }
      case 'wipe': {
        const open = session?.profileId === request.profileId ? session : null;
        if (open === null) await dropLocalDatabase(request.profileId, await deps.openStorage(undefined));
        else {
          changeSession(null);
          await open.wipe();
        }
        return null;
      }
      case 'readPosition':
        return currentSession().reconciler.position();
      case 'describeDatabase':
        return describeDatabase(currentSession());
      case 'purge':
        await currentSession().reconciler.purge(request.drop);
        return null;
      case 'compareManifest':
        return currentSession().reconciler.compare(request);
      case 'applyManifest':
        await currentSession().reconciler.apply(request);
        return null;
      case 'findAbsent':
        return currentSession().reconciler.findAbsent(request.places);
      case 'lookAtFiles':
        return lookAtFiles(currentSession().context.source, currentSession().actor().userId, request);
      case 'execute':
        await currentSession().execute(request.command, request.input);
        return null;
      case 'matchMails':
        return matchMails(currentSession(), request);
      case 'keepMail':
        return keepMail(currentSession(), request);
      case 'remindOfMail':
        return remindOfMail(currentSession(), request);
      case 'lookAtTime':
        currentSession().lookAtTime();
        return null;
      case 'continueImport':
        return currentSession().imports.continue(request.importId, request.rows);
      case 'stopImport':
        await currentSession().imports.stop(request.importId, request.failure);
        return null;
      case 'reloadPending':
        await currentSession().reconciler.reload(await deps.journal.pending());
        return null;
      case 'applyPage':
        return applyPage(currentSession(), request);
      case 'applyVerdicts':
        return applyVerdicts(currentSession(), request.verdicts);
    }
  }

  /** What was asked for from another place would leave a gap: the database began anew meanwhile. */
  function checkPlace(request: HostRequest): void {
    if (request.kind !== 'applyPage' && request.kind !== 'applyManifest') return;
    if (currentSession().database.readPosition().token !== request.after)
      throw new OutpostError('local_database_damaged', 'The local database began anew while this was on its way');
  }

  async function handle(request: HostRequest): Promise<unknown> {
    checkPlace(request);
    try {
      return await handleNow(request);
    } catch (error) {
      if (isDamage(error) && session !== null) await rebuild(session);
      throw error;
    }
  }

  /** The journal has it: it is shown as soon as the view can be written, or with a view that is built anew. */
  async function onSavedUnseen(error: unknown): Promise<void> {
    deps.noteError?.(error);
    if (isDamage(error) && session !== null) await rebuild(session);
    else deps.after(SHOW_AGAIN_MS, () => void queue.run(showAgain));
  }

  async function showAgain(): Promise<void> {
    if (session === null) return;
    try {
      await session.applier.replay(await deps.journal.pending());
      session.live.flush();
    } catch (error) {
      await onSavedUnseen(error);
    }
  }

  const requesters: Requesters = {
    execute: (_asking, input) => queue.run(() => currentSession().execute(input.command, input.input)),
    submitForecast: (asking, { note, ...asked }) =>
      queue.run(() => {
        const frozen = asking.forecasts.freeze(asked, note, asking.actor());
        return currentSession().execute('submitForecast', frozen);
      }),
    search,
    listIds: async (asking, input) => {
      checkAskedFields(asking.actor().fields, entities[input.entity], input);
      return answerListIds(asking.context, input, recordsOfCell(asking, input));
    },
    exportIds: async (asking, input) => {
      checkAskedFields(asking.actor().fields, entities[input.entity], input);
      return answerExportIds(asking.context, asking.actor(), input, recordsOfCell(asking, input));
    },
    exportRows: async (asking, input) => answerExportRows(asking.context, asking.actor(), input),
    readFields: (asking, input) => Promise.resolve(answerReadFields(asking.context, input)),
    previewImport: ({ session }, input) => session.imports.preview(input),
    startImport: ({ session }, input) => session.imports.start(input),
    undoImport: async ({ session }, input) => {
      await session.imports.undo(input.importId);
      return null;
    },
    listUnread: ({ session }, { folder }) => Promise.resolve(listUnread(session.inbox, session.nowMs(), folder)),
    previewRights: ({ session }, { changes }) => answerRightsPreview(session.context.source, session.actor(), changes),
    whoSees: ({ session }, input) => answerWhoSees(session.context.source, session.actor(), input),
    describeOwned: ({ session }, { userId }) => answerOwned(session.context.index, userId, toInstant(deps.clock.now())),
    describePlaces: ({ session, context }, { places }) => {
      const found = places.slice(0, MOST_PLACES).flatMap(({ coll, id }) => {
        const name = collectionNames.find((known) => known === coll);
        const record = name === undefined ? undefined : session.database.getStored(name, id);
        if (record === undefined) return [];
        return [{ coll, id, entity: record.kind, title: describeHit(context.source, record).title }];
      });
      return Promise.resolve(found);
    },
    databaseState: ({ context }) => {
      const counts = entityNames.map((name) => [name, context.source.all(name).size] as const);
      return Promise.resolve({ open: true, counts: Object.fromEntries(counts) });
    },
  };

  return {
    handle: (request) => queue.run(() => handle(request)),
    watch(name, query, onAnswer, viewAs) {
      const watch: Watch = { name, query, viewAs, onAnswer, stop: () => undefined };
      watches.add(watch);
      begin(watch);
      return () => {
        watches.delete(watch);
        watch.stop();
      };
    },
    async request(name, input, viewAs) {
      await whenDecided.promise;
      const table: Readonly<Record<string, ((asking: Asking, input: never) => Promise<unknown>) | undefined>> =
        requesters;
      const requester = table[name];
      if (requester === undefined)
        throw new OutpostError('not_found', 'The data host does not know this request', { name });
      if (viewAs !== undefined && !answeredInView.has(name)) {
        throw new OutpostError('action_forbidden', 'Nothing can be changed while you look at Outpost as another role.');
      }
      return requester(askingOf(currentSession(), viewAs), input as never);
    },
    startDay() {
      session?.inbox.startDay();
      session?.live.markAll();
    },
  };
}
