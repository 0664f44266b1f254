// What records said before an import changed them, packed for the records that keep it: compressed, because a large
// import changes a hundred thousand records and every device of its owner holds them, and cut so that each part fits.
import type { EntityName } from '#shared/entities/define-entity.ts';

/** One field of one record. Undoing puts `before` back where `entered` still stands. */
export interface FormerValue {
  readonly entity: EntityName;
  readonly id: string;
  readonly field: string;
  readonly before: unknown;
  readonly entered: unknown;
}

/** Bytes of JSON in a part: as base64 still below what a record takes, should nothing of it compress. */
const MOST_BYTES = 140_000;

async function throughStream(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array> {
  const body = new Blob([bytes]).stream().pipeThrough<Uint8Array>(stream);
  return new Uint8Array(await new Response(body).arrayBuffer());
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** One text for each part. */
export async function packFormerValues(values: readonly FormerValue[]): Promise<readonly string[]> {
  const encoder = new TextEncoder();
  const parts: string[][] = [];
  let bytes = MOST_BYTES;
  for (const { entity, id, field, before, entered } of values) {
    const line = JSON.stringify([entity, id, field, before ?? null, entered ?? null]);
    bytes += encoder.encode(line).length + 1;
    if (bytes > MOST_BYTES) {
      parts.push([]);
      bytes = encoder.encode(line).length + 1;
    }
    parts.at(-1)?.push(line);
  }
  return Promise.all(
    parts.map(async (lines) =>
      toBase64(await throughStream(encoder.encode(`[${lines.join()}]`), new CompressionStream('deflate-raw'))),
    ),
  );
}

export async function unpackFormerValues(text: string): Promise<readonly FormerValue[]> {
  const bytes = await throughStream(fromBase64(text), new DecompressionStream('deflate-raw'));
  const lines = JSON.parse(new TextDecoder().decode(bytes)) as readonly [
    EntityName,
    string,
    string,
    unknown,
    unknown,
  ][];
  return lines.map(([entity, id, field, before, entered]) => ({ entity, id, field, before, entered }));
}
