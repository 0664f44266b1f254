// Records that name what stands above them, as the lines of an indented list: whoever is found is shown with everybody above,
// and what is folded hides what is below. A cycle or a missing parent makes a top of its own.
import { placesOfTree } from '#shared/access/tree.ts';

export interface Branch<Row> {
  readonly row: Row;
  readonly level: number;
  readonly childCount: number;
  readonly isFound: boolean;
}

interface Node {
  readonly id: string;
}

/** The set with this id, or without it when it was in. */
export function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

export function toBranches<Row extends Node>(
  rows: readonly Row[],
  parentOf: (row: Row) => string | null,
  options: { readonly isOpen: (id: string) => boolean; readonly isWanted: ((row: Row) => boolean) | null },
): readonly Branch<Row>[] {
  const known = new Set(rows.map(({ id }) => id));
  const places = placesOfTree(
    new Map(rows.map((row) => [row.id, known.has(parentOf(row) ?? '') ? parentOf(row) : null])),
  );
  const pathOf = (id: string): readonly string[] => (places.get(id)?.path ?? `/${id}/`).split('/').slice(1, -1);
  const children = new Map<string, Row[]>();
  for (const row of rows) {
    const above = pathOf(row.id).at(-2) ?? '';
    children.set(above, [...(children.get(above) ?? []), row]);
  }
  const { isWanted } = options;
  const found = new Set(isWanted === null ? [] : rows.filter(isWanted).map(({ id }) => id));
  const shown = new Set([...found].flatMap((id) => pathOf(id)));
  const lines: Branch<Row>[] = [];
  const add = (above: string, level: number): void => {
    for (const row of children.get(above) ?? []) {
      if (isWanted !== null && !shown.has(row.id)) continue;
      lines.push({ row, level, childCount: children.get(row.id)?.length ?? 0, isFound: found.has(row.id) });
      if (isWanted !== null || options.isOpen(row.id)) add(row.id, level + 1);
    }
  };
  add('', 0);
  return lines;
}
