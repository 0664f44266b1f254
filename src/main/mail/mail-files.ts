// Mails among the files of a profile: copies of what was kept with records.
import type { TakenFile } from '#shared/ipc/file-state.ts';
import { CHUNK_BYTES } from '#shared/files/file-limits.ts';
import type { Files } from '#main/files/files.ts';

export type MailFiles = Pick<Files, 'begin' | 'append' | 'finish' | 'discard' | 'fetch' | 'read'>;

export function createMailFiles(files: MailFiles) {
  async function readFile(id: string) {
    const { name, mediaType, sizeBytes } = await files.fetch(id);
    const parts: Uint8Array[] = [];
    for (let index = 0, size = 0; size < sizeBytes; index += 1) {
      const part = files.read(id, index);
      size += part.length;
      parts.push(part);
    }
    return { name, mediaType, bytes: Buffer.concat(parts) };
  }

  async function takeFile(name: string, bytes: Uint8Array): Promise<TakenFile> {
    const { id } = files.begin(name, bytes.length, { isMadeAgain: true });
    try {
      let index = 0;
      for (const piece of piecesOf(bytes)) files.append(id, index++, piece);
      return await files.finish(id);
    } catch (error) {
      files.discard(id);
      throw error;
    }
  }

  return { readFile, takeFile };
}

/** Content in the pieces files take. */
function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.slice(at, at + CHUNK_BYTES);
}
