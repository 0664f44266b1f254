// Everything that was ever committed, kept as it was: the state of an organization at any number, and every user's rights
// then. Nothing here is computed from the engine's own books.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { CommitRows } from '#server/sync/sync-store.ts';
import { nobody, rightsOf, sees, type Rights, type Seen } from '#test/sim/oracles/rights.ts';

export interface Version {
  /** The head after the transaction that wrote it: from there on it was to be seen. */
  readonly seq: number;
  readonly record: AnyRecord;
  readonly isDeleted: boolean;
  /** Who wrote it. */
  readonly device: string | null;
  /** Nothing but who sees it has changed, because its parent's keys have. */
  readonly isFollowing: boolean;
}

export interface History {
  readonly tenantId: string;
  head: number;
  /** Oldest first, by place. */
  readonly versions: ReadonlyMap<string, readonly Version[]>;
  /** Takes in what a transaction wrote. */
  add(commit: CommitRows): void;
  /** The record as it was at a number; undefined when it was not there or deleted. */
  at(place: string, seq: number): Version | undefined;
  rightsAt(userId: string, seq: number): Rights;
  /** The record with what it follows, deleted or not. */
  seenAt(place: string, seq: number): Seen | null;
  /** What the user sees at a number, by place. */
  storeAt(userId: string, seq: number): ReadonlyMap<string, Version>;
  isVisibleAt(userId: string, place: string, seq: number): boolean;
  /** In the user's reach at some number, also one that a single transaction passed through. */
  wasInReach(userId: string, place: string): boolean;
  /** In the user's reach at some number within, also when it was deleted before the user came by the right to see it. */
  wasInReachWithin(userId: string, place: string, fromSeq: number, toSeq: number): boolean;
  /** Was in sight and is out of reach now; a deleted record whose reader would still see it is not. */
  wasLost(userId: string, place: string): boolean;
  /** Visible at some number, also of a life of the server that a restore has undone. */
  wasEverVisible(userId: string, place: string): boolean;
  /** The record and everything about it, also of lives that are over. */
  everyVersion(place: string): readonly Version[];
  /** What the books hold when the server was restored to this number: what followed it never happened, and was seen. */
  restoredTo(seq: number): History;
  /** Visible at some number within, both ends included. */
  wasVisible(userId: string, place: string, fromSeq: number, toSeq: number): boolean;
  /** Visible at every number within, both ends included. */
  stayedVisible(userId: string, place: string, fromSeq: number, toSeq: number): boolean;
}

interface KnownStore {
  readonly seq: number;
  readonly store: Map<string, Version>;
}

/** What a life of the server begins with. */
interface Begin {
  readonly former: History | null;
  readonly head: number;
  readonly versions: Map<string, Version[]>;
  readonly passing: ReadonlySet<string>;
  readonly parents: ReadonlySet<string>;
  readonly turns: readonly number[];
}

const nothing: Begin = {
  former: null,
  head: 0,
  versions: new Map(),
  passing: new Set(),
  parents: new Set(),
  turns: [0],
};

export function createHistory(tenantId: string, begin: Begin = nothing): History {
  const { former } = begin;
  const versions = new Map(begin.versions);
  /** Changed several times in one transaction: states in between stood in the order, and nobody ever saw them. */
  const passing = new Set(begin.passing);
  /** What was written in this life, in order. */
  const log: { readonly seq: number; readonly place: string }[] = [];
  /** Places that something follows, or ever did. */
  const parents = new Set(begin.parents);
  /** The last store that was asked for, by user: it is gone on from. */
  const stores = new Map<string, KnownStore>();
  /** Numbers at which somebody's rights may have changed. */
  const turns: number[] = [...begin.turns];
  const rights = new Map<string, Rights>();

  function lastAt(place: string, seq: number): Version | undefined {
    return versions.get(place)?.findLast((version) => version.seq <= seq);
  }

  function at(place: string, seq: number): Version | undefined {
    const version = lastAt(place, seq);
    return version?.isDeleted === true ? undefined : version;
  }

  function seenAt(place: string, seq: number): Seen | null {
    const version = lastAt(place, seq);
    if (version === undefined) return null;
    const parent = parentPlaceOf(version.record);
    return { record: version.record, parent: parent === null ? null : seenAt(parent, seq) };
  }

  function isSeenAt(userId: string, place: string, seq: number): boolean {
    const seen = seenAt(place, seq);
    return seen !== null && sees(rightsAt(userId, seq), seen);
  }

  function turnOf(seq: number): number {
    for (let index = turns.length - 1; index > 0; index -= 1) if ((turns[index] ?? 0) <= seq) return turns[index] ?? 0;
    return 0;
  }

  function rightsAt(userId: string, seq: number): Rights {
    const turn = turnOf(seq);
    const key = `${userId} ${String(turn)}`;
    let known = rights.get(key);
    if (known !== undefined) return known;
    const teams: AnyRecord[] = [];
    const territories: AnyRecord[] = [];
    for (const place of versions.keys()) {
      if (!place.startsWith('people/') && !place.startsWith('catalog/')) continue;
      const record = at(place, turn)?.record;
      if (record?.kind === 'team') teams.push(record);
      if (record?.kind === 'territory') territories.push(record);
    }
    const user = at(`people/${userId}`, turn)?.record;
    known = user?.kind === 'user' ? rightsOf(userId, user, teams, territories) : { ...nobody, userId };
    rights.set(key, known);
    return known;
  }

  function isVisibleAt(userId: string, place: string, seq: number): boolean {
    return at(place, seq) !== undefined && isSeenAt(userId, place, seq);
  }

  function wholeStoreAt(userId: string, seq: number): Map<string, Version> {
    const store = new Map<string, Version>();
    for (const place of versions.keys()) {
      const version = at(place, seq);
      if (version !== undefined && isSeenAt(userId, place, seq)) store.set(place, version);
    }
    return store;
  }

  /** From the store at an earlier number, when nothing happened meanwhile that moves more than it names. */
  function goOn(userId: string, last: KnownStore, seq: number): Map<string, Version> | null {
    if (last.seq > seq || turnOf(last.seq) !== turnOf(seq)) return null;
    const { store } = last;
    for (const place of placesBetween(last.seq, seq)) {
      if (parents.has(place)) return null;
      const version = at(place, seq);
      if (version !== undefined && isSeenAt(userId, place, seq)) store.set(place, version);
      else store.delete(place);
    }
    return store;
  }

  function placesBetween(fromSeq: number, toSeq: number): readonly string[] {
    const found: string[] = [];
    for (let index = log.length - 1; index >= 0; index -= 1) {
      const entry = log[index];
      if (entry === undefined || entry.seq <= fromSeq) break;
      if (entry.seq <= toSeq) found.push(entry.place);
    }
    return found;
  }

  /** The numbers within at which the answer can be another one. */
  function turnsWithin(place: string, fromSeq: number, toSeq: number): number[] {
    const own: number[] = [];
    for (let next: string | null = place; next !== null;) {
      const known: readonly Version[] = versions.get(next) ?? [];
      own.push(...known.map((version) => version.seq));
      const last = known.at(-1);
      next = last === undefined ? null : parentPlaceOf(last.record);
    }
    return [
      fromSeq,
      ...own.filter((seq) => seq > fromSeq && seq <= toSeq),
      ...turns.filter((seq) => seq > fromSeq && seq <= toSeq),
    ];
  }

  const history: History = {
    tenantId,
    head: begin.head,
    versions,
    add(commit) {
      const rows = [...commit.created, ...commit.updated];
      const headSeq = commit.seq;
      const touched = new Set<string>();
      for (const { coll, id } of commit.changes) {
        const place = `${coll}/${id}`;
        if (touched.has(place)) passing.add(place);
        touched.add(place);
      }
      const entries = new Map(commit.changes.map((change) => [`${change.coll}/${change.id}`, change]));
      let hasTurned = false;
      for (const row of rows) {
        const place = `${row.coll}/${row.id}`;
        if (row.coll === 'people' || row.kind === 'territory') hasTurned = true;
        log.push({ seq: headSeq, place });
        const parent = parentPlaceOf(row.record);
        if (parent !== null) parents.add(parent);
        const known = versions.get(place);
        const version = {
          seq: headSeq,
          record: row.record,
          isDeleted: row.isDeleted,
          device: entries.get(place)?.device ?? null,
          isFollowing: entries.get(place)?.groups.length === 0 && entries.get(place)?.action === 'update',
        };
        if (known === undefined) versions.set(place, [version]);
        else known.push(version);
      }
      if (hasTurned) turns.push(headSeq);
      history.head = headSeq;
    },
    at,
    seenAt,
    rightsAt,
    isVisibleAt,
    storeAt(userId, seq) {
      const last = stores.get(userId);
      if (last?.seq === seq) return last.store;
      const store = last === undefined ? null : goOn(userId, last, seq);
      const found = store ?? wholeStoreAt(userId, seq);
      stores.set(userId, { seq, store: found });
      return found;
    },
    wasInReach: (userId, place) =>
      passing.has(place) ||
      (versions.get(place) ?? []).some(({ seq }) => isSeenAt(userId, place, seq)) ||
      history.wasEverVisible(userId, place) ||
      former?.wasInReach(userId, place) === true,
    wasInReachWithin: (userId, place, fromSeq, toSeq) =>
      turnsWithin(place, fromSeq, toSeq).some((seq) => isSeenAt(userId, place, seq)),
    wasLost: (userId, place) => !isSeenAt(userId, place, history.head) && history.wasEverVisible(userId, place),
    wasEverVisible: (userId, place) =>
      turnsWithin(place, 0, history.head).some((seq) => isVisibleAt(userId, place, seq)) ||
      former?.wasEverVisible(userId, place) === true,
    everyVersion: (place) => [...(former?.everyVersion(place) ?? []), ...(versions.get(place) ?? [])],
    restoredTo(seq) {
      const kept = [...versions].flatMap(([place, known]): [string, Version[]][] => {
        const before = known.filter((version) => version.seq <= seq);
        return before.length === 0 ? [] : [[place, before]];
      });
      return createHistory(tenantId, {
        former: history,
        head: seq,
        versions: new Map(kept),
        passing,
        parents,
        turns: turns.filter((turn) => turn <= seq),
      });
    },
    wasVisible: (userId, place, fromSeq, toSeq) =>
      isVisibleAt(userId, place, fromSeq) ||
      turnsWithin(place, fromSeq, toSeq).some((seq) => isVisibleAt(userId, place, seq)),
    stayedVisible: (userId, place, fromSeq, toSeq) =>
      turnsWithin(place, fromSeq, toSeq).every((seq) => isVisibleAt(userId, place, seq)),
  };
  return history;
}

const collections: Readonly<Record<string, string>> = {
  account: 'accounts',
  contact: 'contacts',
  deal: 'deals',
  task: 'tasks',
};

/** What a record follows, from its own fields. */
function parentPlaceOf(record: AnyRecord): string | null {
  if (record.kind === 'conflict') {
    const coll = collections[String(record['subjectEntity'])];
    return coll === undefined ? null : `${coll}/${String(record['subjectId'])}`;
  }
  if (record.kind === 'stageChange') return `deals/${String(record['dealId'])}`;
  if (record.kind !== 'task' && record.kind !== 'fieldChange') return null;
  for (const [field, coll] of [
    ['dealId', 'deals'],
    ['contactId', 'contacts'],
    ['accountId', 'accounts'],
  ] as const) {
    const id = record[field];
    if (typeof id === 'string' && id !== '') return `${coll}/${id}`;
  }
  return null;
}
