// The content of files: taken in chunks in any order and as often as a line breaks, each checked against its fingerprint;
// served chunk by chunk, each time with the rights of that moment; never complete before the whole is what its author said.
import { createHash } from 'node:crypto';
import { entities } from '#shared/entities/registry.ts';
import { countChunks, sizeOfChunk } from '#shared/files/file-limits.ts';
import { sniffType } from '#shared/files/sniff-type.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { UploadState } from '#shared/sync/file-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { readFileRoom } from '#server/files/file-room.ts';
import { findFile, type FoundFile } from '#server/files/find-file.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { commitChanges } from '#server/sync/commit-changes.ts';
import { createSqlTransaction } from '#server/sync/sql/sql-sync-store.ts';

export interface FileChunk {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

export interface FileContents {
  /** How far the upload got; for whoever may continue it. */
  readState(principal: Principal, id: string): Promise<UploadState>;
  writeChunk(principal: Principal, id: string, index: number, chunk: FileChunk): Promise<void>;
  /** Checks the whole and tells everybody who sees the file. Doing it again changes nothing. */
  complete(principal: Principal, id: string): Promise<UploadState>;
  readChunk(principal: Principal, id: string, index: number): Promise<FileChunk>;
}

interface Dependencies {
  readonly db: SqlDatabase;
  readonly clock: Clock;
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const tenantOf = ({ actor }: Principal): TenantId => actor.tenantId as TenantId;

export function createFileContents({ db, clock }: Dependencies): FileContents {
  /** Refusals are written down; what they refused is not. */
  async function guarded<Value>(principal: Principal, command: string, id: string, work: () => Promise<Value>) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof OutpostError && (error.code === 'not_visible' || error.code === 'action_forbidden')) {
        const { actor, deviceId } = principal;
        const id64 = id.slice(0, 64).replaceAll('\0', '');
        await db.inTenant(tenantOf(principal), (session) =>
          appendAudit(session, tenantOf(principal), clock.now(), [
            {
              actor: actor.userId,
              device: deviceId,
              command,
              entity: 'file',
              id: id64,
              groups: [],
              outcome: error.code,
            },
          ]),
        );
      }
      throw error;
    }
  }

  async function complete(principal: Principal, id: string): Promise<UploadState> {
    const tenantId = tenantOf(principal);
    const begun = await db.inTenant(tenantId, async (session) => {
      const file = await findFile(session, principal, id, 'write');
      return { file, ...(await readProgress(session, tenantId, id)) };
    });
    if (begun.isComplete) return { received: begun.hashes.map((_hash, index) => index), isComplete: true };
    assertAllThere(begun.file, begun.hashes);
    const { sha256, mediaType } = await readThrough(db, tenantId, id, begun.hashes.length);
    const isRight = sha256 === begun.file.sha256;
    await db.inTenant(tenantId, async (session) => {
      const file = await findFile(session, principal, id, 'write');
      const now = await readProgress(session, tenantId, id);
      if (now.isComplete) return;
      if (now.hashes.join(' ') !== begun.hashes.join(' ')) throw changedMeanwhile();
      if (isRight) await makeAvailable(session, principal, file, mediaType, clock.now());
      else await session.query('DELETE FROM file_chunk WHERE tenant = $1 AND file = $2', [tenantId, id]);
    });
    if (!isRight)
      throw new OutpostError('invalid', 'What arrived is not the file that was attached. It is sent again.');
    return { received: begun.hashes.map((_hash, index) => index), isComplete: true };
  }

  return {
    readState: (principal, id) =>
      guarded(principal, 'writeFile', id, () =>
        db.inTenant(tenantOf(principal), async (session) => {
          await findFile(session, principal, id, 'write');
          const { received, isComplete } = await readProgress(session, tenantOf(principal), id);
          return { received, isComplete };
        }),
      ),
    writeChunk: (principal, id, index, chunk) =>
      guarded(principal, 'writeFile', id, () =>
        db.inTenant(tenantOf(principal), async (session) => {
          const file = await findFile(session, principal, id, 'write');
          assertChunk(file, index, chunk);
          await begin(session, tenantOf(principal), file, clock.now());
          await session.query(
            `INSERT INTO file_chunk (tenant, file, n, sha256, bytes) VALUES ($1, $2, $3::int, $4, $5::bytea)
             ON CONFLICT (tenant, file, n) DO UPDATE SET sha256 = excluded.sha256, bytes = excluded.bytes`,
            [tenantOf(principal), id, index, chunk.sha256, chunk.bytes],
          );
        }),
      ),
    complete: (principal, id) => guarded(principal, 'writeFile', id, () => complete(principal, id)),
    readChunk: (principal, id, index) =>
      guarded(principal, 'readFile', id, () =>
        db.inTenant(
          tenantOf(principal),
          async (session) => {
            await findFile(session, principal, id, 'read');
            const [row] = await session.query<FileChunk>(
              `SELECT c.bytes, c.sha256 FROM file_chunk c JOIN file_content f ON f.tenant = c.tenant AND f.file = c.file
               WHERE c.tenant = $1 AND c.file = $2 AND c.n = $3::int AND f.complete_at IS NOT NULL`,
              [tenantOf(principal), id, index],
            );
            if (row === undefined)
              throw new OutpostError('not_found', 'The server does not have this part of the file.');
            return row;
          },
          { snapshot: true },
        ),
      ),
  };
}

const changedMeanwhile = (): OutpostError =>
  new OutpostError('server_busy', 'The file was sent twice at the same time. It is sent again.');

function assertChunk({ sizeBytes }: FoundFile, index: number, { bytes, sha256 }: FileChunk): void {
  if (index >= countChunks(sizeBytes) || bytes.length !== sizeOfChunk(sizeBytes, index))
    throw new OutpostError('invalid', 'This part does not fit the file.');
  if (hashOf(bytes) !== sha256) throw new OutpostError('invalid', 'This part was changed on its way.');
}

function assertAllThere({ sizeBytes }: FoundFile, hashes: readonly string[]): void {
  if (hashes.length !== countChunks(sizeBytes))
    throw new OutpostError('invalid', 'Parts of the file are missing.', {
      missing: countChunks(sizeBytes) - hashes.length,
    });
}

interface Progress {
  readonly received: number[];
  readonly hashes: readonly string[];
  readonly isComplete: boolean;
}

async function readProgress(session: SqlSession, tenantId: TenantId, id: string): Promise<Progress> {
  const [begun] = await session.query<{ completeAt: number | null }>(
    'SELECT complete_at AS "completeAt" FROM file_content WHERE tenant = $1 AND file = $2',
    [tenantId, id],
  );
  const rows = await session.query<{ n: number; sha256: string }>(
    'SELECT n, sha256 FROM file_chunk WHERE tenant = $1 AND file = $2 ORDER BY n',
    [tenantId, id],
  );
  return {
    received: rows.map(({ n }) => n),
    hashes: rows.map(({ sha256 }) => sha256),
    isComplete: (begun?.completeAt ?? null) !== null,
  };
}

/** Takes the room for the whole file with its first chunk. Two that begin at once wait for each other. */
async function begin(session: SqlSession, tenantId: TenantId, file: FoundFile, nowMs: number): Promise<void> {
  const { id } = file.record;
  const [begun] = await session.query<{ completeAt: number | null }>(
    'SELECT complete_at AS "completeAt" FROM file_content WHERE tenant = $1 AND file = $2',
    [tenantId, id],
  );
  if (begun !== undefined) {
    if (begun.completeAt === null) return;
    throw new OutpostError('duplicate', 'The server has this file already.');
  }
  await session.query('SELECT tenant FROM tenant WHERE tenant = $1 FOR UPDATE', [tenantId]);
  const { limitBytes, leftBytes, isOfPlan } = await readFileRoom(session, tenantId);
  if (file.sizeBytes > limitBytes)
    throw new OutpostError('too_large', 'This file is larger than your organization allows.', {
      reason: 'fileTooLarge',
    });
  if (file.sizeBytes > leftBytes)
    throw new OutpostError('limit', 'There is no room left for files of your organization.', {
      reason: isOfPlan === true ? 'planStorage' : 'filesFull',
    });
  await session.query(
    'INSERT INTO file_content (tenant, file, size_bytes, started_at) VALUES ($1, $2, $3::bigint, $4::bigint)',
    [tenantId, id, file.sizeBytes, nowMs],
  );
}

/** Fingerprint and kind of the whole, a chunk at a time: others are served in between, and nothing is held in memory. */
async function readThrough(db: SqlDatabase, tenantId: TenantId, id: string, count: number) {
  const hash = createHash('sha256');
  let mediaType = 'application/octet-stream';
  for (let index = 0; index < count; index += 1) {
    const [row] = await db.inTenant(tenantId, (session) =>
      session.query<{ bytes: Uint8Array }>(
        'SELECT bytes FROM file_chunk WHERE tenant = $1 AND file = $2 AND n = $3::int',
        [tenantId, id, index],
      ),
    );
    if (row === undefined) throw changedMeanwhile();
    hash.update(row.bytes);
    if (index === 0) mediaType = sniffType(row.bytes);
  }
  return { sha256: hash.digest('hex'), mediaType };
}

async function makeAvailable(
  session: SqlSession,
  { actor, deviceId }: Principal,
  { stored, record }: FoundFile,
  mediaType: string,
  nowMs: number,
): Promise<void> {
  const tenantId = actor.tenantId as TenantId;
  const groups = record['mediaType'] === mediaType ? ['availableAt'] : ['availableAt', 'mediaType'];
  const change = {
    definition: entities.file,
    action: 'update',
    groups,
    after: { ...record, availableAt: toInstant(nowMs), mediaType },
    keysBefore: stored.scopeKeys,
    keysAfter: stored.scopeKeys,
    fieldRevBefore: stored.fieldRev,
    keepsStamps: false,
    opId: null,
  } as const;
  const { written } = await commitChanges(createSqlTransaction(session, tenantId), nowMs, [
    { actorId: actor.userId, deviceId, changes: [change] },
  ]);
  await written;
  await session.query('UPDATE file_content SET complete_at = $3::bigint WHERE tenant = $1 AND file = $2', [
    tenantId,
    record.id,
    nowMs,
  ]);
  const what = { command: 'writeFile', entity: 'file', id: record.id, groups: [], outcome: 'applied' };
  await appendAudit(session, tenantId, nowMs, [{ actor: actor.userId, device: deviceId, ...what }]);
}
