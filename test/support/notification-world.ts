// Records of one person, a clock that stands still, and the inbox that is made of them.
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { createInbox, type Inbox, type InboxItem } from '#shared/notifications/inbox.ts';
import type { RecordChange, RecordSource } from '#shared/query/record-source.ts';

export const NOW = '2026-11-27T14:00:00.000Z';

export interface NotificationWorld {
  readonly source: RecordSource;
  readonly inbox: Inbox;
  /** Puts a record; undefined values take it out of sight. */
  readonly put: (record: AnyRecord) => AnyRecord;
  readonly remove: (entity: EntityName, id: string) => void;
  readonly items: (at?: string) => readonly InboxItem[];
  /** Of an inbox that is made now. */
  readonly freshItems: (at: string) => readonly InboxItem[];
  readonly types: (at?: string) => readonly string[];
  readonly mark: (act: string, keys: readonly string[], values?: Readonly<Record<string, unknown>>) => void;
}

export function createWorld({ userId = 'me', zone = 'Europe/Berlin', teamIds = ['team-1'] } = {}): NotificationWorld {
  const records = new Map<EntityName, Map<string, AnyRecord>>();
  const listeners = new Set<(changes: readonly RecordChange[]) => void>();
  const of = (entity: EntityName): Map<string, AnyRecord> => {
    const known = records.get(entity) ?? new Map<string, AnyRecord>();
    records.set(entity, known);
    return known;
  };
  const tell = (change: RecordChange): void => {
    for (const listener of listeners) listener([change]);
  };
  const source: RecordSource = {
    get: (entity, id) => of(entity).get(id),
    all: of,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const timeZone = createTimeZone(zone);
  const actor = { userId, teamIds, permissions: [] };
  const open = (): Inbox =>
    createInbox({
      source,
      actor: () => actor,
      zone: () => timeZone,
      today: () => timeZone.dayOf(toEpochMs(NOW)),
      nowMs: () => toEpochMs(NOW),
    });
  const inbox = open();
  let count = 0;
  const world: NotificationWorld = {
    source,
    inbox,
    put(record) {
      const before = of(record.kind).get(record.id);
      of(record.kind).set(record.id, record);
      tell({ entity: record.kind, id: record.id, before, after: record });
      return record;
    },
    remove(entity, id) {
      const before = of(entity).get(id);
      of(entity).delete(id);
      tell({ entity, id, before, after: undefined });
    },
    items: (at = NOW) => inbox.items(toEpochMs(at)),
    freshItems(at) {
      const fresh = open();
      const found = fresh.items(toEpochMs(at));
      fresh.stop();
      return found;
    },
    types: (at = NOW) => inbox.items(toEpochMs(at)).map(({ type }) => type),
    mark(act, keys, values = {}) {
      count += 1;
      world.put(
        recordOf('notificationMark', `mark-${count}`, {
          act,
          keys,
          through: NOW,
          rev: count,
          ownerId: userId,
          ...values,
        }),
      );
    },
  };
  return world;
}

export function recordOf(kind: EntityName, id: string, values: Readonly<Record<string, unknown>> = {}): AnyRecord {
  const at = '2026-11-27T09:00:00.000Z';
  const envelope = { createdAt: at, createdBy: 'boss', updatedAt: at, updatedBy: 'boss' };
  return { ...envelope, ownerId: 'me', teamId: 'team-1', rev: 1, ...values, id, kind };
}
