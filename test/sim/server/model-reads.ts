// How the model store answers what pages are made of. Written for being read, not for being fast.
import { isHistoryHidden } from '#shared/access/project.ts';
import { meets, type KeySet } from '#shared/access/scope.ts';
import { aboutGroup, isUnnoticed } from '#server/sync/field-filter.ts';
import type { ReadPlan } from '#server/sync/keys.ts';
import { lowerBound, type ModelRow, type ModelTenant } from '#test/sim/server/model-tenant.ts';
import type {
  ChangedPlace,
  ChangeRow,
  Chunk,
  CurrentRow,
  DeviceRev,
  TextRow,
  VisibleRange,
} from '#server/sync/sync-store.ts';

const keySetsByPlan = new WeakMap<ReadPlan, Map<string, KeySet>>();

function keySetOf(plan: ReadPlan, kind: string): KeySet | undefined {
  let known = keySetsByPlan.get(plan);
  if (known === undefined) {
    known = new Map(plan.groups.flatMap(({ kinds, keySet }) => kinds.map((name) => [name, keySet] as const)));
    keySetsByPlan.set(plan, known);
  }
  return known.get(kind);
}

function sees(plan: ReadPlan, kind: string, ...keyLists: readonly (readonly string[])[]): boolean {
  const keySet = keySetOf(plan, kind);
  return keySet !== undefined && keyLists.some((keys) => meets(keySet, keys));
}

/** In reach, and neither a conflict nor an entry of a history about what the user does not see. */
function isInPlan(plan: ReadPlan, { kind, scopeKeys, record }: ModelRow): boolean {
  if (!sees(plan, kind, scopeKeys)) return false;
  if (kind === 'stageChange' || kind === 'fieldChange') return !isHistoryHidden(plan.fields ?? {}, record);
  const about = aboutGroup(String(record['subjectEntity']), String(record['group']));
  return kind !== 'conflict' || !isUnnoticed(plan.fields, kind, [about]);
}

function entriesAfter(entries: readonly ChangeRow[], afterSeq: number, headSeq: number): readonly ChangeRow[] {
  const from = lowerBound(entries, (entry) => entry.seq <= afterSeq);
  return entries.slice(
    from,
    lowerBound(entries, (entry) => entry.seq <= headSeq),
  );
}

export function readChanges(
  tenant: ModelTenant,
  plan: ReadPlan,
  [afterSeq, headSeq]: readonly [number, number],
  limit: number,
): readonly ChangedPlace[] {
  let entries: Iterable<ChangeRow>;
  if (plan.logKeys === null) entries = entriesAfter(tenant.changes, afterSeq, headSeq);
  else {
    const found = new Set(
      plan.logKeys.flatMap((key) => entriesAfter(tenant.changesByKey.get(key) ?? [], afterSeq, headSeq)),
    );
    entries = [...found].sort((a, b) => a.seq - b.seq || a.n - b.n);
  }
  const visible: ChangedPlace[] = [];
  for (const entry of entries) {
    if (visible.length === limit) break;
    // Records are there although hidden fields of them are not; a conflict about a hidden field is not there at all.
    const isHistory = entry.kind === 'stageChange' || entry.kind === 'fieldChange';
    const mayBeUnnoticed = entry.action === 'update' || entry.kind === 'conflict' || isHistory;
    const isNoticed = !mayBeUnnoticed || !isUnnoticed(plan.fields, entry.kind, entry.groups);
    if (isNoticed && sees(plan, entry.kind, entry.keysBefore, entry.keysAfter)) visible.push(entry);
  }
  return visible;
}

export function readTexts(
  tenant: ModelTenant,
  places: readonly { readonly coll: string; readonly id: string }[],
): readonly CurrentRow[] {
  return places.flatMap(({ coll, id }) => tenant.records.get(`${coll}/${id}`) ?? []);
}

function rowsInRange(tenant: ModelTenant, plan: ReadPlan, range: VisibleRange): readonly ModelRow[] {
  const ids = tenant.ids.get(range.coll) ?? [];
  const rows: ModelRow[] = [];
  for (
    let index = lowerBound(ids, (id) => id <= range.afterId);
    index < ids.length && rows.length < range.limit;
    index += 1
  ) {
    const row = tenant.records.get(`${range.coll}/${ids[index] ?? ''}`);
    if (row === undefined || row.isDeleted || !isInPlan(plan, row)) continue;
    const isMine = row.owner === range.userId;
    if (range.part === 'all' || (range.part === 'mine') === isMine) rows.push(row);
  }
  return rows;
}

export function readVisibleTexts(tenant: ModelTenant, plan: ReadPlan, range: VisibleRange): readonly TextRow[] {
  return rowsInRange(tenant, plan, range);
}

export function readVisibleItems(tenant: ModelTenant, plan: ReadPlan, range: VisibleRange): Chunk {
  const rows = rowsInRange(tenant, plan, range);
  const json = rows.map((row) => `{"t":"put","coll":"${range.coll}","record":${row.text}}`).join(',');
  return { json, count: rows.length, lastId: rows.at(-1)?.id ?? '' };
}

export function countVisible(tenant: ModelTenant, plan: ReadPlan): number {
  let count = 0;
  for (const row of tenant.records.values()) if (!row.isDeleted && isInPlan(plan, row)) count += 1;
  return count;
}

const few = new Set(['task', 'conflict', 'file', 'comment', 'timeEntry']);

/** Places of records that follow others, in key order. */
export function findChildren(
  tenant: ModelTenant,
  parentIds: readonly string[],
  limit: number | null,
  which: 'all' | 'few',
): readonly string[] {
  const wanted = new Set(parentIds);
  const rows = [...tenant.records.values()];
  const leadsOn = ({ kind, id }: ModelRow): boolean =>
    (kind === 'task' || kind === 'activity') && rows.some((below) => below.subject === id && !below.isDeleted);
  const found = [...tenant.records]
    .filter(([, row]) => row.subject !== null && wanted.has(row.subject) && (!row.isDeleted || leadsOn(row)))
    .filter(([, row]) => which === 'all' || few.has(row.kind))
    .map(([key]) => key)
    .sort();
  return limit === null ? found : found.slice(0, limit);
}

export function readDeviceRevs(
  tenant: ModelTenant,
  places: readonly { readonly coll: string; readonly id: string }[],
): ReadonlyMap<string, readonly DeviceRev[]> {
  const wanted = new Set(places.map(({ coll, id }) => `${coll}/${id}`));
  const revs = new Map<string, DeviceRev[]>();
  for (const { coll, id, device: deviceId, seq, kind, action, groups } of tenant.changes) {
    const key = `${coll}/${id}`;
    if (!wanted.has(key) || (action === 'update' && groups.length === 0)) continue;
    revs.set(key, [...(revs.get(key) ?? []), { deviceId, kind, action, groups, seq }]);
  }
  return revs;
}
