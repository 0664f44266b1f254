// Packs and unpacks the former values of an import for the records that keep them: a large import changes a hundred
// thousand records, and every device of its owner holds what they said before.
import { readPart, toParts, type FormerValue } from '#shared/import/former-values.ts';

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

/** Values of an `importPart` for each part. */
export function packFormerValues(
  values: readonly FormerValue[],
): Promise<readonly { readonly formerValues: string; readonly recordIds: readonly string[] }[]> {
  return Promise.all(
    toParts(values).map(async ({ text, recordIds }) => {
      const packed = await throughStream(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
      return { formerValues: toBase64(packed), recordIds };
    }),
  );
}

export async function unpackFormerValues(packed: string): Promise<readonly FormerValue[]> {
  const bytes = await throughStream(fromBase64(packed), new DecompressionStream('deflate-raw'));
  return readPart(new TextDecoder().decode(bytes));
}
