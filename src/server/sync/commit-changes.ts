// The only writer of records. It takes finished decisions, draws their numbers from the tenant's head and writes record,
// change and change_key together, and with them whatever follows from the change (`followers.ts`). The head row is locked from the draw to the commit, so numbers are dense, commit order
// is number order, and time stamps strictly increase even when the clock goes back.
import { isEditKey } from '#shared/access/shares.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { groupsOfChange, subjectOfChange } from '#shared/entities/field-change/kept-changes.ts';
import { changedGroupsOf, isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { bumpEpochs } from '#server/sync/bump-epochs.ts';
import { aboutGroup } from '#server/sync/field-filter.ts';
import { collectFollowers } from '#server/sync/followers.ts';
import { UNINDEXED_KEY } from '#server/sync/keys.ts';
import { CHANGES_OF_A_NUMBER } from '#server/sync/narrow-children.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import { parentPlaceOf } from '#server/sync/record-keys.ts';
import { OWN_TIME, placeKey, WHOLE_RECORD } from '#server/sync/stored-record.ts';
import { eventsToRaise } from '#server/webhooks/raise-events.ts';
import type { ChangeKeyRow, ChangeRow, CommitRows, RecordRow, SyncTransaction } from '#server/sync/sync-store.ts';

/** Changes that share one number: all of them are seen together or not at all. */
export interface PendingCommit {
  readonly actorId: string | null;
  readonly deviceId: string | null;
  /** `typedAt`: when somebody did it on their computer. */
  readonly changes: readonly (PendingChange & { readonly opId: string | null; readonly typedAt?: string | null })[];
}

export interface CommittedRecord {
  readonly definition: EntityDefinition;
  readonly record: AnyRecord;
  readonly fieldRev: Readonly<Record<string, number>>;
  readonly scopeKeys: readonly string[];
  readonly isDeleted: boolean;
}

export interface CommitOutcome {
  /** Number of each commit, in the order given. */
  readonly seqs: readonly number[];
  /** Last state of everything that was written, by place. */
  readonly records: ReadonlyMap<string, CommittedRecord>;
  /** The head afterwards. */
  readonly headSeq: number;
  /** Settles when everything is written. To be waited for within the transaction. */
  readonly written: Promise<unknown>;
}

export async function commitChanges(
  transaction: SyncTransaction,
  nowMs: number,
  decided: readonly PendingCommit[],
  mostFollowers?: number,
): Promise<CommitOutcome> {
  if (decided.length === 0) {
    const head = await transaction.readHead();
    if (head === null) throw unknownTenant();
    return { seqs: [], records: new Map(), headSeq: head.seq, written: Promise.resolve() };
  }
  // Before the head: whoever judges by these epochs holds them while waiting for the head.
  const changes = decided.flatMap((commit) => commit.changes);
  await bumpEpochs(transaction, changes);
  const followers = await collectFollowers(transaction, changes, mostFollowers);
  const commits = withFollowers(decided, followers.changes);
  const narrowing = Math.ceil(followers.toNarrow / CHANGES_OF_A_NUMBER);
  const head = await transaction.drawNumbers(commits.length + narrowing, nowMs);
  if (head === null) throw unknownTenant();
  const writer = createWriter();
  const seqs: number[] = [];
  for (const [index, commit] of commits.entries()) {
    const place = index + 1 - commits.length - narrowing;
    if (index < decided.length) seqs.push(head.seq + place);
    writer.add(commit, head.seq + place, head.lastTs + place);
  }
  // Handed over without waiting: the store writes while the caller prepares what follows.
  const writing = transaction.writeCommit(writer.rows(head.seq, narrowing > 0, editsOf(commits)));
  const narrowed = transaction.narrowChildren(followers.deferred, {
    firstSeq: head.seq - narrowing + 1,
    count: narrowing,
    ts: head.lastTs,
    actorId: decided[0]?.actorId ?? null,
  });
  const raised = eventsToRaise(changes, nowMs);
  const raising = raised.length === 0 ? null : transaction.raiseEvents(raised);
  return { seqs, records: writer.records, headSeq: head.seq, written: Promise.all([writing, narrowed, raising]) };
}

/** Followers share the number of the last decision as long as a page can hold them; the rest gets numbers of its own. */
function withFollowers(
  decided: readonly PendingCommit[],
  followers: readonly PendingChange[],
): readonly PendingCommit[] {
  const last = decided.at(-1);
  if (last === undefined || followers.length === 0) return decided;
  const changes = followers.map((change) => ({ ...change, opId: null }));
  const commits = [...decided];
  let from = Math.max(0, CHANGES_OF_A_NUMBER - last.changes.length);
  commits[commits.length - 1] = { ...last, changes: [...last.changes, ...changes.slice(0, from)] };
  for (; from < changes.length; from += CHANGES_OF_A_NUMBER) {
    commits.push({ ...last, changes: changes.slice(from, from + CHANGES_OF_A_NUMBER) });
  }
  return commits;
}

function unknownTenant(): OutpostError {
  return new OutpostError('not_found', 'This organization does not exist on this server.');
}

interface Writer {
  add(commit: PendingCommit, seq: number, ts: number): void;
  rows(headSeq: number, touchesMore: boolean, edits: CommitRows['edits']): CommitRows;
  readonly records: Map<string, CommittedRecord>;
}

function createWriter(): Writer {
  const rows = new Map<string, RecordRow>();
  const newPlaces = new Set<string>();
  const changes: ChangeRow[] = [];
  const changeKeys: ChangeKeyRow[] = [];
  const records = new Map<string, CommittedRecord>();
  const touchedKeys = new Set<string>();

  function addChange(
    commit: PendingCommit,
    change: PendingCommit['changes'][number],
    n: number,
    seq: number,
    ts: number,
  ): void {
    const { definition, action, groups, keysBefore, keysAfter } = change;
    const key = placeKey(definition.collection, change.after.id);
    const earlier = rows.get(key);
    const record = stamp(change, earlier?.record ?? null, commit.actorId, seq, ts);
    const isDeleted = action === 'delete';
    const bringsStamps = change.keepsStamps && action === 'create';
    if (earlier === undefined && change.fieldRevBefore === null) newPlaces.add(key);
    const fieldRev = fieldRevAfter(change, record, earlier?.fieldRev ?? change.fieldRevBefore ?? {}, seq);
    const place = { coll: definition.collection, id: record.id, kind: definition.name };
    rows.set(key, {
      ...place,
      rev: seq,
      owner: record.ownerId ?? null,
      scopeKeys: keysAfter,
      fieldRev,
      isDeleted,
      deletedAtMs: isDeleted ? ts : null,
      subject: parentPlaceOf(definition, record)?.id ?? null,
      record,
    });
    records.set(key, { definition, record, fieldRev, scopeKeys: keysAfter, isDeleted });
    const actor = bringsStamps ? record.updatedBy : commit.actorId;
    const by = { opId: change.opId, device: commit.deviceId, actor };
    changes.push({ seq, n, ...place, action, groups: namedGroups(record, groups), keysBefore, keysAfter, ...by, ts });
    for (const scopeKey of new Set([...keysBefore, ...keysAfter])) {
      touchedKeys.add(scopeKey);
      if (scopeKey !== UNINDEXED_KEY && !isEditKey(scopeKey)) changeKeys.push({ key: scopeKey, seq, n });
    }
  }

  return {
    records,
    add(commit, seq, ts) {
      for (const [n, change] of commit.changes.entries()) addChange(commit, change, n, seq, ts);
    },
    rows: (headSeq, touchesMore, edits) => ({
      created: [...rows].filter(([key]) => newPlaces.has(key)).map(([, row]) => row),
      updated: [...rows].filter(([key]) => !newPlaces.has(key)).map(([, row]) => row),
      changes,
      changeKeys,
      seq: headSeq,
      touchedKeys: touchesMore ? null : [...touchedKeys],
      edits,
    }),
  };
}

/** Numbers of the last changes by group, with this one. */
function fieldRevAfter(
  { action, groups, keepsStamps }: PendingChange,
  record: AnyRecord,
  before: Readonly<Record<string, number>>,
  seq: number,
): Readonly<Record<string, number>> {
  // A record that is deleted or restored has a time of the server's from then on.
  const { [OWN_TIME]: ownTime, ...revs } = before;
  const known = action === 'update' && ownTime !== undefined ? { ...revs, [OWN_TIME]: ownTime } : revs;
  const bringsStamps = keepsStamps && action === 'create';
  return {
    ...known,
    ...Object.fromEntries(groups.map((group) => [group, seq])),
    ...(action === 'update' ? {} : { [WHOLE_RECORD]: seq }),
    ...(bringsStamps ? { [OWN_TIME]: toEpochMs(record.updatedAt) } : {}),
  };
}

/** A change of a conflict, or of an entry about a change of a deal, also names what it is about, for users who do not see that. */
function namedGroups(record: AnyRecord, groups: readonly string[]): readonly string[] {
  if (record.kind === 'fieldChange') {
    const subject = subjectOfChange(record);
    return subject === null ? groups : groupsOfChange(record).map((group) => aboutGroup(subject.entity, group));
  }
  if (isPlainEntry(record)) return changedGroupsOf(record).map((group) => aboutGroup('deal', group));
  if (record.kind !== 'conflict') return groups;
  return [...groups, aboutGroup(String(record['subjectEntity']), String(record['group']))];
}

/** An entry of a history without a move: never more than a part of the edit it tells of. */
function isPlainEntry(record: AnyRecord): boolean {
  return record.kind === 'fieldChange' || (record.kind === 'stageChange' && !isMoveEntry(record));
}

function stamp(
  change: PendingChange,
  earlier: AnyRecord | null,
  actorId: string | null,
  seq: number,
  ts: number,
): AnyRecord {
  if (change.keepsStamps) return { ...change.after, rev: seq };
  const at = toInstant(ts);
  if (change.action === 'create') {
    return { ...change.after, rev: seq, createdAt: at, createdBy: actorId, updatedAt: at, updatedBy: actorId };
  }
  // Decided from a record that was itself still without its final stamps.
  const origin = earlier ?? change.after;
  return {
    ...change.after,
    rev: seq,
    createdAt: origin.createdAt,
    createdBy: origin.createdBy,
    updatedAt: at,
    updatedBy: actorId,
  };
}

/** So many different edits at once concern everybody who sees one of the records. */
const MOST_EDITS = 8;

/** What was edited, when nothing else happened and it can be said in few words. */
function editsOf(commits: readonly PendingCommit[]): CommitRows['edits'] {
  const edits = new Map<string, { kind: string; groups: readonly string[]; keys: Set<string> }>();
  for (const { definition, action, groups, after, keysBefore, keysAfter } of commits.flatMap(
    ({ changes }) => changes,
  )) {
    const isMove = keysBefore.join(' ') !== keysAfter.join(' ');
    if ((action !== 'update' || isMove) && definition.name !== 'conflict' && !isPlainEntry(after)) return undefined;
    const named = namedGroups(after, groups);
    const name = `${definition.name} ${named.join(' ')}`;
    const edit = edits.get(name) ?? { kind: definition.name, groups: named, keys: new Set() };
    for (const key of [...keysBefore, ...keysAfter]) edit.keys.add(key);
    edits.set(name, edit);
    if (edits.size > MOST_EDITS) return undefined;
  }
  return [...edits.values()].map(({ kind, groups, keys }) => ({ kind, groups, keys: [...keys] }));
}
