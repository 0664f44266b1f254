// The territories as the tree shows them: in order of the tree, closed branches left out.
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { toTerritoryNode } from '#shared/access/territory-reach.ts';
import { placesOfTree } from '#shared/access/tree.ts';
import { textOf } from '#shared/kernel/text-of.ts';

export interface TerritoryRow {
  readonly record: LocalRecord;
  readonly level: number;
  readonly parentId: string | null;
  readonly childCount: number;
  /** Place among its siblings, from 1. */
  readonly place: number;
  readonly siblings: number;
}

/** Rows of the open part of the tree. A territory whose parent is missing stands at the top. */
export function toRows(records: readonly LocalRecord[], closed: ReadonlySet<string>): readonly TerritoryRow[] {
  const parents = new Map(records.map((record) => [record.id, toTerritoryNode(record).parentId]));
  const places = placesOfTree(parents);
  const children = new Map<string | null, LocalRecord[]>();
  for (const record of records) {
    const parentId = (places.get(record.id)?.level ?? 0) === 0 ? null : (parents.get(record.id) ?? null);
    children.set(parentId, [...(children.get(parentId) ?? []), record]);
  }
  const rows: TerritoryRow[] = [];
  const visit = (parentId: string | null): void => {
    const siblings = (children.get(parentId) ?? []).toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
    for (const [index, record] of siblings.entries()) {
      const level = places.get(record.id)?.level ?? 0;
      const childCount = children.get(record.id)?.length ?? 0;
      rows.push({ record, level, parentId, childCount, place: index + 1, siblings: siblings.length });
      if (!closed.has(record.id)) visit(record.id);
    }
  };
  visit(null);
  return rows;
}

export function nameOf(record: LocalRecord): string {
  return textOf(record['name']);
}

/** Where `Alt` and an arrow move a territory: below the sibling before it, or out to the level of its parent. */
export function placeByKey(rows: readonly TerritoryRow[], id: string, key: string): string | null | undefined {
  const row = rows.find(({ record }) => record.id === id);
  if (row === undefined) return undefined;
  if (key === 'ArrowRight') {
    const before = rows.find((other) => other.parentId === row.parentId && other.place === row.place - 1);
    return before?.record.id;
  }
  if (key !== 'ArrowLeft' || row.parentId === null) return undefined;
  return rows.find(({ record }) => record.id === row.parentId)?.parentId ?? null;
}
