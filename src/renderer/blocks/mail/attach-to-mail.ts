// Hands a file over to a letter. It lies sealed on this computer, beside the letter, until that is sent.
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { CHUNK_BYTES, countChunks } from '#shared/files/file-limits.ts';
import type { MailDraft } from '#shared/mail/mail-types.ts';

export async function attachToMail(file: File): Promise<MailDraft['attachments'][number]> {
  const mediaType = /^[a-z]+\/[a-z0-9.+-]+$/i.test(file.type) ? file.type : 'application/octet-stream';
  let id: string | null = null;
  for (let index = 0; index < countChunks(file.size); index += 1) {
    const part = file.slice(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
    id = await invokeMain(getBridge(), 'mailbox.attach', {
      id,
      sizeBytes: file.size,
      bytes: new Uint8Array(await part.arrayBuffer()),
    });
  }
  return { id: id ?? '', name: file.name, mediaType, sizeBytes: file.size };
}
