// What is done with entries after they were written: the words they are found by, and what policies make of them. In order,
// each entry once, however many servers there are; nobody who writes waits for it.
import { mailEntities } from '#shared/access/parent-record.ts';
import { namedActionOf } from '#shared/audit/named-actions.ts';
import { compilePolicy, toFacts, type JudgedEntry, type KeptPolicy } from '#shared/audit/policy/audit-policy.ts';
import { textsIn, wordsOf } from '#shared/audit/entry-words.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { CreateId, TenantId } from '#shared/kernel/ids.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { isDoneOutcome } from '#shared/sync/audit-messages.ts';
import { LINE_SQL, readSubjects, type LineRow } from '#server/audit/audit-lines.ts';
import { readPolicies } from '#server/audit/policies.ts';
import { toJsonBytes, type SqlDatabase, type SqlSession } from '#server/store/database.ts';
import { placeKey, type StoredRecord } from '#server/sync/stored-record.ts';

/** Of a transaction: others write in between. */
const ENTRIES_AT_ONCE = 500;
/** An alert names so many entries; it counts all of them. */
const NUMBERS_OF_AN_ALERT = 50;

type Known = ReadonlyMap<string, StoredRecord>;

/** Words of an entry: what stays, and what may be of a person and goes with the person. */
function wordsOfRow(
  row: LineRow,
  known: Known,
): { readonly words: readonly string[]; readonly names: readonly string[] } {
  const { no, actor, device, session, command, effect, entity, id, groups, outcome, detail, values } = row;
  const action = namedActionOf({ command, effect, entity, groups });
  const definition = entityOf(entity);
  const subject = definition === undefined ? undefined : known.get(placeKey(definition.collection, id))?.record;
  const person = actor === null ? undefined : known.get(placeKey('people', actor))?.record;
  // Nobody finds out by looking for a word whether it stands in a letter between others.
  const isLetter = definition !== undefined && mailEntities.includes(definition.name);
  const title = definition === undefined || isLetter ? '' : textOf(subject?.[definition.titleField] ?? '');
  return {
    words: wordsOf(textsIn([String(no), actor, device, session, command, effect, action, entity, id, groups, outcome])),
    names: wordsOf([
      title,
      textOf(person?.['name'] ?? ''),
      textOf(person?.['email'] ?? ''),
      ...textsIn(detail),
      ...textsIn(values === null ? null : JSON.parse(values)),
    ]),
  };
}

async function writeWords(
  session: SqlSession,
  tenantId: TenantId,
  rows: readonly LineRow[],
  known: Known,
): Promise<void> {
  const found = rows.map((row) => ({ no: row.no, ...wordsOfRow(row, known) }));
  await session.query(
    `INSERT INTO audit_words (tenant, no, words, names)
     SELECT $1, w.no, array_to_tsvector(w.words), array_to_tsvector(w.names)
     FROM json_to_recordset($2::json) AS w(no bigint, words text[], names text[]) ON CONFLICT DO NOTHING`,
    [tenantId, toJsonBytes(found)],
  );
}

function toJudged(row: LineRow, known: Known): JudgedEntry {
  const { actor, command, effect, entity, groups, outcome, values } = row;
  const person = actor === null ? undefined : known.get(placeKey('people', actor))?.record;
  const fields = values === null ? [] : Object.keys(JSON.parse(values) as object);
  return {
    at: toInstant(row.at),
    actor,
    actorEmail: person === undefined ? null : textOf(person['email'] ?? ''),
    device: row.device,
    session: row.session,
    command,
    effect,
    action: namedActionOf({ command, effect, entity, groups }),
    entity,
    id: row.id,
    outcome,
    isDone: isDoneOutcome(outcome),
    isSensitive: row.isSensitive,
    needsReview: row.isToReview,
    changed: [...new Set([...groups, ...fields])],
    detail: row.detail,
  };
}

/** What policies found among some entries, by policy. */
interface Found {
  readonly toReview: Map<number, string[]>;
  readonly alerts: Map<KeptPolicy, number[]>;
}

function askPolicies(policies: readonly KeptPolicy[], rows: readonly LineRow[], known: Known): Found {
  const toReview = new Map<number, string[]>();
  const alerts = new Map<KeptPolicy, number[]>();
  const ready = policies.map((policy) => ({ policy, ask: compilePolicy(policy) }));
  for (const row of rows) {
    if (row.isToReview) toReview.set(row.no, []);
    if (ready.length === 0) continue;
    const entry = toJudged(row, known);
    const facts = toFacts(entry);
    for (const { policy, ask } of ready) {
      const hit = ask(entry, facts);
      if (hit?.reviews === true) toReview.set(row.no, [...(toReview.get(row.no) ?? []), policy.id]);
      if (hit?.alerts === true) alerts.set(policy, [...(alerts.get(policy) ?? []), row.no]);
    }
  }
  return { toReview, alerts };
}

async function writeFound(
  session: SqlSession,
  tenantId: TenantId,
  { toReview, alerts }: Found,
  ports: FollowPorts,
): Promise<void> {
  if (toReview.size > 0)
    await session.query(
      `INSERT INTO audit_review (tenant, no, policies) SELECT $1, f.no, f.policies
       FROM json_to_recordset($2::json) AS f(no bigint, policies text[]) ON CONFLICT DO NOTHING`,
      [tenantId, toJsonBytes([...toReview].map(([no, policies]) => ({ no, policies })))],
    );
  const told = [...alerts].flatMap(([policy, numbers]) =>
    // Without recipients it stands in the list of alerts alone.
    (policy.alert_recipients?.length ? policy.alert_recipients : [null]).map((recipient) => ({
      id: ports.createId(),
      policy: policy.id,
      recipient,
      numbers: numbers.slice(0, NUMBERS_OF_AN_ALERT),
      hits: numbers.length,
      told: recipient === null ? 'nobody' : 'waiting',
    })),
  );
  if (told.length === 0) return;
  // What still waits to be told grows; everything else is an alert of its own.
  await session.query(
    `WITH found AS (SELECT * FROM json_to_recordset($3::json) AS f(id text, policy text, recipient text, numbers bigint[], hits int, told text)),
       grown AS (UPDATE audit_alert a SET hits = a.hits + f.hits, numbers = (a.numbers || f.numbers)[1:${String(NUMBERS_OF_AN_ALERT)}]
         FROM found f WHERE a.tenant = $1 AND a.told = 'waiting' AND a.policy = f.policy AND a.recipient = f.recipient RETURNING f.id)
     INSERT INTO audit_alert (tenant, at, id, policy, recipient, numbers, hits, told) SELECT $1, $2::bigint, f.* FROM found f
     WHERE f.id NOT IN (SELECT id FROM grown)`,
    [tenantId, ports.nowMs(), toJsonBytes(told)],
  );
}

export interface FollowPorts {
  readonly nowMs: () => number;
  readonly createId: CreateId;
}

/** The next entries of an organization; how many there were. */
function followSome(db: SqlDatabase, tenantId: TenantId, ports: FollowPorts): Promise<number> {
  return db.inTenant(tenantId, async (session) => {
    await session.query('INSERT INTO audit_followed (tenant, no) VALUES ($1, 0) ON CONFLICT DO NOTHING', [tenantId]);
    // An erasure waits here, too: it finds the words of everything it erases.
    const [place] = await session.query<{ no: number }>('SELECT no FROM audit_followed WHERE tenant = $1 FOR UPDATE', [
      tenantId,
    ]);
    const rows = await session.query<LineRow>(
      `${LINE_SQL} WHERE a.tenant = $1 AND a.no > $2::bigint ORDER BY a.no LIMIT ${String(ENTRIES_AT_ONCE)}`,
      [tenantId, place?.no ?? 0],
    );
    const last = rows.at(-1);
    if (last === undefined) return 0;
    const known = await readSubjects(session, tenantId, rows);
    await writeWords(session, tenantId, rows, known);
    await writeFound(session, tenantId, askPolicies(await readPolicies(session, tenantId), rows, known), ports);
    await session.query('UPDATE audit_followed SET no = $2::bigint WHERE tenant = $1', [tenantId, last.no]);
    return rows.length;
  });
}

/** Everything that was written until now, or for so long. */
export async function followAudit(
  db: SqlDatabase,
  tenantId: TenantId,
  ports: FollowPorts,
  mostMs = Infinity,
): Promise<void> {
  const endMs = ports.nowMs() + mostMs;
  while ((await followSome(db, tenantId, ports)) === ENTRIES_AT_ONCE && ports.nowMs() < endMs);
}
