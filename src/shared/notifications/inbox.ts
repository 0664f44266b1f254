// Everything one person is notified of, kept up with the records: a change of a record derives anew what comes from it, and
// nothing else. What is due is asked for with the time, so a clock that is set back takes nothing away for good and a clock
// that is ahead brings nothing twice: the keys stay what they are.
import type { Actor } from '#shared/access/actor.ts';
import type { GoalView } from '#shared/analytics/goals/goal-question.ts';
import type { TimeZone } from '#shared/analytics/time-zone.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { toEpochMs, toInstant, type Day } from '#shared/kernel/calendar.ts';
import { bundleStrokes } from '#shared/notifications/bundle.ts';
import { foldMarks, unmarked, type MarkState } from '#shared/notifications/marks.ts';
import {
  KEPT_DAYS,
  type Notification,
  type NotificationOrigin,
  type NotificationWorld,
} from '#shared/notifications/notification.ts';
import { notificationOrigins } from '#shared/notifications/origins.ts';
import {
  isWanted,
  newestOf,
  readPreferences,
  type NotificationPreferences,
} from '#shared/notifications/preferences.ts';
import { goalNotices } from '#shared/notifications/sources/goal-notices.ts';
import { weeklyNotices } from '#shared/notifications/sources/weekly-notices.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

const DAY_MS = 86_400_000;

export interface InboxItem extends Notification {
  /** When it came, or came back from being snoozed. */
  readonly cameAt: string;
  readonly isRead: boolean;
  readonly isArchived: boolean;
  /** A computer of the reader told of it. */
  readonly isShown: boolean;
  /** Until when it is put off; null: it is there. */
  readonly snoozedUntil: string | null;
}

export interface Inbox {
  /** What came by now, archived and snoozed ones included, newest first. */
  items(nowMs: number): readonly InboxItem[];
  /** The next moment at which something comes; null: nothing is ahead. */
  nextMs(nowMs: number): number | null;
  preferences(): NotificationPreferences;
  /** Entities an answer made of the items rests on. */
  readonly entities: ReadonlySet<EntityName>;
  /** The week may have changed. */
  startDay(): void;
  stop(): void;
}

export interface InboxDeps {
  readonly source: RecordSource;
  readonly actor: () => Pick<Actor, 'userId' | 'teamIds' | 'permissions'>;
  /** Where the person is: what is due on a day is due then on all computers. */
  readonly zone: () => TimeZone;
  /** Goals as the reader sees them now; absent: none are looked at. */
  readonly goals?: () => readonly GoalView[];
  readonly today: () => Day;
  readonly nowMs: () => number;
}

/** Kinds of which a change may mean something for every notification. */
const worldEntities: ReadonlySet<EntityName> = new Set(['user', 'team', 'organization', 'exchangeRate', 'pipeline']);

export const inboxEntities: ReadonlySet<EntityName> = new Set<EntityName>([
  ...notificationOrigins.flatMap(({ entity, follows }) => [entity, ...(follows ?? []).map((above) => above.entity)]),
  ...worldEntities,
  'goal',
  'notificationMark',
  'notificationPreference',
]);

const originsOf = new Map<EntityName, readonly NotificationOrigin[]>();
for (const origin of notificationOrigins)
  originsOf.set(origin.entity, [...(originsOf.get(origin.entity) ?? []), origin]);
/** Which origins look again when a record of a kind changes. */
const followersOf = notificationOrigins.flatMap((origin) =>
  (origin.follows ?? []).map(({ field, entity }) => ({ origin, field, entity })),
);

/** Of what can happen again under one key, a mark is about what had happened by then; clocks take no part otherwise. */
function holds(mark: string, { type, at }: Notification): boolean {
  return mark !== '' && (type !== 'task.updated' || mark >= at);
}

/** Items, and for how long they are what a look would come to, as long as no record changes. */
interface KeptItems {
  readonly items: readonly InboxItem[];
  readonly actor: unknown;
  readonly zone: TimeZone;
  readonly day: Day;
  readonly fromMs: number;
  /** Something comes, or comes back from being snoozed. */
  readonly beforeMs: number;
  /** The oldest falls out after this. */
  readonly untilMs: number;
}

export function createInbox(deps: InboxDeps): Inbox {
  const { source } = deps;
  let kept: KeptItems | null = null;
  const derived = new Map<string, readonly Notification[]>();
  /** Ids of records by the record they follow. */
  const followed = new Map<string, Set<string>>();
  let isStale = true;
  let builtFor: unknown = null;
  let weekly: { readonly day: Day; readonly found: readonly Notification[] } | null = null;
  let marks: ReadonlyMap<string, MarkState> | null = null;
  let preferences: NotificationPreferences | null = null;

  const world = (): NotificationWorld => ({ source, actor: deps.actor(), zone: deps.zone() });
  const oldest = (): string => toInstant(deps.nowMs() - KEPT_DAYS * DAY_MS);

  function derive(
    origins: readonly NotificationOrigin[],
    record: AnyRecord,
    within: NotificationWorld,
    since: string,
  ): void {
    const found: Notification[] = [];
    for (const origin of origins) {
      const moment = origin.momentOf?.(record) ?? null;
      if (origin.momentOf !== undefined && (moment === null || moment < since)) continue;
      found.push(...origin.derive(within, record));
      for (const { field } of origin.follows ?? []) {
        const above = record[field];
        if (typeof above !== 'string') continue;
        const ids = followed.get(above) ?? new Set();
        followed.set(above, ids.add(record.id));
      }
    }
    const place = `${record.kind} ${record.id}`;
    if (found.length > 0) derived.set(place, found);
    else derived.delete(place);
  }

  function build(): void {
    const actor = deps.actor();
    if (!isStale && builtFor === actor) return;
    isStale = false;
    builtFor = actor;
    derived.clear();
    followed.clear();
    const [within, since] = [world(), oldest()];
    for (const [entity, origins] of originsOf)
      for (const record of source.all(entity).values()) derive(origins, record, within, since);
  }

  const stop = source.subscribe((changes) => {
    kept = null;
    for (const { entity } of changes) {
      if (entity === 'notificationMark') marks = null;
      if (entity === 'notificationPreference') preferences = null;
      isStale ||= worldEntities.has(entity);
    }
    if (isStale) return;
    const [within, since] = [world(), oldest()];
    for (const { entity, id, after } of changes) {
      const origins = originsOf.get(entity);
      if (origins !== undefined && after === undefined) derived.delete(`${entity} ${id}`);
      else if (origins !== undefined && after !== undefined) derive(origins, after, within, since);
      for (const { origin, entity: above } of followersOf) {
        if (above !== entity) continue;
        for (const below of followed.get(id) ?? []) {
          const record = source.get(origin.entity, below);
          if (record !== undefined) derive(originsOf.get(origin.entity) ?? [], record, within, since);
        }
      }
    }
  });

  function isOwn(record: AnyRecord): boolean {
    return record.ownerId === deps.actor().userId;
  }

  function readMarks(): ReadonlyMap<string, MarkState> {
    marks ??= foldMarks([...source.all('notificationMark').values()].filter(isOwn));
    return marks;
  }

  function wished(): NotificationPreferences {
    preferences ??= readPreferences(newestOf([...source.all('notificationPreference').values()].filter(isOwn)));
    return preferences;
  }

  function* everything(): Generator<Notification> {
    build();
    for (const found of derived.values()) yield* found;
    const day = deps.today();
    if (weekly?.day !== day) weekly = { day, found: weeklyNotices(world(), day) };
    yield* weekly.found;
    if (deps.goals !== undefined) yield* goalNotices(world(), deps.goals());
  }

  /** Several screens ask at once, and again when they are opened. */
  function isKept(nowMs: number): boolean {
    if (kept === null || nowMs < kept.fromMs || nowMs >= kept.beforeMs || nowMs > kept.untilMs) return false;
    return kept.actor === deps.actor() && kept.zone === deps.zone() && kept.day === deps.today();
  }

  function keptAt(nowMs: number): KeptItems {
    if (kept === null || !isKept(nowMs)) kept = look(nowMs);
    return kept;
  }

  function look(nowMs: number): KeptItems {
    const [now, since] = [toInstant(nowMs), toInstant(nowMs - KEPT_DAYS * DAY_MS)];
    const [states, wishes] = [readMarks(), wished()];
    const found: InboxItem[] = [];
    const all = [...everything()].filter(({ type }) => isWanted(wishes, type));
    const told = all.filter(({ at }) => at <= now);
    for (const notification of bundleStrokes(told)) {
      const state = states.get(notification.key) ?? unmarked;
      const isSnoozed = state.snoozedUntil > now;
      const cameAt = !isSnoozed && state.snoozedUntil > notification.at ? state.snoozedUntil : notification.at;
      if (cameAt < since) continue;
      found.push({
        ...notification,
        cameAt,
        isRead: holds(state.read, notification),
        isArchived: holds(state.archived, notification),
        isShown: holds(state.shown, notification),
        snoozedUntil: isSnoozed ? state.snoozedUntil : null,
      });
    }
    const items = found.toSorted((left, right) =>
      left.cameAt === right.cameAt ? (left.key < right.key ? -1 : 1) : left.cameAt > right.cameAt ? -1 : 1,
    );
    const ahead = [...all.map(({ at }) => at), ...[...states.values()].map(({ snoozedUntil }) => snoozedUntil)];
    const next = ahead.reduce((least, at) => (at > now && (least === '' || at < least) ? at : least), '');
    const oldest = items.at(-1)?.cameAt;
    return {
      items,
      actor: deps.actor(),
      zone: deps.zone(),
      day: deps.today(),
      fromMs: nowMs,
      beforeMs: next === '' ? Infinity : toEpochMs(next),
      untilMs: oldest === undefined ? Infinity : toEpochMs(oldest) + KEPT_DAYS * DAY_MS,
    };
  }

  return {
    entities: inboxEntities,
    preferences: wished,
    items: (nowMs) => keptAt(nowMs).items,
    nextMs(nowMs) {
      const { beforeMs } = keptAt(nowMs);
      return beforeMs === Infinity ? null : beforeMs;
    },
    startDay() {
      kept = null;
      weekly = null;
      // What is older than the window of days falls out.
      isStale = true;
    },
    stop,
  };
}
