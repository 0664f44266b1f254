// Files as a device would announce and send them.
import { createHash, randomUUID } from 'node:crypto';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { fileParentFieldOf } from '#shared/entities/file/file.ts';
import { CHUNK_BYTES, countChunks } from '#shared/files/file-limits.ts';
import { sniffType } from '#shared/files/sniff-type.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import type { FileChunk, FileContents } from '#server/files/file-content.ts';
import type { Principal } from '#server/identity/principal.ts';
import { create } from '#test/support/scope-operations.ts';
import type { SyncWorld, TestDevice } from '#test/support/sync-world.ts';

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes without a pattern that a compression or a mistake in an index would hide; the same for the same seed. */
export function bytesOf(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

export function chunksOf(bytes: Uint8Array): readonly FileChunk[] {
  return Array.from({ length: countChunks(bytes.length) }, (_, index) => {
    const chunk = bytes.slice(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
    return { bytes: chunk, sha256: hashOf(chunk) };
  });
}

export function fileValues(
  bytes: Uint8Array,
  parent: { readonly entity: EntityName; readonly id: string },
  name = 'offer.pdf',
  ownerId = 'rep',
): Readonly<Record<string, unknown>> {
  const field = fileParentFieldOf(parent.entity);
  if (field === undefined) throw new Error(`${parent.entity} has no files`);
  return {
    name,
    sizeBytes: bytes.length,
    mediaType: sniffType(bytes),
    sha256: hashOf(bytes),
    [field]: parent.id,
    ownerId,
  };
}

/** Announces a file. */
export function attach(
  device: TestDevice,
  id: string,
  bytes: Uint8Array,
  parent: { readonly entity: EntityName; readonly id: string },
  name?: string,
): Promise<Verdict> {
  return create(device, 'file', id, fileValues(bytes, parent, name, device.userId));
}

export async function principalFor(world: SyncWorld, userId: string): Promise<Principal> {
  const actor = await world.actorOf(userId);
  return { actor, tenantName: '', sessionId: 'session', deviceId: randomUUID(), expiresAtMs: Number.MAX_SAFE_INTEGER };
}

export async function sendContent(
  contents: FileContents,
  principal: Principal,
  id: string,
  bytes: Uint8Array,
): Promise<void> {
  for (const [index, chunk] of chunksOf(bytes).entries()) await contents.writeChunk(principal, id, index, chunk);
  await contents.complete(principal, id);
}

export async function fetchContent(
  contents: FileContents,
  principal: Principal,
  id: string,
  sizeBytes: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let index = 0; index < countChunks(sizeBytes); index += 1)
    parts.push((await contents.readChunk(principal, id, index)).bytes);
  return Buffer.concat(parts);
}
