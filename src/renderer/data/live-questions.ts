// The questions a window can watch, each with what answers it from the records of whoever asks.
import type { ListQuery, LiveName, LiveQueries } from '#renderer/data/data-contract.ts';
import type { ImportRunner } from '#renderer/data/import-runner.ts';
import type { Answers, ProfileSession } from '#renderer/data/profile-session.ts';
import { answerChangedSince, answerList, answerRecord, answerStanding } from '#renderer/data/queries/list-queries.ts';
import { answerInbox, answerUnreadCount } from '#renderer/data/queries/inbox-query.ts';
import { answerTeamFeed } from '#renderer/data/queries/team-feed-query.ts';
import { answerTimeline } from '#renderer/data/queries/timeline-query.ts';
import { answerActorOfRole } from '#renderer/data/role-views.ts';
import type { Actor } from '#shared/access/actor.ts';
import { checkPivot } from '#shared/analytics/check-pivot.ts';
import { entities } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { checkAskedFields } from '#shared/query/check-fields.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';

const DAY_MS = 86_400_000;

export interface OpenSession extends ProfileSession {
  readonly imports: ImportRunner;
}

/** Who asks, and what the answers are made of: the signed-in person's records, or what a role would see of them. */
export interface Asking extends Omit<Answers, 'stop'> {
  readonly session: OpenSession;
  actor(): Actor;
}

type Answerers = {
  [Name in LiveName]: (asking: Asking, query: LiveQueries[Name]['query']) => LiveAnswer<LiveQueries[Name]['result']>;
};

/** The records a list is restricted to. */
export function recordsOfCell(asking: Asking, { cell }: Pick<ListQuery, 'cell'>): ReadonlySet<string> | undefined {
  if (cell === undefined) return undefined;
  checkPivot(cell.spec, asking.actor().fields);
  return asking.pivots.recordsOf(cell);
}

export const answerers: Answerers = {
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

/** Questions that walk through whole collections are not asked again for every frame of a sync. */
const PATIENT_MS = 100;
export const minIntervalsMs: Readonly<Partial<Record<LiveName, number>>> = {
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

/** What is asked again only now and then looks over everything. */
export const isPatient = (name: LiveName): boolean => (minIntervalsMs[name] ?? 0) >= PATIENT_MS;
