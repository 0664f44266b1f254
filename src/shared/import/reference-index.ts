// Finds the record a text in a file means: by external id, code or e-mail exactly, otherwise by name as people write it. People
// and companies are never found by a near miss: a wrong owner or customer is worse than an error.
import type { EntityName } from '#shared/entities/define-entity.ts';
import { matchValue, normaliseName } from '#shared/import/map-values.ts';

export interface ReferenceEntry {
  readonly entity: EntityName;
  readonly id: string;
  readonly title: string;
  /** External id, code, e-mail: whatever names the record exactly. */
  readonly keys: readonly string[];
}

export type ReferenceMatch =
  | { readonly found: true; readonly id: string; readonly title: string; readonly isNear: boolean }
  | { readonly found: false; readonly reason: 'missing' | 'ambiguous'; readonly suggestion: string | null };

export interface ReferenceIndex {
  add(entry: ReferenceEntry): void;
  find(entity: EntityName, text: string): ReferenceMatch;
  /** Name of a record, null when it is not known. */
  titleOf(entity: EntityName, id: unknown): string | null;
  /** Without looking for names that are nearly the same; null when there is none. For keys, of which a near one is another one. */
  findExact(entity: EntityName, text: string): ReferenceMatch | null;
}

const NEAR_MISSES: readonly EntityName[] = ['product', 'territory', 'pipeline'];

export function createReferenceIndex(entries: Iterable<ReferenceEntry>): ReferenceIndex {
  const byId = new Map<string, ReferenceEntry>();
  const byKey = new Map<string, Set<string>>();
  const byName = new Map<string, Set<string>>();
  const titles = new Map<EntityName, ReferenceEntry[]>();
  /** Looking for near misses is slow and files repeat themselves. */
  const misses = new Map<string, ReferenceMatch>();

  function add(entry: ReferenceEntry): void {
    byId.set(`${entry.entity}/${entry.id}`, entry);
    for (const key of entry.keys) put(byKey, `${entry.entity}/${key.trim().toLowerCase()}`, entry.id);
    put(byName, `${entry.entity}/${normaliseName(entry.title)}`, entry.id);
    const ofEntity = titles.get(entry.entity);
    if (ofEntity === undefined) titles.set(entry.entity, [entry]);
    else ofEntity.push(entry);
    misses.clear();
  }

  function findExact(entity: EntityName, text: string): ReferenceMatch | null {
    const ids = byKey.get(`${entity}/${text.trim().toLowerCase()}`) ?? byName.get(`${entity}/${normaliseName(text)}`);
    if (ids !== undefined && ids.size > 1) return { found: false, reason: 'ambiguous', suggestion: null };
    const [id] = ids ?? [];
    return id === undefined ? null : hit(entity, id, false);
  }

  function find(entity: EntityName, text: string): ReferenceMatch {
    const exact = findExact(entity, text);
    if (exact !== null) return exact;
    const missKey = `${entity}/${normaliseName(text)}`;
    const known = misses.get(missKey);
    if (known !== undefined) return known;
    const match = findNear(entity, text);
    misses.set(missKey, match);
    return match;
  }

  function findNear(entity: EntityName, text: string): ReferenceMatch {
    const candidates = (titles.get(entity) ?? []).map((entry) => ({ value: entry.id, names: [entry.title] }));
    const near = matchValue(text, candidates);
    if (near !== null && NEAR_MISSES.includes(entity)) return hit(entity, near.value, true);
    const suggestion = near === null ? null : (byId.get(`${entity}/${near.value}`)?.title ?? null);
    return { found: false, reason: 'missing', suggestion };
  }

  function hit(entity: EntityName, id: string, isNear: boolean): ReferenceMatch {
    return { found: true, id, title: byId.get(`${entity}/${id}`)?.title ?? '', isNear };
  }

  for (const entry of entries) add(entry);
  return {
    add,
    find,
    findExact,
    titleOf: (entity, id) => (typeof id === 'string' ? (byId.get(`${entity}/${id}`)?.title ?? null) : null),
  };
}

function put(map: Map<string, Set<string>>, key: string, id: string): void {
  const ids = map.get(key);
  if (ids === undefined) map.set(key, new Set([id]));
  else ids.add(id);
}
