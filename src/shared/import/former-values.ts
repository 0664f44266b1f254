// What records said before an import changed them, as text for the records that keep it: cut so that each part fits into
// one, also when nothing of it compresses. How a part is compressed is up to the sides that do it: raw deflate, as base64.
import type { EntityName } from '#shared/entities/define-entity.ts';

/** One field of one record. Undoing puts `before` back where `entered` still stands. */
export interface FormerValue {
  readonly entity: EntityName;
  readonly id: string;
  readonly field: string;
  readonly before: unknown;
  readonly entered: unknown;
}

/** Bytes of JSON in a part: as base64 still below what a record takes. */
const MOST_BYTES = 140_000;

function toLine({ entity, id, field, before, entered }: FormerValue): string {
  return JSON.stringify([entity, id, field, before ?? null, entered ?? null]);
}

const toText = (lines: readonly string[]): string => `[${lines.join()}]`;

function bytesOf(text: string): number {
  let bytes = 0;
  // Above U+007F a character takes two bytes, above U+07FF three; a pair of surrogates takes four, counted as six here.
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
  }
  return bytes;
}

/** The values in parts; the ids of the records a part is about stand beside it. */
export function toParts(
  values: readonly FormerValue[],
): readonly { readonly text: string; readonly recordIds: readonly string[] }[] {
  const parts: { readonly lines: string[]; readonly ids: Set<string> }[] = [];
  let bytes = MOST_BYTES;
  for (const value of values) {
    const line = toLine(value);
    const more = bytesOf(line) + 1;
    bytes += more;
    if (bytes > MOST_BYTES) {
      parts.push({ lines: [], ids: new Set() });
      bytes = more;
    }
    parts.at(-1)?.lines.push(line);
    parts.at(-1)?.ids.add(value.id);
  }
  return parts.map(({ lines, ids }) => ({ text: toText(lines), recordIds: [...ids] }));
}

export function readPart(text: string): readonly FormerValue[] {
  const lines = JSON.parse(text) as readonly [EntityName, string, string, unknown, unknown][];
  return lines.map(([entity, id, field, before, entered]) => ({ entity, id, field, before, entered }));
}

/** The part without a word about these records. */
export function forgetRecords(text: string, ids: readonly string[]): string {
  return toText(
    readPart(text)
      .filter(({ id }) => !ids.includes(id))
      .map(toLine),
  );
}
