// How much an organization takes: the size of one file, and of all of them, as its administrators decided and its plan allows. Judged when a file is announced, so that nobody
// sends a large file in vain; kept to when its content begins to arrive.
import { toQuotaBytes, toSizeLimitBytes } from '#shared/files/file-limits.ts';
import type { AnyRecord, FieldProblem } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { readLimits } from '#server/platform/plan-room.ts';
import { readSettingsIn } from '#server/admin/organization-settings.ts';
import type { SqlSession } from '#server/store/database.ts';

export interface FileRoom {
  readonly limitBytes: number;
  readonly leftBytes: number;
  /** It is the plan that leaves no more. */
  readonly isOfPlan?: boolean;
}

/** For whoever announces no file. */
export const noFileRoom: FileRoom = { limitBytes: 0, leftBytes: 0 };

export async function readFileRoom(session: SqlSession, tenantId: TenantId): Promise<FileRoom> {
  const { fileSizeMb, fileQuotaGb } = await readSettingsIn(session, tenantId);
  const rows = await session.query<{ used: number }>(
    'SELECT coalesce(sum(size_bytes), 0)::bigint AS used FROM file_content WHERE tenant = $1',
    [tenantId],
  );
  const { storageMb } = await readLimits(session, tenantId);
  const ofPlan = storageMb === null ? Number.MAX_SAFE_INTEGER : toSizeLimitBytes(storageMb);
  const own = toQuotaBytes(fileQuotaGb);
  const leftBytes = Math.min(own, ofPlan) - (rows[0]?.used ?? 0);
  return { limitBytes: toSizeLimitBytes(fileSizeMb), leftBytes, isOfPlan: ofPlan < own };
}

/** What stops a new file; nothing for records of other kinds. */
export function findFileProblems(room: FileRoom, before: AnyRecord | null, after: AnyRecord): readonly FieldProblem[] {
  const size = after['sizeBytes'];
  if (after.kind !== 'file' || before !== null || typeof size !== 'number') return [];
  if (size > room.limitBytes) {
    return [
      { field: 'sizeBytes', code: 'fileTooLarge', message: 'This file is larger than your organization allows.' },
    ];
  }
  if (size > room.leftBytes && room.isOfPlan === true) {
    const message = 'The plan of your organization has no room left for this file.';
    return [{ field: 'sizeBytes', code: 'planStorage', message }];
  }
  if (size > room.leftBytes) {
    return [
      { field: 'sizeBytes', code: 'filesFull', message: 'There is no room left for files of your organization.' },
    ];
  }
  return [];
}
