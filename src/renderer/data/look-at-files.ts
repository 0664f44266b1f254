// What main has to know of files to fetch, send and remove their content: only of those whose record, and the record that one
// belongs to, are held. What is not named here is not to be kept on this computer.
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import { parentOf } from '#shared/access/parent-record.ts';
import { entities } from '#shared/entities/registry.ts';
import type { FilesSeen, SeenFile } from '#shared/ipc/file-state.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';

function toSeen(source: RecordSource, record: LocalRecord, userId: string): SeenFile | null {
  const parent = parentOf(entities.file, record);
  if (parent === null || source.get(parent.entity, parent.id) === undefined) return null;
  return {
    id: record.id,
    name: String(record['name']),
    sizeBytes: Number(record['sizeBytes']),
    mediaType: String(record['mediaType']),
    sha256: String(record['sha256']),
    parent,
    isAvailable: typeof record['availableAt'] === 'string',
    isOwn: record.createdBy === userId,
  };
}

export function lookAtFiles(
  source: RecordSource,
  userId: string,
  { files, since, most }: Extract<HostRequest, { readonly kind: 'lookAtFiles' }>,
): FilesSeen {
  const see = (record: LocalRecord | undefined): readonly SeenFile[] => {
    const seen = record === undefined ? null : toSeen(source, record, userId);
    return seen === null ? [] : [seen];
  };
  const held = files.flatMap(({ id }) => see(source.get('file', id)));
  const deleted = files.flatMap(({ id, parent }) =>
    parent !== null && source.get('file', id) === undefined && source.get(parent.entity, parent.id) !== undefined
      ? [id]
      : [],
  );
  if (most === 0) return { held, deleted, recent: [] };
  const recent = [...source.all('file').values()]
    .filter((record) => record.createdAt >= since)
    .toSorted((a, b) => (a.createdAt > b.createdAt ? -1 : a.createdAt < b.createdAt ? 1 : 0));
  return { held, deleted, recent: recent.slice(0, most).flatMap(see) };
}
