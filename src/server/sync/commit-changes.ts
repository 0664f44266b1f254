// The only writer of records. It takes finished decisions, draws their numbers from the tenant's head and writes record,
// change and change_key together, and with them whatever follows from the change (`followers.ts`). The head row is locked from the draw to the commit, so numbers are dense, commit order
// is number order, and time stamps strictly increase even when the clock goes back.
import { isEditKey } from '#shared/access/shares.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { CHANGE_CHANNEL, toJsonBytes, type ChangeNotice, type SqlSession } from '#server/store/database.ts';
import { readHead } from '#server/store/tenants.ts';
import { bumpEpochs } from '#server/sync/bump-epochs.ts';
import { aboutGroup } from '#server/sync/field-filter.ts';
import { collectFollowers } from '#server/sync/followers.ts';
import { UNINDEXED_KEY } from '#server/sync/keys.ts';
import { CHANGES_OF_A_NUMBER, narrowChildren } from '#server/sync/narrow-children.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import { parentPlaceOf } from '#server/sync/record-keys.ts';
import { OWN_TIME, placeKey, WHOLE_RECORD } from '#server/sync/stored-record.ts';

/** Changes that share one number: all of them are seen together or not at all. */
export interface PendingCommit {
  readonly actorId: string | null;
  readonly deviceId: string | null;
  readonly changes: readonly (PendingChange & { readonly opId: string | null })[];
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

/** A notification of PostgreSQL holds at most 8,000 bytes. */
const MOST_NOTICE_BYTES = 7000;

export async function commitChanges(
  session: SqlSession,
  tenantId: TenantId,
  nowMs: number,
  decided: readonly PendingCommit[],
  mostFollowers?: number,
): Promise<CommitOutcome> {
  if (decided.length === 0) {
    const head = await readHead(session, tenantId);
    if (head === null) throw unknownTenant();
    return { seqs: [], records: new Map(), headSeq: head.seq, written: Promise.resolve() };
  }
  // Before the head: whoever judges by these epochs holds them while waiting for the head.
  const changes = decided.flatMap((commit) => commit.changes);
  await bumpEpochs(session, tenantId, changes);
  const followers = await collectFollowers(session, tenantId, changes, mostFollowers);
  const commits = withFollowers(decided, followers.changes);
  const narrowing = Math.ceil(followers.toNarrow / CHANGES_OF_A_NUMBER);
  const head = await drawNumbers(session, tenantId, nowMs, commits.length + narrowing);
  const writer = createWriter();
  const seqs: number[] = [];
  for (const [index, commit] of commits.entries()) {
    const place = index + 1 - commits.length - narrowing;
    if (index < decided.length) seqs.push(head.seq + place);
    writer.add(commit, head.seq + place, head.lastTs + place);
  }
  const numbers = {
    firstSeq: head.seq - narrowing + 1,
    count: narrowing,
    ts: head.lastTs,
    actorId: decided[0]?.actorId ?? null,
  };
  // Handed over without waiting: the database writes while the caller prepares what follows.
  const written = Promise.all([
    writer.flush(session, tenantId).then(() => narrowChildren(session, tenantId, followers.deferred, numbers)),
    notifyOfChanges(session, tenantId, head.seq, narrowing > 0 ? null : writer.touchedKeys, editsOf(commits)),
  ]);
  return { seqs, records: writer.records, headSeq: head.seq, written };
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

async function drawNumbers(
  session: SqlSession,
  tenantId: TenantId,
  nowMs: number,
  count: number,
): Promise<{ readonly seq: number; readonly lastTs: number }> {
  const rows = await session.query<{ seq: number; lastTs: number }>(
    `UPDATE tenant_head SET seq = seq + $2::int, last_ts = greatest(last_ts + 1, $3::bigint) + $2::int - 1
     WHERE tenant = $1 RETURNING seq, last_ts AS "lastTs"`,
    [tenantId, count, nowMs],
  );
  const row = rows[0];
  if (row === undefined) throw unknownTenant();
  return row;
}

function unknownTenant(): OutpostError {
  return new OutpostError('not_found', 'This organization does not exist on this server.');
}

interface RecordToWrite {
  readonly coll: string;
  readonly id: string;
  readonly kind: string;
  readonly rev: number;
  readonly owner: string | null;
  readonly scope_keys: readonly string[];
  readonly field_rev: Readonly<Record<string, number>>;
  readonly deleted: boolean;
  readonly deleted_at: number | null;
  /** The record this one follows. */
  readonly subject: string | null;
  readonly data: AnyRecord;
}

interface Writer {
  add(commit: PendingCommit, seq: number, ts: number): void;
  flush(session: SqlSession, tenantId: TenantId): Promise<void>;
  readonly records: Map<string, CommittedRecord>;
  readonly touchedKeys: Set<string>;
}

function createWriter(): Writer {
  const rows = new Map<string, RecordToWrite>();
  const newPlaces = new Set<string>();
  const changes: object[] = [];
  const changeKeys: object[] = [];
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
    const record = stamp(change, earlier?.data ?? null, commit.actorId, seq, ts);
    const isDeleted = action === 'delete';
    const bringsStamps = change.keepsStamps && action === 'create';
    if (earlier === undefined && change.fieldRevBefore === null) newPlaces.add(key);
    // A record that is deleted or restored has a time of the server's from then on.
    const { [OWN_TIME]: ownTime, ...revs } = earlier?.field_rev ?? change.fieldRevBefore ?? {};
    const known = action === 'update' && ownTime !== undefined ? { ...revs, [OWN_TIME]: ownTime } : revs;
    const fieldRev = {
      ...known,
      ...Object.fromEntries(groups.map((group) => [group, seq])),
      ...(action === 'update' ? {} : { [WHOLE_RECORD]: seq }),
      ...(bringsStamps ? { [OWN_TIME]: toEpochMs(record.updatedAt) } : {}),
    };
    rows.set(key, {
      coll: definition.collection,
      id: record.id,
      kind: definition.name,
      rev: seq,
      owner: record.ownerId ?? null,
      scope_keys: keysAfter,
      field_rev: fieldRev,
      deleted: isDeleted,
      deleted_at: isDeleted ? ts : null,
      subject: parentPlaceOf(definition, record)?.id ?? null,
      data: record,
    });
    records.set(key, { definition, record, fieldRev, scopeKeys: keysAfter, isDeleted });
    changes.push({
      seq,
      n,
      coll: definition.collection,
      id: record.id,
      kind: definition.name,
      action,
      groups: namedGroups(record, groups),
      keys_before: keysBefore,
      keys_after: keysAfter,
      op_id: change.opId,
      device: commit.deviceId,
      actor: bringsStamps ? record.updatedBy : commit.actorId,
      ts,
    });
    for (const scopeKey of new Set([...keysBefore, ...keysAfter])) {
      touchedKeys.add(scopeKey);
      if (scopeKey !== UNINDEXED_KEY && !isEditKey(scopeKey)) changeKeys.push({ key: scopeKey, seq, n });
    }
  }

  return {
    records,
    touchedKeys,
    add(commit, seq, ts) {
      for (const [n, change] of commit.changes.entries()) addChange(commit, change, n, seq, ts);
    },
    async flush(session, tenantId) {
      const created = [...rows].filter(([key]) => newPlaces.has(key)).map(([, row]) => row);
      const updated = [...rows].filter(([key]) => !newPlaces.has(key)).map(([, row]) => row);
      await Promise.all([
        insertRecords(session, tenantId, created),
        updateRecords(session, tenantId, updated),
        session.query(
          `INSERT INTO change (tenant, seq, n, coll, id, kind, action, groups, keys_before, keys_after, op_id, device, actor, ts)
           SELECT $1, c.* FROM json_to_recordset($2::json) AS c(seq bigint, n int, coll text, id text, kind text, action text,
             groups text[], keys_before text[], keys_after text[], op_id text, device text, actor text, ts bigint)`,
          [tenantId, toJsonBytes(changes)],
        ),
        session.query(
          `INSERT INTO change_key (tenant, key, seq, n)
           SELECT $1, k.* FROM json_to_recordset($2::json) AS k(key text, seq bigint, n int)`,
          [tenantId, toJsonBytes(changeKeys)],
        ),
      ]);
    },
  };
}

const ROW_TYPES = `coll text, id text, kind text, rev bigint, owner text, scope_keys text[], field_rev json, deleted boolean,
  deleted_at bigint, subject text, data json`;

/** No ON CONFLICT: a record that somebody else created in the meantime must fail here, so that it is judged again. */
async function insertRecords(session: SqlSession, tenantId: TenantId, rows: readonly RecordToWrite[]): Promise<void> {
  if (rows.length === 0) return;
  await session.query(
    `INSERT INTO record (tenant, coll, id, kind, rev, owner, scope_keys, field_rev, deleted, deleted_at, subject, data)
     SELECT $1, r.* FROM json_to_recordset($2::json) AS r(${ROW_TYPES})`,
    [tenantId, toJsonBytes(rows)],
  );
}

/** An upsert of rows that exist and are locked: it goes through the primary key whatever the planner believes. */
async function updateRecords(session: SqlSession, tenantId: TenantId, rows: readonly RecordToWrite[]): Promise<void> {
  if (rows.length === 0) return;
  await session.query(
    `INSERT INTO record (tenant, coll, id, kind, rev, owner, scope_keys, field_rev, deleted, deleted_at, subject, data)
     SELECT $1, r.* FROM json_to_recordset($2::json) AS r(${ROW_TYPES})
     ON CONFLICT (tenant, coll, id) DO UPDATE SET rev = excluded.rev, owner = excluded.owner,
       scope_keys = excluded.scope_keys, field_rev = excluded.field_rev, deleted = excluded.deleted,
       deleted_at = excluded.deleted_at, subject = excluded.subject, data = excluded.data`,
    [tenantId, toJsonBytes(rows)],
  );
}

/** A change of a conflict also names what it is about, for users who do not see that. */
function namedGroups(record: AnyRecord, groups: readonly string[]): readonly string[] {
  if (record.kind !== 'conflict') return groups;
  return [...groups, aboutGroup(String(record['subjectEntity']), String(record['group']))];
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
function editsOf(commits: readonly PendingCommit[]): ChangeNotice['edits'] {
  const edits = new Map<string, { kind: string; groups: readonly string[]; keys: Set<string> }>();
  for (const { definition, action, groups, after, keysBefore, keysAfter } of commits.flatMap(
    ({ changes }) => changes,
  )) {
    const isMove = keysBefore.join(' ') !== keysAfter.join(' ');
    if ((action !== 'update' || isMove) && definition.name !== 'conflict') return undefined;
    const named = namedGroups(after, groups);
    const name = `${definition.name} ${named.join(' ')}`;
    const edit = edits.get(name) ?? { kind: definition.name, groups: named, keys: new Set() };
    for (const key of [...keysBefore, ...keysAfter]) edit.keys.add(key);
    edits.set(name, edit);
    if (edits.size > MOST_EDITS) return undefined;
  }
  return [...edits.values()].map(({ kind, groups, keys }) => ({ kind, groups, keys: [...keys] }));
}

async function notifyOfChanges(
  session: SqlSession,
  tenantId: TenantId,
  seq: number,
  keys: ReadonlySet<string> | null,
  edits: ChangeNotice['edits'],
): Promise<void> {
  const named: ChangeNotice = {
    tenantId,
    seq,
    keys: keys === null ? null : [...keys],
    ...(edits === undefined ? {} : { edits }),
  };
  const text = JSON.stringify(named);
  const short: ChangeNotice = { tenantId, seq, keys: null };
  await session.query('SELECT pg_notify($1, $2)', [
    CHANGE_CHANNEL,
    Buffer.byteLength(text) <= MOST_NOTICE_BYTES ? text : JSON.stringify(short),
  ]);
}
