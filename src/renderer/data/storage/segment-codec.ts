// The one place that knows what a stored segment looks like. A segment holds up to a few hundred documents as columns:
// documents with the same keys form a group, a constant column is stored once, a repetitive text column as a dictionary.
// Decoding shares equal dictionary texts between all documents, which is most of what owners, stages and types cost.
import { OutpostError } from '#shared/kernel/errors.ts';

export type StoredDocument = Record<string, unknown>;

/** `c`: one value for all rows; `d`: dictionary and positions; `v`: a value for each row. */
type Column =
  | { readonly c: unknown }
  | { readonly d: readonly string[]; readonly i: readonly number[] }
  | { readonly v: readonly unknown[] };

interface Group {
  readonly keys: readonly string[];
  readonly rows: number;
  readonly columns: readonly Column[];
}

const FORMAT = 1;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Keeps one copy of each repeated text of a collection. Bounded, so that free text cannot fill it. */
export class TextPool {
  readonly #texts = new Map<string, string>();
  readonly #limit: number;

  constructor(limit = 20_000) {
    this.#limit = limit;
  }

  share(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size < this.#limit) this.#texts.set(text, text);
    return text;
  }
}

/** The keys with a value, in the order of the document. */
function keysOf(document: StoredDocument): readonly string[] {
  const keys = Object.keys(document);
  return keys.some((key) => document[key] === undefined) ? keys.filter((key) => document[key] !== undefined) : keys;
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((key, position) => key === right[position]);
}

/** Documents to bytes; the order of documents is kept within a group of equal keys, not between groups. */
export function encodeSegment(documents: readonly StoredDocument[]): Uint8Array<ArrayBuffer> {
  const byKeys = new Map<string, { readonly keys: readonly string[]; readonly rows: StoredDocument[] }>();
  let group: { readonly keys: readonly string[]; readonly rows: StoredDocument[] } | undefined;
  for (const document of documents) {
    const keys = keysOf(document);
    // Most documents look like the one before.
    if (group === undefined || !isSame(group.keys, keys)) {
      const shape = JSON.stringify(keys);
      group = byKeys.get(shape) ?? { keys, rows: [] };
      byKeys.set(shape, group);
    }
    group.rows.push(document);
  }
  const groups: Group[] = [...byKeys.values()].map(({ keys, rows }) => ({
    keys,
    rows: rows.length,
    columns: keys.map((key) => encodeColumn(rows.map((row) => row[key]))),
  }));
  return encoder.encode(JSON.stringify([FORMAT, groups]));
}

/** Whether a dictionary is shorter, judged by the first values: names and dates differ from row to row at once. */
const SAMPLE = 24;

function encodeColumn(values: readonly unknown[]): Column {
  const first = values[0];
  if (isConstant(values, first)) return { c: first };
  if (values.length < 4 || typeof first !== 'string') return { v: values };
  const positions = new Map<string, number>();
  const limit = values.length / 2;
  const indexes: number[] = [];
  for (const text of values) {
    if (typeof text !== 'string') return { v: values };
    let position = positions.get(text);
    if (position === undefined) {
      position = positions.size;
      if (position > limit || (position === SAMPLE && indexes.length === SAMPLE)) return { v: values };
      positions.set(text, position);
    }
    indexes.push(position);
  }
  return { d: [...positions.keys()], i: indexes };
}

function isConstant(values: readonly unknown[], first: unknown): boolean {
  if (typeof first === 'object' && first !== null) {
    const text = JSON.stringify(first);
    return values.every((value) => typeof value === 'object' && value !== null && JSON.stringify(value) === text);
  }
  return values.every((value) => value === first);
}

/**
 * Bytes to documents. Documents of one segment may share constant objects: they are read only, as everything RxDB gets from a storage.
 * @throws OutpostError `local_database_damaged` when the bytes are not a segment.
 */
export function decodeSegment(bytes: Uint8Array, pool: TextPool): StoredDocument[] {
  try {
    const [format, groups] = JSON.parse(decoder.decode(bytes)) as [number, readonly Group[]];
    if (format !== FORMAT) throw new RangeError(`segment format ${String(format)}`);
    const documents: StoredDocument[] = [];
    for (const group of groups) decodeGroup(group, pool, documents);
    return documents;
  } catch (cause) {
    throw new OutpostError('local_database_damaged', 'A segment of the local database cannot be read.', {}, { cause });
  }
}

function decodeGroup(group: Group, pool: TextPool, into: StoredDocument[]): void {
  const { keys } = group;
  if (keys.length !== group.columns.length) throw new RangeError('segment without a column');
  const template: StoredDocument = {};
  const columns: (readonly unknown[])[] = [];
  const columnKeys: string[] = [];
  group.columns.forEach((column, position) => {
    const key = keys[position] ?? '';
    const values = 'c' in column ? null : valuesOf(column, pool);
    template[key] = 'c' in column ? column.c : values?.[0];
    if (!values) return;
    if (values.length !== group.rows) throw new RangeError('segment with a short column');
    columns.push(values);
    columnKeys.push(key);
  });
  // All documents of the group are clones of one template that the JSON parser made: one hidden class, fields inside the object.
  const compact = JSON.parse(JSON.stringify(template)) as StoredDocument;
  for (const [position, column] of group.columns.entries()) if ('c' in column) compact[keys[position] ?? ''] = column.c;
  for (let row = 0; row < group.rows; row += 1) {
    const document = { ...compact };
    for (let position = 0; position < columnKeys.length; position += 1)
      document[columnKeys[position] ?? ''] = columns[position]?.[row];
    into.push(document);
  }
}

function valuesOf(column: Exclude<Column, { readonly c: unknown }>, pool: TextPool): readonly unknown[] {
  if ('v' in column) return column.v;
  const texts = column.d.map((text) => pool.share(text));
  return column.i.map((position) => texts[position]);
}
