// Text made small for keeping: raw deflate, as base64.

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

export async function packText(text: string): Promise<string> {
  return toBase64(await throughStream(new TextEncoder().encode(text), new CompressionStream('deflate-raw')));
}

export async function unpackText(packed: string): Promise<string> {
  return new TextDecoder().decode(await throughStream(fromBase64(packed), new DecompressionStream('deflate-raw')));
}
