// Content of files between a page and the main process, a chunk at a time: a page never names a place on the disk.
import { saveFile } from '#renderer/blocks/save-file.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { CHUNK_BYTES, countChunks } from '#shared/files/file-limits.ts';
import type { TakenFile } from '#shared/ipc/file-state.ts';

/** Hands a file over. It is on the disk, sealed, when it resolves; throws what the main process refuses. */
export async function handOver(file: File, onProgress: (share: number) => void): Promise<TakenFile> {
  const bridge = getBridge();
  const { id } = await invokeMain(bridge, 'files.begin', { name: file.name, sizeBytes: file.size });
  try {
    const count = countChunks(file.size);
    for (let index = 0; index < count; index += 1) {
      const part = file.slice(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
      await invokeMain(bridge, 'files.append', { id, index, bytes: new Uint8Array(await part.arrayBuffer()) });
      onProgress((index + 1) / count);
    }
    return await invokeMain(bridge, 'files.finish', { id });
  } catch (error) {
    await invokeMain(bridge, 'files.discard', { id });
    throw error;
  }
}

/** The content, fetched first when it is not on this computer; at most `most` bytes of it. */
export async function readContent(id: string, most = Number.MAX_SAFE_INTEGER): Promise<Uint8Array<ArrayBuffer>> {
  const bridge = getBridge();
  const { sizeBytes } = await invokeMain(bridge, 'files.fetch', { id });
  return readHere(id, Math.min(sizeBytes, most));
}

/** The content of a file that is on this computer. */
export async function readHere(id: string, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < countChunks(length); index += 1) {
    const part = await invokeMain(getBridge(), 'files.read', { id, index });
    bytes.set(part.subarray(0, length - index * CHUNK_BYTES), index * CHUNK_BYTES);
  }
  return bytes;
}

/** Hands content to the user as a file; where it goes, says the shell. Never as a type that a browser would show. */
export function saveContent(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  saveFile(name, new Blob([bytes], { type: 'application/octet-stream' }));
}
