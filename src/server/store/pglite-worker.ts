// The thread that owns PGlite: a running statement never holds up HTTP, and nothing else can reach the database object.
// A new database is built beside its place and renamed into it, so a half initialised one is never opened.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';
import { DurableNodeFs, durableStartParameters, syncDirectory, syncTree } from '#server/store/pglite-durable-fs.ts';
import type {
  PgliteOutcome,
  PgliteReply,
  PgliteRequest,
  PgliteStatement,
  PgliteWorkerData,
} from '#server/store/pglite-protocol.ts';
import { createPgliteStatements } from '#server/store/pglite-statements.ts';
import { toSqlErrorData } from '#server/store/sql-error.ts';

/** Without a checkpointer process the log only grows; after this much of it a checkpoint empties it. */
const CHECKPOINT_AFTER_WAL_BYTES = 96 * 1024 * 1024;
/** How often the size of the log is looked at, in statements. */
const LOOK_EVERY_STATEMENTS = 400;

/** JSON comes as text, or as its bytes, which need no conversion. The library's type knows only text. */
const serializers = { [types.JSON]: (value: string | Uint8Array): string => value as string };

function open(directory: string): Promise<PGlite> {
  return PGlite.create({ fs: new DurableNodeFs(directory), startParams: durableStartParameters(), serializers });
}

async function openOrCreate(dataDir: string): Promise<PGlite> {
  const place = join(dataDir, 'pgdata');
  if (existsSync(place)) return open(place);
  const nursery = join(dataDir, 'pgdata.new');
  rmSync(nursery, { recursive: true, force: true });
  mkdirSync(nursery, { recursive: true });
  const fresh = await open(nursery);
  await fresh.close();
  syncTree(nursery);
  renameSync(nursery, place);
  syncDirectory(dataDir);
  return open(place);
}

function createHandler(
  db: PGlite,
  post: (reply: PgliteReply) => void,
): (request: PgliteRequest) => Promise<readonly PgliteOutcome[]> {
  const stops = new Map<string, () => Promise<void>>();
  const statements = createPgliteStatements(db);
  let role: string | null = null;
  let sinceLook = 0;
  let checkpointedAt = '0/0';

  async function checkpointWhenDue(): Promise<void> {
    sinceLook += 1;
    if (sinceLook < LOOK_EVERY_STATEMENTS || db.isInTransaction()) return;
    sinceLook = 0;
    const grown = await db.query<{ bytes: number; at: string }>(
      'SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), $1::pg_lsn)::float8 AS bytes, pg_current_wal_lsn()::text AS at',
      [checkpointedAt],
    );
    const row = grown.rows[0];
    if (row === undefined || (checkpointedAt !== '0/0' && row.bytes < CHECKPOINT_AFTER_WAL_BYTES)) return;
    await db.exec('RESET ROLE; CHECKPOINT');
    if (role !== null) await db.exec(`SET ROLE ${role}`);
    checkpointedAt = row.at;
  }

  async function runOne({ sql, params }: PgliteStatement): Promise<PgliteOutcome> {
    try {
      const rows = await statements.run(sql, params);
      await checkpointWhenDue();
      return { ok: true, rows };
    } catch (error) {
      return { ok: false, error: toSqlErrorData(error) };
    }
  }

  async function change(request: Exclude<PgliteRequest, { readonly kind: 'statements' | 'script' }>): Promise<void> {
    switch (request.kind) {
      case 'role':
        role = request.role;
        await db.exec(role === null ? 'RESET ROLE' : `SET ROLE ${role}`);
        return;
      case 'listen': {
        const { channel } = request;
        stops.set(channel, await db.listen(channel, (payload) => post({ kind: 'notification', channel, payload })));
        return;
      }
      case 'unlisten':
        await stops.get(request.channel)?.();
        stops.delete(request.channel);
        return;
      case 'close':
        await db.exec('RESET ROLE; CHECKPOINT');
        await db.close();
    }
  }

  async function runScript(sql: string): Promise<PgliteOutcome> {
    try {
      const results = await db.exec(sql);
      return { ok: true, rows: results.flatMap(({ rows }) => rows as object[]) };
    } catch (error) {
      await db.exec('ROLLBACK');
      return { ok: false, error: toSqlErrorData(error) };
    }
  }

  return async (request) => {
    if (request.kind === 'script') return [await runScript(request.sql)];
    if (request.kind === 'statements') {
      const outcomes: PgliteOutcome[] = [];
      for (const statement of request.statements) outcomes.push(await runOne(statement));
      return outcomes;
    }
    try {
      await change(request);
      return [{ ok: true, rows: [] }];
    } catch (error) {
      return [{ ok: false, error: toSqlErrorData(error) }];
    }
  };
}

async function serve(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('This file runs as a worker thread only.');
  const post = (reply: PgliteReply): void => port.postMessage(reply);
  const { directory } = workerData as PgliteWorkerData;
  let handle: ReturnType<typeof createHandler>;
  try {
    handle = createHandler(await openOrCreate(directory), post);
  } catch (error) {
    post({ kind: 'failed', error: toSqlErrorData(error) });
    port.close();
    return;
  }
  let tail: Promise<void> = Promise.resolve();
  port.on('message', (request: PgliteRequest) => {
    tail = tail.then(async () => {
      post({ kind: 'answer', id: request.id, outcomes: await handle(request) });
      if (request.kind === 'close') port.close();
    });
  });
  post({ kind: 'ready' });
}

await serve();
