// What several devices ask of one snapshot, read once: the newest entries of the log, which each of them sees with its own
// rights, and the texts of records. At a poke everybody who is connected asks for the same few entries. Whoever is further
// behind than these reads the log by the own keys. Only within a snapshot: there nothing changes between two questions.
import { meets } from '#shared/access/scope.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';
import { isNoticedChange } from '#server/sync/field-filter.ts';
import { keySetOfKind, type ReadPlan } from '#server/sync/keys.ts';
import { readChanges, readTexts } from '#server/sync/sql/pages.ts';
import { placeKey } from '#server/sync/stored-record.ts';
import type { ChangedPlace, CurrentRow, SyncTransaction } from '#server/sync/sync-store.ts';

/** With more entries than these everybody reads the log alone. */
const MOST_ENTRIES = 200;
/** How far behind the foremost of those who ask the tail begins. */
const NUMBERS_BEHIND = 50;

interface Entry extends ChangedPlace {
  readonly action: string;
  readonly groups: readonly string[];
  readonly keysBefore: readonly string[];
  readonly keysAfter: readonly string[];
}

interface Tail {
  /** In order. */
  readonly entries: readonly Entry[];
  /** Every entry after this number is among them. */
  readonly afterSeq: number;
}

/** Null when too much happened since: counting stops there, and nothing is read. */
async function readTail(session: SqlSession, tenantId: TenantId, afterSeq: number): Promise<Tail | null> {
  const many = `(SELECT count(*) FROM (SELECT FROM change WHERE tenant = $1 AND seq > $2 LIMIT ${String(MOST_ENTRIES + 1)}) AS counted)`;
  const [counted, entries] = await Promise.all([
    session.query<{ many: number }>(`SELECT ${many}::int AS many`, [tenantId, afterSeq]),
    session.query<Entry>(
      `SELECT coll, id, kind, seq, action, groups, keys_before AS "keysBefore", keys_after AS "keysAfter" FROM change
       WHERE tenant = $1 AND seq > $2 AND ${many} <= ${String(MOST_ENTRIES)} ORDER BY seq, n`,
      [tenantId, afterSeq],
    ),
  ]);
  return (counted[0]?.many ?? 0) > MOST_ENTRIES ? null : { entries, afterSeq };
}

function sees(plan: ReadPlan, entry: Entry): boolean {
  const keySet = keySetOfKind(plan, entry.kind);
  if (keySet === null || !isNoticedChange(plan.fields, entry)) return false;
  return meets(keySet, entry.keysBefore) || meets(keySet, entry.keysAfter);
}

export function createSharedReads(
  session: SqlSession,
  tenantId: TenantId,
): Pick<SyncTransaction, 'readChanges' | 'readTexts'> {
  let tail: Promise<Tail | null> | null = null;
  const asked: number[] = [];
  const texts = new Map<string, Promise<CurrentRow | undefined>>();

  /** Begins with whoever of those who ask in this moment is furthest behind, but not far behind the others. */
  function tailAfter(afterSeq: number): Promise<Tail | null> {
    asked.push(afterSeq);
    tail ??= Promise.resolve().then(() =>
      readTail(session, tenantId, Math.max(Math.min(...asked), Math.max(...asked) - NUMBERS_BEHIND)),
    );
    return tail;
  }

  async function readNewTexts(places: readonly { readonly coll: string; readonly id: string }[]) {
    const rows = await readTexts(session, tenantId, places);
    return new Map(rows.map((row) => [placeKey(row.coll, row.id), row]));
  }

  return {
    async readChanges(plan, afterSeq, headSeq, limit) {
      const read = await tailAfter(afterSeq);
      if (read === null || afterSeq < read.afterSeq)
        return readChanges(session, tenantId, plan, [afterSeq, headSeq], limit);
      return read.entries
        .filter(({ seq }) => seq > afterSeq && seq <= headSeq)
        .filter((entry) => sees(plan, entry))
        .slice(0, limit);
    },
    async readTexts(places) {
      const keys = places.map(({ coll, id }) => placeKey(coll, id));
      const fresh = places.filter((_, index) => !texts.has(keys[index] ?? ''));
      const reading = fresh.length === 0 ? null : readNewTexts(fresh);
      const rows = keys.map((key) => {
        const row = texts.get(key) ?? reading?.then((read) => read.get(key)) ?? Promise.resolve(undefined);
        texts.set(key, row);
        return row;
      });
      return (await Promise.all(rows)).filter((row) => row !== undefined);
    },
  };
}
