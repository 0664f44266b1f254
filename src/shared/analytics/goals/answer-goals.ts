// Goals as this user sees them, worked out from the records on this computer. Nothing of a result is stored or sent: whoever
// does not see what a goal is made of is told so, and never a number that would give it away.
import { can } from '#shared/access/can.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { AnalyticsContext } from '#shared/analytics/analytics-context.ts';
import { createAskedOn } from '#shared/query/asked-on.ts';
import { createCountedEvents, type CountedEvent } from '#shared/analytics/goals/counted-events.ts';
import {
  courseOfGoal,
  milestonesOfGoal,
  standingOfGoal,
  sumOfEvents,
  timeOf,
  type GoalPlace,
} from '#shared/analytics/goals/goal-figure.ts';
import type {
  GoalDetail,
  GoalFigure,
  GoalShare,
  GoalsQuery,
  GoalsResult,
  GoalView,
} from '#shared/analytics/goals/goal-question.ts';
import { recordsOfGoal } from '#shared/analytics/goals/goal-records.ts';
import { goalSpecOf, seesAllOf, unseenFieldsOf, type GoalSpec } from '#shared/analytics/goals/goal-spec.ts';
import { createLocalDays } from '#shared/analytics/metrics/local-days.ts';
import { shareOf } from '#shared/analytics/metrics/metric-numbers.ts';
import { moneyEntities, organizationMoneyOf } from '#shared/analytics/organization-money.ts';
import type { TimeZone } from '#shared/analytics/time-zone.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { milestonesOf } from '#shared/entities/goal/goal.ts';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { entities } from '#shared/entities/registry.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import { isPendingRecord } from '#shared/query/record-source.ts';
import { titleOf } from '#shared/query/record-titles.ts';
import { withBelow } from '#shared/query/with-below.ts';

export interface Goals {
  answer(actor: Actor, query: GoalsQuery): LiveAnswer<GoalsResult>;
  /** Null for a goal that is not here. */
  detail(actor: Actor, id: string): LiveAnswer<GoalDetail | null>;
}

const standing: readonly EntityName[] = ['goal', 'user', 'team', ...moneyEntities];

/** A goal with what it is worked out from. */
interface Worked {
  readonly view: GoalView;
  readonly spec: GoalSpec;
  readonly place: GoalPlace;
  /** Of the goal's person or team, as far as they are here. */
  readonly events: readonly CountedEvent[];
  readonly teams: ReadonlySet<string>;
}

export function createGoals(context: AnalyticsContext, zone: TimeZone): Goals {
  const { source } = context;
  const days = createLocalDays(zone);
  const askedOn = createAskedOn(source, context.today);
  const counted = createCountedEvents({ source, days, zone });

  const teamsBelow = (team: string): ReadonlySet<string> => withBelow(source, 'team', team, () => true);

  /** Whose events count, and whether all of them are here. */
  function eventsOf(spec: GoalSpec, teams: ReadonlySet<string>): readonly CountedEvent[] {
    const { kind, id } = spec.subject;
    return counted.of(spec, askedOn(), kind === 'user' ? { person: id } : { teams });
  }

  function targetOf({ target, currency, window }: GoalSpec): number | null {
    return currency === null ? target : organizationMoneyOf(source).convert(target, currency, window.start);
  }

  function figureOf(
    actor: Actor,
    spec: GoalSpec,
    place: GoalPlace | null,
    events: readonly CountedEvent[],
  ): GoalFigure {
    const fields = unseenFieldsOf(actor, spec);
    if (fields.length > 0) return { kind: 'unseen', entity: spec.counted, fields };
    if (place === null) return { kind: 'noRate' };
    const { kind, id } = spec.subject;
    const team = kind === 'user' ? (source.get('user', id)?.teamId ?? null) : id;
    if (seesAllOf(actor, spec, team)) return { kind: 'ready', ...standingOfGoal(place, events) };
    return { kind: 'part', ...sumOfEvents(events) };
  }

  function mayDo(actor: Actor, action: 'update' | 'delete', record: AnyRecord): boolean {
    const question = { actor, definition: entities.goal, before: record, after: null, isVisible: true } as const;
    return can({ ...question, action, groups: action === 'update' ? ['target'] : [] }).ok;
  }

  function workOut(actor: Actor, record: AnyRecord): Worked | null {
    const spec = goalSpecOf(record);
    if (spec === null) return null;
    const { subject, window, metric } = spec;
    const today = context.today();
    const { workingDays } = figuresOf(source.get('organization', ORGANIZATION_ID));
    const target = targetOf(spec);
    const place = target === null ? null : { target, window, today, workingDays };
    const teams: ReadonlySet<string> = subject.kind === 'team' ? teamsBelow(subject.id) : new Set();
    const isSeen = unseenFieldsOf(actor, spec).length === 0;
    const events = isSeen ? eventsOf(spec, teams) : [];
    const figure = figureOf(actor, spec, place, events);
    const percents = milestonesOf(record['milestones']);
    const view: GoalView = {
      id: record.id,
      name: textOf(record['name']),
      metric,
      activityType: spec.activityType,
      counted: spec.counted,
      subject: { ...subject, name: titleOf(source, subject.kind, subject.id) },
      windowType: spec.windowType,
      window,
      time: timeOf(window, today),
      target: target ?? spec.target,
      isMoney: metric === 'wonValue',
      note: typeof record['note'] === 'string' ? record['note'] : null,
      figure,
      milestones: milestonesOfGoal(target ?? spec.target, percents, figure.kind === 'ready' ? events : null, today),
      may: { change: mayDo(actor, 'update', record), remove: mayDo(actor, 'delete', record) },
      isPending: isPendingRecord(record),
    };
    const known = place ?? { target: spec.target, window, today, workingDays };
    return { view, spec, place: known, events, teams };
  }

  /** Those asked about; a team means its goal and those of its people. */
  function createSieve({ time, person, team }: GoalsQuery): (record: AnyRecord) => boolean {
    const teams = team === undefined ? null : teamsBelow(team);
    const today = context.today();
    return (record) => {
      const { startsOn, endsOn, userId, forTeamId } = record;
      const of = typeof forTeamId === 'string' ? forTeamId : source.get('user', String(userId))?.teamId;
      return (
        (time === undefined || timeOf({ start: String(startsOn), end: String(endsOn) }, today) === time) &&
        (person === undefined || userId === person) &&
        (teams === null || (typeof of === 'string' && teams.has(of)))
      );
    };
  }

  function workOutAll(actor: Actor, query: GoalsQuery): readonly Worked[] {
    const isAsked = createSieve(query);
    const records = [...source.all('goal').values()].filter(isAsked);
    return records.flatMap((record) => workOut(actor, record) ?? []).toSorted(byRank);
  }

  const entitiesOf = (worked: readonly Worked[]): ReadonlySet<EntityName> =>
    new Set([...standing, ...worked.map(({ spec }) => spec.counted)]);

  /** What each person of the team brought, and how they stand against the own goal of the same kind. */
  function sharesOf(actor: Actor, of: Worked): readonly GoalShare[] {
    if (of.spec.subject.kind !== 'team' || of.view.figure.kind !== 'ready') return [];
    const own = new Map(
      workOutAll(actor, {})
        .filter(({ spec }) => spec.subject.kind === 'user' && isSameMeasure(spec, of.spec))
        .map(({ view }) => [view.subject.id, view] as const),
    );
    const sums = new Map<string, number>();
    const people = [...source.all('user').values()].filter(
      (user) => user.teamId !== null && of.teams.has(user.teamId) && user['isActive'] !== false,
    );
    for (const { id } of people) sums.set(id, 0);
    for (const { ownerId, amount } of of.events) {
      if (ownerId !== null) sums.set(ownerId, (sums.get(ownerId) ?? 0) + (amount ?? 0));
    }
    const { actual: whole } = of.view.figure;
    return [...sums]
      .map(([userId, actual]): GoalShare => ({
        userId,
        name: titleOf(source, 'user', userId),
        actual,
        share: shareOf(actual, whole),
        own: own.get(userId) ?? null,
      }))
      .toSorted((a, b) => b.actual - a.actual || (String(a.name) < String(b.name) ? -1 : 1));
  }

  return {
    answer(actor, query) {
      const worked = workOutAll(actor, query);
      const { currency } = figuresOf(source.get('organization', ORGANIZATION_ID));
      const value = { goals: worked.map(({ view }) => view), currency, today: context.today() };
      return { value, entities: entitiesOf(worked), ids: new Set() };
    },
    detail(actor, id) {
      const record = source.get('goal', id);
      const worked = record === undefined ? null : workOut(actor, record);
      if (worked === null) return { value: null, entities: new Set(standing), ids: new Set([id]) };
      const { view, spec, place, events, teams } = worked;
      const isSeen = view.figure.kind === 'ready' || view.figure.kind === 'part';
      const value: GoalDetail = {
        goal: view,
        currency: figuresOf(source.get('organization', ORGANIZATION_ID)).currency,
        today: place.today,
        course: view.figure.kind === 'ready' ? courseOfGoal(place, events) : [],
        people: sharesOf(actor, worked),
        records: isSeen ? { entity: spec.counted, filter: recordsOfGoal(spec, days, [...teams]) } : null,
      };
      return { value, entities: entitiesOf([worked]), ids: new Set([id]) };
    },
  };
}

function isSameMeasure(a: GoalSpec, b: GoalSpec): boolean {
  const measureOf = ({ metric, activityType, counted, filter, countedBy, window }: GoalSpec): string =>
    JSON.stringify([metric, activityType, counted, filter, countedBy, window]);
  return measureOf(a) === measureOf(b);
}

/** The same measure and window stand together, teams first, then whoever is furthest. */
function byRank(a: Worked, b: Worked): number {
  return (
    compare(a.spec.window.end, b.spec.window.end) ||
    compare(a.spec.window.start, b.spec.window.start) ||
    compare(a.spec.metric, b.spec.metric) ||
    compare(a.spec.activityType ?? '', b.spec.activityType ?? '') ||
    compare(a.spec.subject.kind, b.spec.subject.kind) ||
    attainmentOf(b.view) - attainmentOf(a.view) ||
    compare(a.view.subject.name ?? '', b.view.subject.name ?? '') ||
    compare(a.view.id, b.view.id)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function attainmentOf({ figure, target }: GoalView): number {
  if (figure.kind === 'ready') return figure.attainment;
  return figure.kind === 'part' ? figure.actual / target : -1;
}
